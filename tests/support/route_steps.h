// Requests that show one route each, and what must come of them: for the test of all routes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/api_server.h"

namespace daybook::test {

struct RouteStep {
    std::string operation;  // the operation id that it shows
    ApiRequest request;
    int status = 200;
    std::vector<std::pair<std::string, std::string>> members = {};  // path in the answer, value
    std::vector<std::string> events = {};                           // types that fired
    std::string keep_as = {};  // the answer's id, under this name
};

// Closing and reopening the hotel's 2026-03-15, and locks.
std::vector<RouteStep> day_steps();
// The daily gate of the hostel, and who hears of it; after the steps of days.
std::vector<RouteStep> gate_steps();
// Of an expense {asked}, which is the hotel's, approved and in its first version.
std::vector<RouteStep> change_steps();

}  // namespace daybook::test
