// Everything through the program itself.
#include "support/cli_books.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace daybook::test {

std::string daybook(std::vector<std::string> arguments) {
    const std::string command = arguments.front();
    Finished finished = run_daybook(std::move(arguments));
    if (finished.exit_code != 0)
        throw std::runtime_error("daybook " + command + ": " + finished.errors);
    if (finished.output.ends_with('\n')) finished.output.pop_back();
    return finished.output;
}

CliBooks::CliBooks() {
    (void)done({"org", "create", "--name", "Test"});
    property_ = done({"property", "add", "--name", "House", "--currency", "EUR", "--time-zone",
                      "Europe/Lisbon", "--books-start-on", "2026-01-01"});
}

std::string CliBooks::path(std::string_view name) const {
    return (directory_.path() / name).string();
}

std::string CliBooks::file(std::string_view name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
}

Finished CliBooks::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--data", data().string()});
    return run_daybook(std::move(arguments));
}

std::string CliBooks::done(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--data", data().string()});
    return daybook(std::move(arguments));
}

std::size_t CliBooks::events() const {
    const std::string lines = done({"export", "--format", "events"});
    return static_cast<std::size_t>(std::ranges::count(lines, '\n')) + (lines.empty() ? 0 : 1);
}

HttpAnswer call(const Serving& server, const std::string& token, std::string_view method,
                std::string_view target, std::string_view body, std::string_view more_headers) {
    HttpClient client = HttpClient::connect_tcp(server.port());
    std::string headers = "Authorization: Bearer " + token + "\r\n";
    if (!body.empty()) headers += "Content-Type: application/json\r\n";
    headers += more_headers;
    auto answer = client.request(method, target, headers, body);
    if (!answer) throw std::runtime_error("no answer to " + std::string(target));
    return *std::move(answer);
}

std::string json_member(std::string_view json, std::string_view name) {
    const std::string key = '"' + std::string(name) + "\":";
    const std::size_t at = json.find(key);
    if (at == std::string_view::npos) return {};
    std::string_view rest = json.substr(at + key.size());
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        return std::string(rest.substr(0, rest.find('"')));
    }
    return std::string(rest.substr(0, rest.find_first_of(",}]")));
}

}  // namespace daybook::test
