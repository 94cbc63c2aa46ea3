// Snapshots, parts, and the condition under which parts add up.
#include "app/report_reader.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace daybook::app {

using reports::ReportCache;
using reports::SharedReport;

namespace {

// Those of the subject that there are, by name. A few are asked for one by one: a report of one
// property costs the same in an org of two and of two hundred.
Result<std::vector<domain::Property>> properties_of(reports::Source& source,
                                                    const reports::Subject& subject) {
    constexpr std::size_t kOneByOneMax = 8;
    std::vector<domain::Property> properties;
    if (subject.properties.size() > kOneByOneMax) {
        properties = TRY(source.properties());
        std::erase_if(properties,
                      [&](const domain::Property& each) { return !subject.has(each.id); });
        return properties;
    }
    for (const PropertyId id : subject.properties) {
        auto property = TRY(source.property(id));
        if (property) properties.push_back(*std::move(property));
    }
    std::ranges::sort(properties, {}, &domain::Property::name);
    return properties;
}

bool all_missing(const std::vector<std::optional<ReportCache::KeptPart>>& kept) {
    return std::ranges::none_of(kept, [](const auto& each) { return each.has_value(); });
}

std::vector<Position> stamps_of(const std::vector<std::optional<ReportCache::KeptPart>>& kept) {
    std::vector<Position> stamps;
    stamps.reserve(kept.size());
    for (const auto& each : kept) stamps.push_back(each->stamp);
    return stamps;
}

}  // namespace

Result<SharedReport> ReportReader::read(const ReportWanted& wanted) {
    const bool is_sum = wanted.query.shape() == reports::AnswerShape::several;
    return is_sum && !wanted.subject->properties.empty() ? read_sum(wanted) : read_whole(wanted);
}

Result<SharedReport> ReportReader::read_whole(const ReportWanted& wanted) {
    const auto snapshot = TRY(store_.snapshot(wanted.org));
    auto properties = TRY(properties_of(*snapshot, *wanted.subject));
    return reports::finish(TRY(reports::render(*snapshot, wanted.query, std::move(properties))));
}

Result<SharedReport> ReportReader::read_sum(const ReportWanted& wanted) {
    constexpr int kRounds = 2;
    const std::size_t entries_max = reports::entries_max_of(wanted.subject->properties.size());
    Questions questions;
    questions.reserve(wanted.subject->properties.size());
    for (const PropertyId property : wanted.subject->properties) {
        questions.push_back({reports::part_key_of(wanted.plan, property, entries_max),
                             reports::make_subject({property})});
    }
    for (int round = 0; round < kRounds; ++round) {
        Kept kept = cache_.parts(wanted.org, questions);
        const bool is_one_snapshot = all_missing(kept);
        const bool is_as_asked = TRY(read_missing(wanted, questions, kept));
        if (!is_as_asked) break;
        const std::vector<Position> stamps = stamps_of(kept);
        const Position newest = std::ranges::max(stamps);
        if (is_one_snapshot) return assemble(wanted, kept, newest);
        if (!cache_.wait_until_raised(wanted.org, newest, limits::kCacheRaiseWaitMsMax,
                                      monotonic_us_)) {
            break;
        }
        const auto position =
            cache_.together(wanted.org, questions, stamps, wanted.plan.period.dates.to);
        if (position) return assemble(wanted, kept, *position);
    }
    return read_whole(wanted);
}

Result<bool> ReportReader::read_missing(const ReportWanted& wanted, const Questions& questions,
                                        Kept& kept) {
    const auto& ids = wanted.subject->properties;
    if (std::ranges::all_of(kept, [](const auto& each) { return each.has_value(); })) return true;
    const auto snapshot = TRY(store_.snapshot(wanted.org));
    const Position stamp = TRY(snapshot->head());
    const auto properties = TRY(properties_of(*snapshot, *wanted.subject));
    const auto plan = TRY(reports::plan_of(wanted.query.period, TRY(snapshot->org()), properties));
    if (reports::key_of(wanted.query, plan, *wanted.subject) !=
        reports::key_of(wanted.query, wanted.plan, *wanted.subject)) {
        return false;
    }
    const reports::Catalogue catalogue(TRY(snapshot->categories()));
    const std::size_t entries_max = reports::entries_max_of(ids.size());
    for (const domain::Property& property : properties) {
        const auto at =
            static_cast<std::size_t>(std::ranges::lower_bound(ids, property.id) - ids.begin());
        if (kept[at]) continue;
        const std::int64_t begun_us = monotonic_us_();
        ReportCache::KeptPart part{
            TRY(reports::read_part(*snapshot, property, catalogue, plan, entries_max)), stamp};
        cache_.keep_part(wanted.org, questions[at], plan.period.dates, part,
                         monotonic_us_() - begun_us);
        kept[at] = std::move(part);
    }
    return std::ranges::all_of(kept, [](const auto& each) { return each.has_value(); });
}

Result<SharedReport> ReportReader::assemble(const ReportWanted& wanted, const Kept& kept,
                                            Position stamp) {
    std::vector<reports::SharedPart> parts;
    parts.reserve(kept.size());
    for (const auto& each : kept) parts.push_back(each->part);
    return reports::finish({TRY(reports::assemble(wanted.query, wanted.plan, parts)),
                            reports::content_type(wanted.query.format), wanted.plan.period.dates,
                            stamp});
}

}  // namespace daybook::app
