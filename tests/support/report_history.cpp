// Renders lazily, and each moment once.
#include "support/report_history.h"

#include <algorithm>
#include <variant>

namespace daybook::test {
namespace {

std::string words_of(const ReportQuestion& question) {
    std::string words = std::to_string(question.period.index());
    const auto add = [&words](std::int64_t number) { words += " " + std::to_string(number); };
    if (const auto* asked_day = std::get_if<reports::DayAsked>(&question.period)) {
        add(asked_day->date.days());
    } else if (const auto* range = std::get_if<domain::DateRange>(&question.period)) {
        add(range->from.days());
        add(range->to.days());
    } else if (const auto* month = std::get_if<reports::MonthAsked>(&question.period)) {
        add(month->year);
        add(month->month);
    } else if (const auto* year = std::get_if<reports::YearAsked>(&question.period)) {
        add(year->year);
        add(static_cast<std::int64_t>(year->basis));
        add(year->quarter.value_or(0));
    }
    add(static_cast<std::int64_t>(question.format));
    for (const PropertyId property : question.properties) words += " " + property.to_string();
    return words;
}

}  // namespace

app::ReportAsked asked(const ReportQuestion& question) {
    return {question.properties,
            [period = question.period](domain::BusinessDate) { return period; }, question.format};
}

std::string rendered(app::Snapshot& snapshot, const ReportQuestion& question) {
    auto properties = snapshot.properties().value();
    if (!question.properties.empty()) {
        std::erase_if(properties, [&](const domain::Property& each) {
            return std::ranges::find(question.properties, each.id) == question.properties.end();
        });
    }
    const reports::ReportQuery query{question.period, question.properties, question.format};
    return reports::render(snapshot, query, std::move(properties)).value().bytes;
}

ReportHistory::ReportHistory(app::Store& store, OrgId org) : store_(store), org_(org) {
    keep(store.snapshot(org).value()->head().value());
}

void ReportHistory::keep(Position position) {
    std::shared_ptr<app::Snapshot> snapshot = store_.snapshot(org_).value();
    // The first query pins the moment.
    snapshot->head().value();
    const Lock lock(mutex_);
    moments_.insert_or_assign(position, Moment{std::move(snapshot), {}});
}

void ReportHistory::committed(const app::Changes& changes) {
    const auto head = changes.heads.find(org_);
    if (head != changes.heads.end()) keep(head->second.position);
}

void ReportHistory::forget_before(Position position) {
    const Lock lock(mutex_);
    moments_.erase(moments_.begin(), moments_.lower_bound(position));
}

Position ReportHistory::head() const {
    const Lock lock(mutex_);
    return moments_.rbegin()->first;
}

bool ReportHistory::was_so(const ReportQuestion& question, const std::string& bytes, Position first,
                           Position last) {
    const std::string words = words_of(question);
    const Lock lock(mutex_);
    // The state at `first` is that of the last commit up to it.
    auto at = moments_.upper_bound(first);
    if (at != moments_.begin()) --at;
    for (; at != moments_.end() && at->first <= last; ++at) {
        auto [known, is_new] = at->second.rendered.try_emplace(words);
        if (is_new) known->second = rendered(*at->second.snapshot, question);
        if (known->second == bytes) return true;
    }
    return false;
}

}  // namespace daybook::test
