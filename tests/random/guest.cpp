// Asks, judges, remembers.
#include "random/guest.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

namespace daybook::test {

namespace json = boost::json;

namespace {

constexpr std::size_t kShownBytes = 1'500;

bool is_failure(const HttpAnswer& answer) {
    return answer.status >= 500 && !(answer.status == 503 && answer.has_header("retry-after"));
}

bool is_json(const HttpAnswer& answer) {
    const std::string type = answer.header("content-type");
    return type == "application/json" || type == "application/problem+json";
}

// What it sends is not what it says that it sends, so the server may wait for more.
bool may_wait_for_more(const RandomRequest& request) {
    return request.header("Content-Length") != nullptr ||
           request.header("Transfer-Encoding") != nullptr || request.header("Expect") != nullptr;
}

std::optional<std::int64_t> position_in(const HttpAnswer& answer) {
    const std::string text = answer.header("daybook-position");
    std::int64_t position = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), position);
    if (text.empty() || code != std::errc()) return std::nullopt;
    return position;
}

}  // namespace

std::string console_lines() {
    return "Origin: http://localhost\r\nDaybook-Console: 1\r\n";
}

std::string console_lines(const HttpAnswer& begun) {
    const std::string cookie = begun.header("set-cookie");
    return console_lines() + "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
}

void Tally::add(const Tally& other) {
    asked += other.asked;
    broken += other.broken;
    for (const auto& [status, count] : other.statuses) statuses[status] += count;
    for (const auto& [operation, count] : other.done) done[operation] += count;
}

Guest::Guest(const OpenApiCheck& check, std::uint16_t port, std::vector<std::string> marks,
             std::vector<Person> people, Known known, std::uint64_t seed)
    : check_(check),
      port_(port),
      marks_(std::move(marks)),
      people_(std::move(people)),
      known_(std::move(known)),
      dice_(seed),
      maker_(check, known_, dice_) {}

void Guest::ask(std::size_t requests) {
    while (tally_.asked < requests && problems_.size() < kProblemsMax) ask_once();
}

Person& Guest::anybody() {
    std::size_t all = 0;
    for (const Person& each : people_) all += each.weight;
    std::size_t drawn = dice_.below(all);
    for (Person& each : people_) {
        if (drawn < each.weight) return each;
        drawn -= each.weight;
    }
    return people_.back();
}

void Guest::ask_once() {
    Person& person = anybody();
    const RandomRequest request = maker_.make(person.mark);
    ++tally_.asked;
    if (!request.is_whole) ++tally_.broken;
    if (dice_.one_in(100)) return ask_with_damaged_bytes(person, request);
    const auto answer = exchange(person, request);
    // Where the rest of a body never comes, the connection is closed.
    if (!answer && may_wait_for_more(request)) return;
    if (!answer) return note(person, request, "no answer");
    ++tally_.statuses[answer->status];
    const std::string problem = problem_of(person, request, *answer);
    if (!problem.empty()) {
        return note(person, request,
                    problem + "\n" + std::to_string(answer->status) + " " + answer->body);
    }
    learn(person, request, *answer);
    if (answer->status == 401 && !person.sign_in.empty()) return sign_in_again(person);
    if (dice_.one_in(20)) repeat(person, request, *answer);
}

void Guest::sign_in_again(Person& person) {
    HttpClient client = HttpClient::connect_tcp(port_);
    const auto begun =
        client.request("POST", "/v1/auth/sign-in",
                       console_lines() + "Content-Type: application/json\r\n", person.sign_in);
    if (begun && begun->status == 200) person.header_lines = console_lines(*begun);
}

std::optional<HttpAnswer> Guest::exchange(const Person& person, const RandomRequest& request) {
    std::string lines = person.header_lines;
    if (request.header("Cookie") != nullptr) lines.clear();
    const std::string bytes = request.bytes(lines);
    // A connection that was kept may have been closed meanwhile.
    for (const bool is_kept : {client_.has_value(), false}) {
        if (!client_) client_.emplace(HttpClient::connect_tcp(port_));
        (void)client_->send(bytes);
        const bool ends = may_wait_for_more(request);
        if (ends) client_->finish_sending();
        auto answer = client_->read_answer(request.method);
        while (answer && answer->status == 100) answer = client_->read_answer(request.method);
        if (!answer || ends || answer->header("connection") == "close") client_.reset();
        if (answer || !is_kept) return answer;
    }
    return std::nullopt;
}

// Whatever is answered to them, if anything is, it is no failure.
void Guest::ask_with_damaged_bytes(const Person& person, const RandomRequest& request) {
    std::string bytes = request.bytes(person.header_lines);
    for (std::size_t times = 1 + dice_.below(4); times > 0 && !bytes.empty(); --times) {
        const std::size_t at = dice_.below(bytes.size());
        switch (dice_.below(4)) {
            case 0: bytes[at] = static_cast<char>(dice_.below(256)); break;
            case 1: bytes.erase(at, 1 + dice_.below(8)); break;
            case 2: bytes.insert(at, bytes.substr(dice_.below(bytes.size()), 5)); break;
            default: bytes.resize(at + 1); break;
        }
    }
    HttpClient client = HttpClient::connect_tcp(port_);
    (void)client.send(bytes);
    client.finish_sending();
    const std::string answers = client.read_to_end();
    const std::string_view kStart = "HTTP/1.1 ";
    const bool is_answer = answers.empty() || answers.starts_with(kStart);
    // 505: of a version that is none of HTTP (RFC 9110, 15.6.6).
    const bool is_refused =
        answers.starts_with("HTTP/1.1 505") ||
        (answers.starts_with("HTTP/1.1 503") && answers.contains("Retry-After"));
    const bool is_failed = answers.starts_with("HTTP/1.1 5") && !is_refused;
    if (!is_answer || is_failed) note(person, request, bytes + "\n" + answers);
}

std::string Guest::problem_of(const Person& person, const RandomRequest& request,
                              const HttpAnswer& answer) const {
    if (!answer.is_complete) return "the answer is cut off";
    if (is_failure(answer)) return "a failure of ours";
    for (const std::string& each : marks_) {
        if (each != person.mark && answer.body.contains(each)) return "words of another org";
    }
    const auto position = position_in(answer);
    if (person.is_of_the_org && position && *position < acknowledged_) {
        return "before what was acknowledged at " + std::to_string(acknowledged_);
    }
    if (request.method == "HEAD" || answer.status == 304) return "";
    if (answer.status >= 400 && answer.status != 503 &&
        answer.header("content-type") != "application/problem+json") {
        return "a refusal that is no problem document";
    }
    const bool is_judged = is_json(answer) && (request.is_routed || answer.status >= 400);
    if (!is_judged) return "";
    json::error_code code;
    json::parse(answer.body, code);
    if (code) return "no JSON: " + code.message();
    return check_.answer_problem(request.operation->id, answer.status, answer.body);
}

void Guest::learn(const Person& person, const RandomRequest& request, const HttpAnswer& answer) {
    const bool is_done = answer.status >= 200 && answer.status < 300;
    if (!is_done || !request.is_routed || !person.is_of_the_org) return;
    ++tally_.done[request.operation->id];
    if (request.method != "GET") {
        acknowledged_ = std::max(acknowledged_, position_in(answer).value_or(0));
    }
    if (answer.has_header("etag")) known_.add("etag", answer.header("etag"));
    if (!is_json(answer) || answer.body.size() > 200'000) return;
    known_.learn(*request.operation, request.path, json::parse(answer.body));
}

void Guest::repeat(const Person& person, const RandomRequest& request, const HttpAnswer& first) {
    const bool is_entry = request.operation->noun == "expenses" ||
                          request.operation->noun == "revenues" ||
                          request.operation->noun == "transfers";
    const bool is_repeatable = is_entry && first.status == 201 && request.is_routed &&
                               request.header("Idempotency-Key") != nullptr;
    if (!is_repeatable) return;
    ++tally_.asked;
    const auto again = exchange(person, request);
    const bool is_known = again && again->status == 201 && again->has_header("idempotency-hit");
    if (!is_known) note(person, request, "not known again: " + (again ? again->body : "-"));
}

void Guest::note(const Person& person, const RandomRequest& request, const std::string& problem) {
    problems_.push_back(request.operation->id + " by " + person.name + ": " +
                        problem.substr(0, kShownBytes) + "\n" +
                        request.bytes(person.header_lines).substr(0, kShownBytes));
}

}  // namespace daybook::test
