// The forms that several commands know, and their words.
#include "cli/value_options.h"

#include <charconv>

#include "base/limits.h"
#include "cli/program.h"

namespace daybook::cli {
std::string refusal(std::string_view text, const ValueWords& words) {
    return "'" + std::string(text.substr(0, limits::kNameBytesMax)) + "' is no " + words.noun +
           ". " + words.advice;
}

std::optional<int> parse_number(std::string_view text, NumberRange range) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    if (number < range.least || number > range.most) return std::nullopt;
    return number;
}

CLI::Option* add_date(CLI::App& app, const std::string& name, const std::string& help,
                      std::optional<domain::BusinessDate>& value) {
    return add_value(app, name, help, value, domain::BusinessDate::parse,
                     {"date", "Write it as YYYY-MM-DD, from 1970 to 2199."})
        ->type_name("YYYY-MM-DD");
}

CLI::Option* add_moment(CLI::App& app, const std::string& name, const std::string& help,
                        std::optional<Instant>& value) {
    return add_value(app, name, help, value, Instant::parse,
                     {"moment", "Write it as 2027-01-01T00:00:00Z."})
        ->type_name("MOMENT");
}

CLI::Option* add_role(CLI::App& app, domain::Role& value) {
    return add_value(app, "--role", "owner, admin, manager or auditor", value, domain::parse_role,
                     {"role", "Use owner, admin, manager or auditor."})
        ->type_name("ROLE");
}

CLI::Option* add_port(CLI::App& app, int& value) {
    constexpr NumberRange kPorts{0, 65'535};
    return add_number(app, "--port", "TCP port; 0: any that is free", value, kPorts, "port")
        ->type_name("N")
        ->default_str(std::to_string(kDefaultPort));
}

CLI::Option* add_words(CLI::App& app, const std::string& name, const std::string& help,
                       std::string& value) {
    const auto check = [](const std::string& text) {
        const bool is_blank = text.find_first_not_of(" \t\n") == std::string::npos;
        return is_blank ? std::string("This is empty. Say it in words.") : std::string();
    };
    return app.add_option(name, value, help)->check(check);
}

Status check_order(const std::optional<domain::BusinessDate>& from,
                   const std::optional<domain::BusinessDate>& to) {
    if (!from || !to || *from <= *to) return {};
    return fail(ErrorCode::invalid_value, "--to is before --from: " + to->to_string() +
                                              " comes before " + from->to_string() +
                                              ". Say them the other way round.");
}

}  // namespace daybook::cli
