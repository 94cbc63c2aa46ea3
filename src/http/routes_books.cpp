// What the books hold besides entries.
#include "http/routes_books.h"

#include <algorithm>

#include "app/business_day.h"
#include "base/json_optional.h"
#include "http/body_books.h"
#include "http/body_words.h"
#include "http/render_entity.h"
#include "reports/numbers.h"
#include "reports/query.h"

namespace daybook::http {
namespace {

using namespace domain;

// A list of adjustments covers so many days where its query leaves an end open.
constexpr std::int32_t kAdjustmentDays = 31;

constexpr std::string_view kNoSuchCategory = "There is no such category or source.";

struct Dates {
    std::optional<BusinessDate> from;
    std::optional<BusinessDate> to;
};

Result<Dates> read_dates(QueryReader& query) {
    const auto date = query.parsed("date", BusinessDate::parse, kDateForm);
    Dates dates{query.parsed("from", BusinessDate::parse, kDateForm),
                query.parsed("to", BusinessDate::parse, kDateForm)};
    if (date && (dates.from || dates.to)) query.wrong("date", "either date, or from and to");
    if (dates.from && !dates.to) query.wrong("to", "both from and to");
    if (dates.to && !dates.from) query.wrong("from", "both from and to");
    TRY(query.finish());
    if (date) return Dates{date, date};
    if (dates.from) TRY(date_range(*dates.from, *dates.to));
    return dates;
}

// `hidden`: who counts blindly is not shown what should be there.
enum class Expectation : std::uint8_t { shown, hidden };

// As the reports show an account.
void write_account(JsonWriter& json, const reports::AccountNumbers& numbers,
                   Expectation expectation) {
    const auto unless_hidden = [expectation](std::optional<std::int64_t> value) {
        return expectation == Expectation::shown ? value : std::nullopt;
    };
    json.begin_object();
    json.key("openingMinor").integer(numbers.opening_minor);
    json.key("inMinor").integer(numbers.in_minor);
    json.key("outMinor").integer(numbers.out_minor);
    json.key("transferInMinor").integer(numbers.transfer_in_minor);
    json.key("transferOutMinor").integer(numbers.transfer_out_minor);
    json.key("transferMinor").integer(numbers.transfer_minor);
    json.key("adjustmentMinor").integer(numbers.adjustment_minor);
    write_optional(json, "expectedMinor", unless_hidden(numbers.expected_minor));
    write_optional(json, "closingMinor", unless_hidden(numbers.closing_minor));
    write_optional(json, "countedMinor", numbers.counted_minor);
    write_optional(json, "varianceMinor", unless_hidden(numbers.variance_minor));
    json.end_object();
}

void write_day(JsonWriter& json, const Property& property, BusinessDate date,
               const reports::Numbers& numbers, Expectation expectation,
               const std::vector<Count>& counts) {
    json.begin_object();
    json.key("propertyId").string(property.id.to_string());
    json.key("propertyName").string(property.name);
    json.key("date").string(date.to_string());
    json.key("currency").string(property.currency.code());
    json.key("cash");
    write_account(json, numbers.cash, expectation);
    json.key("bank");
    write_account(json, numbers.bank, Expectation::shown);
    json.key("counts").begin_array();
    for (const Count& count : counts) {
        if (count.date == date) write_count(json, count, property.currency);
    }
    json.end_array();
    json.end_object();
}

enum class Counting : std::uint8_t { seeing, blind };

Status write_property_days(JsonWriter& json, const ReadCall& call, const Property& property,
                           const reports::Catalogue& catalogue, const Dates& dates,
                           Counting counting) {
    const BusinessDate today = TRY(app::business_date_now(property, call.now));
    const DateRange range{dates.from.value_or(today), dates.to.value_or(today)};
    const auto numbers =
        TRY(reports::numbers(call.snapshot, property, catalogue, range, PeriodLevel::day));
    // In order of date, so that each day's are next to each other.
    const auto counts = TRY(call.snapshot.counts(property.id, range));
    const auto closed_through = TRY(call.snapshot.closed_through(property.id));
    auto next = counts.begin();
    for (std::size_t i = 0; i < numbers.steps.size(); ++i) {
        const BusinessDate date = numbers.steps[i].dates.from;
        const auto end =
            std::find_if(next, counts.end(), [&](const Count& count) { return count.date > date; });
        const bool hides =
            counting == Counting::blind && !(closed_through && date <= *closed_through);
        write_day(json, property, date, numbers.by_step[i],
                  hides ? Expectation::hidden : Expectation::shown, std::vector<Count>(next, end));
        next = end;
    }
    return {};
}

DateRange adjustment_range(std::optional<BusinessDate> from, std::optional<BusinessDate> to,
                           BusinessDate today) {
    if (from && to) return {*from, *to};
    if (from) return {*from, from->plus(kAdjustmentDays - 1)};
    const BusinessDate last = to.value_or(today.plus(1));
    return {last.plus(1 - kAdjustmentDays), last};
}

Response one_category(const app::Outcome& outcome) {
    const auto& category = std::get<Category>(outcome.items.at(0).result.value());
    return versioned(json_response(200, json_of(write_category, category)), category.version);
}

}  // namespace

Result<Response> list_cash_balances(const ReadCall& call) {
    QueryReader query(call.request);
    const auto asked = read_property_ids(query);
    const Dates dates = TRY(read_dates(query));
    const auto properties = TRY(properties_asked(call, asked));
    const std::int32_t days = dates.from ? DateRange{*dates.from, *dates.to}.days() : 1;
    if (properties.size() * static_cast<std::size_t>(days) > reports::kReportRowsMax) {
        return fail(ErrorCode::range_too_long,
                    "One answer has at most " + std::to_string(reports::kReportRowsMax) +
                        " days over all of its properties. Ask for fewer of either.");
    }
    const reports::Catalogue catalogue(TRY(call.snapshot.categories()));
    const Org org = TRY(call.snapshot.org());
    const bool is_blind = org.day_rules.blind_count && call.principal.role == Role::manager;
    const Counting counting = is_blind ? Counting::blind : Counting::seeing;
    Status status;
    const auto write = [&](JsonWriter& json) {
        for (const Property& property : properties) {
            if (status)
                status = write_property_days(json, call, property, catalogue, dates, counting);
        }
    };
    std::string body = list_json(write, std::nullopt);
    TRY(Status(status));
    return json_response(200, std::move(body));
}

Result<Write> put_cash_balance(const WriteCall& call) {
    const auto date = BusinessDate::parse(call.request.capture("date"));
    if (!date) {
        return fail_field(ErrorCode::invalid_value, "/date", "Use " + std::string(kDateForm) + ".");
    }
    BalanceBody body = TRY(read_body(call.request, BodyNeed::required, read_balance));
    const auto id = PropertyId::parse(call.request.capture("propertyId")).value_or(PropertyId{});
    const Property property = TRY(visible_property(*call.snapshot, call.principal, id));
    if (auto* declare = std::get_if<DeclareOpening>(&body)) {
        declare->property = id;
        declare->books_start_on = *date;
        return Write{*declare, [](const app::Outcome& outcome) {
                         const auto& after = std::get<Property>(outcome.items.at(0).result.value());
                         return json_response(200, json_of(write_property, after));
                     }};
    }
    auto& count = std::get<RecordCount>(body);
    count.id = new_id<CountId>(call.now, call.random);
    count.property = id;
    count.date = *date;
    return Write{std::move(count), [currency = property.currency](const app::Outcome& outcome) {
                     const auto& kept = std::get<Count>(outcome.items.at(0).result.value());
                     return json_response(200, json_of(write_count, kept, currency));
                 }};
}

Result<Response> list_adjustments(const ReadCall& call) {
    QueryReader query(call.request);
    const auto asked = read_property_ids(query);
    const auto from = query.parsed("from", BusinessDate::parse, kDateForm);
    const auto to = query.parsed("to", BusinessDate::parse, kDateForm);
    TRY(query.finish());
    if (from && to) TRY(date_range(*from, *to));
    Status status;
    const auto properties = TRY(properties_asked(call, asked));
    const auto write_all = [&](JsonWriter& json, const Property& property) -> Status {
        const BusinessDate today = TRY(app::business_date_now(property, call.now));
        const DateRange range = adjustment_range(from, to, today);
        for (const Adjustment& each : TRY(call.snapshot.adjustments(property.id, range))) {
            write_adjustment(json, each, property.currency);
        }
        return {};
    };
    const auto write = [&](JsonWriter& json) {
        for (const Property& property : properties) {
            if (status) status = write_all(json, property);
        }
    };
    std::string body = list_json(write, std::nullopt);
    TRY(Status(status));
    return json_response(200, std::move(body));
}

Result<Write> add_adjustment(const WriteCall& call) {
    PostCorrection correction = TRY(read_body(call.request, BodyNeed::required, read_correction));
    const Property property =
        TRY(visible_property(*call.snapshot, call.principal, correction.property));
    correction.id = new_id<AdjustmentId>(call.now, call.random);
    return Write{
        std::move(correction), [currency = property.currency](const app::Outcome& outcome) {
            const auto& kept = std::get<Adjustment>(outcome.items.at(0).result.value());
            return created(
                json_response(201, json_of(write_adjustment, kept, currency)),
                "/v1/finance/events?entityType=adjustment&entityId=" + kept.id.to_string());
        }};
}

Result<Response> list_categories(const ReadCall& call) {
    QueryReader query(call.request);
    const auto kind = query.parsed("kind", parse_category_kind, kCategoryKindForm);
    TRY(query.finish());
    const auto categories = TRY(call.snapshot.categories());
    const auto write = [&](JsonWriter& json) {
        for (const Category& each : categories) {
            if (!kind || each.kind == *kind) write_category(json, each);
        }
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Response> get_category(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto id = TRY(path_id<CategoryId>(call.request, kNoSuchCategory));
    const auto category = TRY(call.snapshot.category(id));
    if (!category) return fail(ErrorCode::not_found, std::string(kNoSuchCategory));
    return versioned(json_response(200, json_of(write_category, *category)), category->version);
}

Result<Write> add_category(const WriteCall& call) {
    AddCategory add = TRY(read_body(call.request, BodyNeed::required, read_category));
    add.id = new_id<CategoryId>(call.now, call.random);
    return Write{std::move(add), [](const app::Outcome& outcome) {
                     const auto& category = std::get<Category>(outcome.items.at(0).result.value());
                     return created(one_category(outcome),
                                    "/v1/finance/categories/" + category.id.to_string());
                 }};
}

Result<Write> update_category(const WriteCall& call) {
    UpdateCategory update = TRY(read_body(call.request, BodyNeed::required, read_category_patch));
    update.id = TRY(path_id<CategoryId>(call.request, kNoSuchCategory));
    update.version = TRY(if_match(call.request));
    return Write{std::move(update), one_category};
}

}  // namespace daybook::http
