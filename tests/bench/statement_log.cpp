// The log's lines, and what differs from batch to batch.
#include "statement_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace daybook::bench {
namespace {

// A parameter that is new in every batch.
enum class New : std::uint8_t { ascending_id, random_id, text, number, missing_id };
struct NewParameter {
    std::string_view statement;  // how its name begins
    std::size_t parameter;       // from 1
    New how;
};
constexpr NewParameter kNew[] = {
    {"daybook_keys_entry_find_by_external_id", 4, New::text},
    {"daybook_keys_entry_find_4", 2, New::missing_id},
    {"daybook_keys_idempotency_find", 2, New::random_id},
    {"daybook_rows_head_put", 2, New::number},
    {"daybook_rows_entry_add", 2, New::ascending_id},
    {"daybook_rows_entry_add", 5, New::number},
    {"daybook_rows_entry_add", 16, New::text},
    {"daybook_rows_event_append", 2, New::number},
    {"daybook_rows_event_append", 3, New::ascending_id},
    {"daybook_rows_event_append", 7, New::ascending_id},
    {"daybook_rows_idempotency_put", 2, New::random_id},
};

// From one run of a script to the next: more than the batches that were recorded are apart.
constexpr int kNumbersApart = 4'096;

// Of an array as the log prints it.
std::ptrdiff_t elements(std::string_view array) {
    return std::ranges::count(array, ',') + 1;
}

// So that pgbench sees no variable in it.
std::string constant(std::string_view literal) {
    std::string text = "E";
    for (const char c : literal) {
        if (c == ':') {
            text += "\\x3A";
        } else if (c == '\\') {
            text += "\\\\";
        } else {
            text += c;
        }
    }
    return text;
}

std::string renewed(New how, const std::string& literal) {
    const std::ptrdiff_t count = elements(literal);
    const std::string series = fmt::format("from generate_series(1, {}) n", count);
    switch (how) {
        case New::ascending_id:
            return fmt::format("array(select int8send(:batch) || int8send(n) {})", series);
        case New::missing_id:
            return fmt::format("array(select int8send(:batch) || int8send(-n) {})", series);
        case New::random_id:
            return fmt::format("array(select uuid_send(gen_random_uuid()) {})", series);
        case New::text:
            return fmt::format("array(select 'batch ' || :batch || '-' || n {})", series);
        case New::number:
            return fmt::format("array(select n + :batch::bigint * {} from unnest({}::bigint[]) n)",
                               kNumbersApart, literal);
    }
    return literal;
}

std::string parameter_text(const LoggedStatement& statement, std::size_t number) {
    const std::string& literal = statement.parameters.at(number - 1);
    for (const NewParameter& each : kNew) {
        if (number == each.parameter && statement.name.starts_with(each.statement)) {
            return renewed(each.how, literal);
        }
    }
    return literal == "NULL" ? literal : constant(literal);
}

std::string filled_in(const LoggedStatement& statement) {
    std::string text;
    std::string_view rest = statement.text;
    while (!rest.empty()) {
        const std::size_t at = rest.find('$');
        text += rest.substr(0, at);
        if (at == std::string_view::npos) break;
        rest.remove_prefix(at + 1);
        const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
        text += parameter_text(statement, std::stoul(std::string(rest.substr(0, end))));
        rest.remove_prefix(end);
    }
    return text;
}

// "$1 = '…', $2 = NULL": the literals, as they stand there.
std::vector<std::string> literals(std::string_view detail) {
    std::vector<std::string> found;
    for (std::size_t number = 1;; ++number) {
        const std::string sign = fmt::format("${} = ", number);
        if (!detail.starts_with(sign)) return found;
        detail.remove_prefix(sign.size());
        std::size_t end = 0;
        if (detail.starts_with('\'')) {
            for (end = 1; detail.at(end) != '\'' || detail.substr(end + 1).starts_with('\'');) {
                end += detail.at(end) == '\'' ? 2 : 1;
            }
            ++end;
        } else {
            end = std::min(detail.find(','), detail.size());
        }
        found.emplace_back(detail.substr(0, end));
        detail.remove_prefix(std::min(end + 2, detail.size()));
    }
}

// An entry of the log without its time and process, its lines joined.
std::vector<std::string> entries(std::string_view log) {
    std::vector<std::string> entries;
    std::istringstream lines{std::string(log)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('\t')) {
            if (!entries.empty()) entries.back() += "\n" + line.substr(1);
        } else {
            const std::size_t head = line.find("] ");
            entries.push_back(head == std::string::npos ? line : line.substr(head + 2));
        }
    }
    return entries;
}

}  // namespace

std::vector<std::vector<LoggedStatement>> logged_transactions(std::string_view log) {
    constexpr std::string_view kExecute = "LOG:  execute ";
    constexpr std::string_view kParameters = "DETAIL:  parameters: ";
    std::vector<std::vector<LoggedStatement>> transactions;
    std::vector<LoggedStatement> open;
    for (const std::string& entry : entries(log)) {
        if (entry.starts_with(kParameters) && !open.empty()) {
            open.back().parameters = literals(std::string_view(entry).substr(kParameters.size()));
        }
        if (!entry.starts_with(kExecute)) continue;
        LoggedStatement statement;
        const std::size_t text = entry.find(": ", kExecute.size());
        statement.name = entry.substr(kExecute.size(), text - kExecute.size());
        statement.text = entry.substr(text + 2);
        if (statement.text.starts_with("begin")) open.clear();
        open.push_back(std::move(statement));
        if (open.back().text == "commit") transactions.push_back(std::exchange(open, {}));
    }
    return transactions;
}

std::ptrdiff_t events_in(const std::vector<LoggedStatement>& batch) {
    const auto append =
        std::ranges::find(batch, "daybook_rows_event_append", &LoggedStatement::name);
    return append == batch.end() ? 0 : elements(append->parameters.at(1));
}

std::string pgbench_script(const std::vector<LoggedStatement>& batch) {
    // Our store waits for answers before it fetches, before it fetches what that names, and before
    // it writes.
    constexpr std::string_view kAfterAnswers[] = {"daybook_keys_org_find",
                                                  "daybook_keys_category_find_4", "daybook_rows_"};
    std::string script = "\\set batch :batch + 1\n\\startpipeline\n";
    std::size_t waits = 0;
    for (const LoggedStatement& each : batch) {
        if (waits < std::size(kAfterAnswers) && each.name.starts_with(kAfterAnswers[waits])) {
            ++waits;
            script += "\\endpipeline\n\\startpipeline\n";
        }
        script += filled_in(each) + ";\n";
    }
    if (waits != std::size(kAfterAnswers))
        throw std::runtime_error("this is not a batch of the store");
    return script + "\\endpipeline\n";
}

}  // namespace daybook::bench
