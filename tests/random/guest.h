// Somebody who asks an org anything, in everybody's name, and looks at every answer.
//
// What is wrong with an answer: a failure of ours (5xx but 503 with Retry-After), a form that the
// API document does not know, a word of another org (I8), a position before one that was
// acknowledged (I6), a write that was repeated with its key and is not known again (I1). Threads:
// one each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "random/dice.h"
#include "random/known.h"
#include "random/request.h"
#include "support/http_client.h"
#include "support/openapi_check.h"

namespace daybook::test {

// A way to be somebody.
struct Person {
    std::string name;
    std::string header_lines;  // what says so
    std::string mark;          // what texts of its org carry
    std::size_t weight = 1;    // how often it asks, beside the others
    bool is_of_the_org = true;
    // At the console: what signs in again after a session has ended.
    std::string sign_in = {};
};

// The header lines of the console's pages, and with the session that an answer begins.
std::string console_lines();
std::string console_lines(const HttpAnswer& begun);

struct Tally {
    std::size_t asked = 0;
    std::size_t broken = 0;  // on purpose
    std::map<int, std::size_t> statuses;
    std::map<std::string, std::size_t> done;  // by operation

    void add(const Tally& other);
};

class Guest {
 public:
    // `marks` are those of all orgs.
    Guest(const OpenApiCheck& check, std::uint16_t port, std::vector<std::string> marks,
          std::vector<Person> people, Known known, std::uint64_t seed);

    // Asks; ends earlier after kProblemsMax problems.
    void ask(std::size_t requests);

    [[nodiscard]] const Tally& tally() const { return tally_; }
    // What was wrong: the request and why.
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
    static constexpr std::size_t kProblemsMax = 5;

    Person& anybody();
    void ask_once();
    void sign_in_again(Person& person);
    void ask_with_damaged_bytes(const Person& person, const RandomRequest& request);
    void repeat(const Person& person, const RandomRequest& request, const HttpAnswer& first);
    std::optional<HttpAnswer> exchange(const Person& person, const RandomRequest& request);
    [[nodiscard]] std::string problem_of(const Person& person, const RandomRequest& request,
                                         const HttpAnswer& answer) const;
    void learn(const Person& person, const RandomRequest& request, const HttpAnswer& answer);
    void note(const Person& person, const RandomRequest& request, const std::string& problem);

    const OpenApiCheck& check_;
    const std::uint16_t port_;
    const std::vector<std::string> marks_;
    std::vector<Person> people_;
    Known known_;
    Dice dice_;
    RequestMaker maker_;
    std::optional<HttpClient> client_;
    Tally tally_;
    std::vector<std::string> problems_;
    std::int64_t acknowledged_ = 0;  // the position of the last write that was
};

}  // namespace daybook::test
