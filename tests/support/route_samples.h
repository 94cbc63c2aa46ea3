// One request for every route, and what becomes of it when it is allowed: the rows of the matrix of
// who may do what (api_matrix_test.cpp).
//
// A new route needs a row here. Texts in braces are filled in: {p} the property, {expense},
// {revenue} and {transfer} an entry in it, {category}, {token}, {user}, {webhook} and {letter}
// things of the org, {n} a number that is new each time. Acts on an entry name a version that it
// never had, so that those who may do it get 412, and nothing changes.
#pragma once

#include <map>
#include <set>
#include <string>

#include "http/router.h"

namespace daybook::test {

struct RouteSample {
    std::string target = {};  // after the pattern's path; empty: the pattern, filled in
    std::string body = {};
    std::set<int> allowed = {200};  // of those who may: any of these
    // What it is about: nothing of the org in particular, a thing of the org, or of the property.
    enum class About : std::uint8_t { nothing, org, property } about = About::nothing;
    // Beyond the route's role: those who administer the whole org, or also its auditors.
    enum class Needs : std::uint8_t { role, administers, sees_org } needs = Needs::role;
    std::string method = {};  // empty: the route's
};

// By operation id.
const std::map<std::string, RouteSample>& route_samples();

// The request's target: the sample's, or the pattern with {id} and the like filled in.
std::string sample_target(const http::Route& route, const RouteSample& sample);

}  // namespace daybook::test
