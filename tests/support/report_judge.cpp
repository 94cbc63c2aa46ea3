// Renders every report without any cache: each is one of the questions of periods().
#include "support/report_judge.h"

#include <gtest/gtest.h>

#include <utility>

#include "support/sample_books.h"

namespace daybook::test {
namespace {

std::vector<reports::PeriodAsked> periods() {
    std::vector<reports::PeriodAsked> periods;
    for (const char* date : {"2025-12-31", "2026-01-15", "2026-02-10", "2026-02-11", "2026-02-12",
                             "2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16"}) {
        periods.emplace_back(reports::DayAsked{day(date)});
    }
    for (const int month : {1, 2, 3}) periods.emplace_back(reports::MonthAsked{2026, month});
    periods.emplace_back(reports::YearAsked{2025, reports::YearBasis::fiscal, {}});
    periods.emplace_back(reports::YearAsked{2026, reports::YearBasis::calendar, 1});
    periods.emplace_back(domain::DateRange{day("2026-01-20"), day("2026-03-10")});
    return periods;
}

}  // namespace

ReportJudge::ReportJudge(app::Store& store, OrgId org) : store_(store), org_(org) {
    look();
}

void ReportJudge::committed(const app::Changes& changes) {
    for (const app::EventRow& event : changes.events) types_.insert(event.type);
    for (const auto& [org, each] : app::report_changes(changes)) {
        versions_.raise(org, each.raises, each.head);
    }
    const Position before_position = position_;
    const auto before = std::move(answers_);
    look();
    for (const auto& [key, answer] : before) {
        const auto after = answers_.find(key);
        // Another set of properties is another subject, and was never cached.
        if (after == answers_.end() || after->second.bytes == answer.bytes) continue;
        const bool is_current =
            versions_.is_current(org_, *answer.subject, answer.ends_on, before_position);
        EXPECT_FALSE(is_current) << "nothing says that this changes at position " << position_
                                 << " by " << domain::event_type_name(changes.events.back().type)
                                 << ":\n"
                                 << answer.bytes << "\n"
                                 << after->second.bytes;
    }
}

void ReportJudge::look() {
    answers_.clear();
    const auto snapshot = store_.snapshot(org_).value();
    position_ = snapshot->head().value();
    const auto properties = snapshot->properties().value();
    std::vector<std::vector<PropertyId>> subjects{{}};
    for (const domain::Property& each : properties) subjects.push_back({each.id});
    const auto asked = periods();
    for (std::size_t period = 0; period < asked.size(); ++period) {
        for (const auto& ids : subjects) {
            const reports::ReportQuery query{asked[period], ids, reports::Format::json};
            look(*snapshot, query, properties, period);
        }
        if (period % 4 != 0) continue;
        const reports::ReportQuery query{asked[period], {}, reports::Format::csv};
        look(*snapshot, query, properties, asked.size() + period);
    }
}

void ReportJudge::look(app::Snapshot& snapshot, const reports::ReportQuery& query,
                       std::vector<domain::Property> properties, std::size_t period) {
    if (query.properties.size() == 1) {
        std::erase_if(properties, [&](const domain::Property& each) {
            return each.id != query.properties.front();
        });
    }
    std::vector<PropertyId> ids;
    for (const domain::Property& each : properties) ids.push_back(each.id);
    auto subject = reports::make_subject(ids);
    const auto made = reports::render(snapshot, query, std::move(properties));
    // Amounts may be too large to be added up over properties.
    if (!made) return;
    const Key key{period, subject->key, query.properties.size()};
    answers_[key] = {std::move(subject), made->dates.to, made->bytes};
}

}  // namespace daybook::test
