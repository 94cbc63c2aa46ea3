// Keys, lists in order of use, and evictions.
#include "reports/cache_store.h"

#include <cstring>

#include "base/check.h"
#include "base/digest.h"
#include "base/hex.h"

namespace daybook::reports {
namespace {

constexpr std::array<std::string_view, kCacheKinds> kKindNames{"daily", "range", "monthly",
                                                               "yearly", "part"};

void set_period(CacheKey& key, const PeriodPlan& plan) {
    key.report = plan.kind;
    key.from_days = plan.period.dates.from.days();
    key.to_days = plan.period.dates.to.days();
    key.quarter = static_cast<std::uint8_t>(plan.name.quarter.value_or(0));
    if (!plan.name.fiscal_start) return;
    key.basis = YearBasis::fiscal;
    key.fiscal_start = *plan.name.fiscal_start;
}

}  // namespace

SharedReport finish(Rendered rendered) {
    constexpr std::size_t kEtagBytes = 16;
    const Hash hash = sha256({as_bytes(rendered.bytes)});
    return std::make_shared<const FinishedReport>(
        FinishedReport{.bytes = std::move(rendered.bytes),
                       .content_type = rendered.content_type,
                       .etag = '"' + to_hex(std::span(hash).first(kEtagBytes)) + '"',
                       .dates = rendered.dates,
                       .stamp = rendered.stamp});
}

std::string_view cache_kind_name(CacheKind kind) {
    return kKindNames.at(static_cast<std::size_t>(kind));
}

CacheKind cache_kind(ReportKind kind) {
    switch (kind) {
        case ReportKind::daily: return CacheKind::daily;
        case ReportKind::range: return CacheKind::range;
        case ReportKind::monthly: return CacheKind::monthly;
        case ReportKind::yearly: return CacheKind::yearly;
    }
    CHECK(false);
}

CacheKey key_of(const ReportQuery& query, const PeriodPlan& plan, const Subject& subject) {
    CacheKey key;
    key.kind = cache_kind(plan.kind);
    key.format = query.format;
    key.shape = query.shape();
    key.subject = subject.key;
    set_period(key, plan);
    return key;
}

CacheKey part_key_of(const PeriodPlan& plan, PropertyId property, std::size_t entries_max) {
    CacheKey key;
    key.kind = CacheKind::part;
    key.subject = property.value;
    if (plan.kind == ReportKind::daily) key.entries_max = static_cast<std::uint32_t>(entries_max);
    set_period(key, plan);
    return key;
}

std::size_t CacheStore::HashOfKey::operator()(const CacheKey& key) const noexcept {
    constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;
    std::uint64_t hash = std::hash<Uuid>{}(key.subject);
    const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * kOdd; };
    mix(static_cast<std::uint32_t>(key.from_days));
    mix(static_cast<std::uint32_t>(key.to_days));
    mix(static_cast<std::uint64_t>(key.kind) << 8 | static_cast<std::uint64_t>(key.format));
    mix(static_cast<std::uint64_t>(key.shape) << 8 | key.quarter);
    return static_cast<std::size_t>(hash ^ (hash >> 32));
}

const CacheStore::Entry* CacheStore::find(OrgId org, const CacheKey& key) {
    const auto entries = orgs_.find(org);
    if (entries == orgs_.end()) return nullptr;
    const auto found = entries->second.by_key.find(key);
    if (found == entries->second.by_key.end()) return nullptr;
    Entries& of_kind = entries->second.by_use.at(index(key.kind));
    of_kind.splice(of_kind.begin(), of_kind, found->second);
    found->second->used = ++look_ups_;
    return &*found->second;
}

void CacheStore::erase(OrgId org, const CacheKey& key) {
    const auto entries = orgs_.find(org);
    if (entries == orgs_.end()) return;
    const auto found = entries->second.by_key.find(key);
    if (found != entries->second.by_key.end()) remove(org, entries->second, found->second);
}

void CacheStore::put(OrgId org, Entry entry) {
    erase(org, entry.key);
    // The entry itself, its place in the index, and its share of two allocations.
    constexpr std::size_t kKeepingBytes = sizeof(Entry) + sizeof(CacheKey) + 96;
    entry.bytes += kKeepingBytes;
    const auto share = static_cast<std::int64_t>(limits_.bytes_max / limits_.org_share);
    if (static_cast<std::int64_t>(entry.bytes) > share) return;
    entry.used = ++look_ups_;
    OrgEntries& entries = orgs_[org];
    const CacheKind kind = entry.key.kind;
    Entries& of_kind = entries.by_use.at(index(kind));
    of_kind.push_front(std::move(entry));
    entries.by_key.emplace(of_kind.front().key, of_kind.begin());
    ++entries.sizes.at(index(kind)).entries;
    add_bytes(org, entries, kind, static_cast<std::int64_t>(of_kind.front().bytes));

    const std::size_t most = kind == CacheKind::part ? limits_.parts_max : limits_.entries_max;
    if (of_kind.size() > most) evict_last(org, entries, of_kind);
    while (entries.bytes > share) evict_oldest(org, entries);
    while (bytes_ > static_cast<std::int64_t>(limits_.bytes_max)) {
        const OrgId largest = by_bytes_.rbegin()->second;
        evict_oldest(largest, orgs_.at(largest));
    }
}

CacheStore::Size CacheStore::size(OrgId org, CacheKind kind) const {
    const auto entries = orgs_.find(org);
    return entries == orgs_.end() ? Size{} : entries->second.sizes.at(index(kind));
}

void CacheStore::add_bytes(OrgId org, OrgEntries& entries, CacheKind kind, std::int64_t bytes) {
    by_bytes_.erase({entries.bytes, org});
    entries.bytes += bytes;
    entries.sizes.at(index(kind)).bytes += bytes;
    bytes_ += bytes;
    if (entries.bytes > 0) by_bytes_.emplace(entries.bytes, org);
}

CacheStore::Entries::iterator CacheStore::remove(OrgId org, OrgEntries& entries,
                                                 Entries::iterator at) {
    const CacheKind kind = at->key.kind;
    --entries.sizes.at(index(kind)).entries;
    add_bytes(org, entries, kind, -static_cast<std::int64_t>(at->bytes));
    entries.by_key.erase(at->key);
    return entries.by_use.at(index(kind)).erase(at);
}

void CacheStore::evict_last(OrgId org, OrgEntries& entries, Entries& of_kind) {
    const auto last = std::prev(of_kind.end());
    ++entries.sizes.at(index(last->key.kind)).evictions;
    remove(org, entries, last);
}

void CacheStore::evict_oldest(OrgId org, OrgEntries& entries) {
    Entries* oldest = nullptr;
    for (Entries& of_kind : entries.by_use) {
        if (of_kind.empty()) continue;
        if (oldest == nullptr || of_kind.back().used < oldest->back().used) oldest = &of_kind;
    }
    CHECK(oldest != nullptr);
    evict_last(org, entries, *oldest);
}

}  // namespace daybook::reports
