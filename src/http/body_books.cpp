// Member by member, in the order of the API document.
#include "http/body_books.h"

#include <algorithm>

#include "base/hex.h"
#include "base/limits.h"
#include "domain/text.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using namespace domain;

constexpr std::size_t kSha256HexDigits = 64;

Account read_account(BodyReader& body) {
    return body.parsed("account", Presence::optional, parse_account, kAccountForm)
        .value_or(Account::cash);
}

RecordCount read_count(BodyReader& body, Account account) {
    RecordCount count;
    count.account = account;
    count.counted_minor = body.integer("countedMinor", Presence::optional);
    count.denominations = read_denominations(body);
    count.note = body.text("note", Presence::optional).value_or("");
    return count;
}

std::int64_t read_amount_at(BodyReader& body, std::string_view name) {
    return body.integer(name, Presence::optional).value_or(0);
}

std::int64_t read_number_of_entries(BodyReader& body, std::string_view name) {
    const std::int64_t number = body.integer(name, Presence::required).value_or(0);
    if (number < 0 || number > limits::kTurnoverMinorMax) {
        body.wrong(name, ErrorCode::invalid_value, "A number of entries is 0 or more.");
    }
    return number;
}

bool is_sha256(std::string_view text) {
    return text.size() == kSha256HexDigits && from_hex(text).has_value();
}

}  // namespace

std::optional<int> parse_time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto digit = [&](std::size_t at) { return text[at] - '0'; };
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (digit(at) < 0 || digit(at) > 9) return std::nullopt;
    }
    const int hours = digit(0) * 10 + digit(1);
    const int minutes = digit(3) * 10 + digit(4);
    if (hours > 23 || minutes > 59) return std::nullopt;
    return hours * 60 + minutes;
}

std::vector<Denomination> read_denominations(BodyReader& body) {
    std::vector<Denomination> denominations;
    const auto read = [&](BodyReader& item) {
        const auto value = item.integer("valueMinor", Presence::required);
        const auto pieces = item.integer("pieces", Presence::required);
        denominations.push_back({value.value_or(0), pieces.value_or(0)});
    };
    body.objects("denominations", Presence::optional, limits::kDenominationsMax, read);
    return denominations;
}

BalanceBody read_balance(BodyReader& body) {
    const Account account = read_account(body);
    const auto opening = body.integer("openingMinor", Presence::optional);
    RecordCount count = read_count(body, account);
    if (!opening) return count;
    if (count.counted_minor || !count.denominations.empty() || !count.note.empty()) {
        body.wrong("openingMinor", ErrorCode::invalid_value,
                   "Declare an opening and record a count in two requests.");
    }
    DeclareOpening declare;
    declare.account = account;
    declare.opening_minor = *opening;
    return declare;
}

PostCorrection read_correction(BodyReader& body) {
    PostCorrection correction;
    correction.property =
        body.parsed("propertyId", Presence::required, PropertyId::parse, kPropertyForm)
            .value_or(PropertyId{});
    correction.account = read_account(body);
    correction.date = body.parsed("date", Presence::optional, BusinessDate::parse, kDateForm);
    correction.amount_minor = body.integer("amountMinor", Presence::required).value_or(0);
    correction.reason = body.text("reason", Presence::optional).value_or("");
    return correction;
}

AddCategory read_category(BodyReader& body) {
    AddCategory add;
    add.kind = body.parsed("kind", Presence::required, parse_category_kind, kCategoryKindForm)
                   .value_or(CategoryKind::category);
    add.key = body.text("key", Presence::required).value_or("");
    add.name = body.text("name", Presence::required).value_or("");
    add.group = body.text("group", Presence::optional).value_or("");
    add.order = body.small_integer("order", Presence::optional).value_or(0);
    return add;
}

UpdateCategory read_category_patch(BodyReader& body) {
    UpdateCategory update;
    update.name = body.text("name", Presence::kept);
    update.group = body.clearable_text("group");
    update.active = body.boolean("active", Presence::kept);
    update.order = body.small_integer("order", Presence::kept);
    update.merge_into = body.text("mergeInto", Presence::kept);
    return update;
}

AddProperty read_property(BodyReader& body) {
    AddProperty add;
    add.name = body.text("name", Presence::required).value_or("");
    add.kind = body.parsed("kind", Presence::required, parse_property_kind, kPropertyKindForm)
                   .value_or(PropertyKind::hotel);
    add.group = body.text("group", Presence::optional).value_or("");
    add.currency = body.parsed("currency", Presence::required, Currency::parse, kCurrencyForm)
                       .value_or(Currency());
    add.zone = body.text("timeZone", Presence::required).value_or("");
    add.cutoff_minutes =
        body.parsed("dayCutoff", Presence::optional, parse_time_of_day, kCutoffForm).value_or(0);
    add.fiscal_start_month = body.small_integer("fiscalStartMonth", Presence::optional).value_or(1);
    add.books_start_on =
        body.parsed("booksStartOn", Presence::optional, BusinessDate::parse, kDateForm);
    body.object("openingMinor", Presence::optional, [&](BodyReader& opening) {
        add.opening_minor = {read_amount_at(opening, "cash"), read_amount_at(opening, "bank")};
    });
    return add;
}

UpdateProperty read_property_patch(BodyReader& body) {
    UpdateProperty update;
    update.name = body.text("name", Presence::kept);
    update.kind = body.parsed("kind", Presence::kept, parse_property_kind, kPropertyKindForm);
    update.group = body.clearable_text("group");
    update.currency = body.parsed("currency", Presence::kept, Currency::parse, kCurrencyForm);
    update.zone = body.text("timeZone", Presence::kept);
    update.cutoff_minutes =
        body.parsed("dayCutoff", Presence::kept, parse_time_of_day, kCutoffForm);
    update.fiscal_start_month = body.small_integer("fiscalStartMonth", Presence::kept);
    update.active = body.boolean("active", Presence::kept);
    return update;
}

ChangeSettings read_settings_patch(BodyReader& body) {
    ChangeSettings change;
    change.name = body.text("name", Presence::kept);
    change.fiscal_start_month = body.small_integer("fiscalStartMonth", Presence::kept);
    change.manager_days_back = body.small_integer("managerDaysBack", Presence::kept);
    change.blind_count = body.boolean("blindCount", Presence::kept);
    // null: no variance wants a note.
    if (body.is_null("varianceToleranceMinor")) {
        change.variance_tolerance_minor.emplace();
    } else if (const auto minor = body.integer("varianceToleranceMinor", Presence::kept)) {
        change.variance_tolerance_minor = minor;
    }
    change.daily_gate = body.boolean("dailyGate", Presence::kept);
    // null: what approvers write counts at once.
    if (body.is_null("fourEyesAboveMinor")) {
        change.four_eyes_above_minor.emplace();
    } else if (const auto above = body.integer("fourEyesAboveMinor", Presence::kept)) {
        change.four_eyes_above_minor = above;
    }
    return change;
}

Scope read_scope(BodyReader& body, Presence presence) {
    Scope scope;
    const bool is_given = body.has("properties");
    if (!is_given && presence == Presence::required) {
        body.wrong("properties", ErrorCode::missing_field,
                   "Name the properties, or send null for all of them.");
    }
    auto properties = body.parsed_list("properties", Presence::optional, limits::kPageMax,
                                       PropertyId::parse, kPropertyForm);
    if (!properties) return scope;
    scope.all = false;
    scope.properties = *std::move(properties);
    std::ranges::sort(scope.properties);
    const auto same = std::ranges::unique(scope.properties);
    scope.properties.erase(same.begin(), same.end());
    return scope;
}

CreateToken read_token(BodyReader& body) {
    CreateToken create;
    create.name = body.text("name", Presence::required).value_or("");
    create.role =
        body.parsed("role", Presence::required, parse_role, kRoleForm).value_or(Role::auditor);
    create.scope = read_scope(body, Presence::optional);
    create.expires_at = body.parsed("expiresAt", Presence::optional, Instant::parse, kInstantForm);
    create.trusted = body.boolean("trusted", Presence::optional).value_or(false);
    return create;
}

ImportCommitted read_import(BodyReader& body) {
    ImportCommitted import;
    import.profile = body.text("profile", Presence::required).value_or("");
    if (const Status good = check_text(import.profile, limits::kNameBytesMax, "/profile"); !good) {
        body.wrong("profile", good.error().code, good.error().detail);
    }
    import.file_sha256 = body.text("fileSha256", Presence::required).value_or("");
    if (!import.file_sha256.empty() && !is_sha256(import.file_sha256)) {
        body.wrong("fileSha256", ErrorCode::invalid_value,
                   "Use the 64 lower-case hexadecimal digits of the file's SHA-256.");
    }
    import.added = read_number_of_entries(body, "added");
    import.already_there = read_number_of_entries(body, "alreadyThere");
    import.skipped = read_number_of_entries(body, "skipped");
    return import;
}

CreateOrg read_org(BodyReader& body) {
    CreateOrg create;
    create.name = body.text("name", Presence::required).value_or("");
    return create;
}

}  // namespace daybook::http
