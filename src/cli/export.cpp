// Page by page, month by month.
#include "cli/export.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "app/authorise.h"
#include "app/frozen_report.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "reports/balances.h"
#include "reports/hledger.h"
#include "reports/render_entry_csv.h"

namespace daybook::cli {

using domain::BusinessDate;
using domain::DateRange;

namespace {

void append_event(std::string& piece, const domain::StoredEvent& event,
                  const std::optional<std::string>& frozen_report) {
    JsonWriter json(piece);
    json.begin_object();
    json.key("event").raw(event.bytes);
    json.key("hash").string(to_hex(event.hash));
    json.key("prevHash").string(to_hex(event.prev_hash));
    json.key("private");
    if (event.private_json.empty()) {
        json.null();
    } else {
        json.raw(event.private_json);
    }
    if (frozen_report) json.key("report").raw(*frozen_report);
    json.end_object();
    piece += '\n';
}

std::vector<PropertyId> ids_of(const std::vector<domain::Property>& properties) {
    std::vector<PropertyId> ids;
    for (const domain::Property& each : properties) ids.push_back(each.id);
    return ids;
}

// Those of the org that are asked for, by name.
Result<std::vector<domain::Property>> properties_asked(app::Store& store,
                                                       const ExportRequest& request) {
    const auto snapshot = TRY(store.snapshot(request.org.id));
    auto properties = TRY(snapshot->properties());
    if (request.properties.empty()) return properties;
    std::erase_if(properties, [&](const domain::Property& each) {
        return std::ranges::find(request.properties, each.id) == request.properties.end();
    });
    return properties;
}

}  // namespace

Status export_events(app::Store& store, const ExportRequest& request, const Sink& sink) {
    app::EventFilter filter;
    filter.principal = app::operator_principal(request.org);
    filter.properties = request.properties;
    filter.business_from = request.from;
    filter.business_to = request.to;
    filter.limit = limits::kPageMax;
    std::optional<Position> last;  // the head when the export began
    while (true) {
        const auto snapshot = TRY(store.snapshot(request.org.id));
        if (!last) last = TRY(snapshot->head());
        const app::EventPage page = TRY(snapshot->events(filter));
        std::string piece;
        for (const domain::StoredEvent& event : page.events) {
            if (event.position > *last) break;
            append_event(piece, event, TRY(app::frozen_report_of(*snapshot, event)));
        }
        TRY(sink(piece));
        if (!page.next || *page.next >= *last) return {};
        filter.after = *page.next;
    }
}

Status export_entries(app::Store& store, const ExportRequest& request, const Sink& sink) {
    const auto properties = TRY(properties_asked(store, request));
    std::map<PropertyId, std::string> names;
    for (const domain::Property& each : properties) names.emplace(each.id, each.name);
    app::EntryFilter filter;
    filter.properties = ids_of(properties);
    filter.from = request.from;
    filter.to = request.to;
    filter.sort = app::EntrySort::recorded_at;
    filter.order = app::SortOrder::ascending;
    filter.limit = limits::kPageMax;
    TRY(sink(reports::entries_csv_header()));
    while (true) {
        const auto snapshot = TRY(store.snapshot(request.org.id));
        const app::EntryPage page = TRY(snapshot->entries(filter));
        std::string piece;
        for (const domain::Entry& entry : page.entries)
            reports::append_entry_csv(piece, entry, names[entry.property]);
        TRY(sink(piece));
        if (!page.next) return {};
        filter.after = page.next;
    }
}

namespace {

constexpr reports::PeriodRange kEveryMonth{limits::kYearMin * 100 + 1, limits::kYearMax * 100 + 12};

// From "201603" the days of March 2016.
DateRange days_of_month(std::int32_t key) {
    const int year = key / 100;
    const int month = key % 100;
    return {*BusinessDate::from_civil(year, month, 1),
            *BusinessDate::from_civil(year, month, days_in_month(year, month))};
}

// The months in which something moved, as far as they are asked for.
Result<std::vector<DateRange>> months_of(app::Snapshot& snapshot, PropertyId property,
                                         const ExportRequest& request) {
    std::vector<DateRange> months;
    std::int32_t newest = 0;
    for (const reports::AccountRow& row : TRY(snapshot.account_rows(property, kEveryMonth))) {
        if (row.period == newest) continue;
        newest = row.period;
        DateRange dates = days_of_month(row.period);
        if (request.from) dates.from = std::max(dates.from, *request.from);
        if (request.to) dates.to = std::min(dates.to, *request.to);
        if (dates.from <= dates.to) months.push_back(dates);
    }
    return months;
}

Result<std::vector<domain::Entry>> approved_entries(app::Snapshot& snapshot, PropertyId property,
                                                    DateRange dates) {
    app::EntryFilter filter;
    filter.properties = {property};
    filter.statuses = {domain::EntryStatus::approved};
    filter.from = dates.from;
    filter.to = dates.to;
    filter.order = app::SortOrder::ascending;
    filter.limit = limits::kPageMax;
    std::vector<domain::Entry> entries;
    while (true) {
        app::EntryPage page = TRY(snapshot.entries(filter));
        std::ranges::move(page.entries, std::back_inserter(entries));
        if (!page.next) break;
        filter.after = page.next;
    }
    std::ranges::sort(entries, {}, [](const domain::Entry& entry) {
        return std::pair(entry.content.business_date, entry.number);
    });
    return entries;
}

class HledgerExport {
 public:
    HledgerExport(app::Store& store, const ExportRequest& request,
                  const std::vector<domain::Property>& properties, const Sink& sink)
        : store_(store), request_(request), journal_(properties), sink_(sink) {}

    Status head() {
        std::string piece;
        journal_.append_head(piece);
        return sink_(piece);
    }

    Status property(const domain::Property& property) {
        std::vector<DateRange> months;
        {
            const auto snapshot = TRY(store_.snapshot(request_.org.id));
            TRY(opening(*snapshot, property));
            months = TRY(months_of(*snapshot, property.id, request_));
        }
        for (const DateRange dates : months) TRY(month(property, dates));
        return {};
    }

 private:
    Status opening(app::Snapshot& snapshot, domain::Property property) {
        if (request_.from && *request_.from > property.books_start_on) {
            const DateRange first{*request_.from, *request_.from};
            const auto balances = TRY(reports::balances(snapshot, property, first));
            property.books_start_on = *request_.from;
            for (const domain::Account each : domain::kAccounts) {
                property.opening_minor.at(static_cast<std::size_t>(each)) =
                    balances.whole(each).opening;
            }
        }
        if (request_.to && property.books_start_on > *request_.to) return {};
        std::string piece;
        journal_.append(piece, property);
        return sink_(piece);
    }

    Status month(const domain::Property& property, DateRange dates) {
        const auto snapshot = TRY(store_.snapshot(request_.org.id));
        std::string piece;
        for (const auto& entry : TRY(approved_entries(*snapshot, property.id, dates)))
            journal_.append(piece, entry);
        for (const auto& adjustment : TRY(snapshot->adjustments(property.id, dates)))
            journal_.append(piece, adjustment, property.currency);
        return sink_(piece);
    }

    app::Store& store_;
    const ExportRequest& request_;
    reports::HledgerJournal journal_;
    const Sink& sink_;
};

}  // namespace

Status export_hledger(app::Store& store, const ExportRequest& request, const Sink& sink) {
    const auto properties = TRY(properties_asked(store, request));
    HledgerExport journal(store, request, properties, sink);
    TRY(journal.head());
    for (const domain::Property& each : properties) TRY(journal.property(each));
    return {};
}

}  // namespace daybook::cli
