// What the report cache keeps: finished answers and parts, by org and kind, and what goes when a
// limit is reached.
//
// Operation: the least recently used goes first: of a kind at its number of entries, of an org at
// its share of the bytes; and when the node is full, of the org that has most, so that nobody's
// reports are pushed out by somebody else's. Threads: none of its own; the report cache guards it
// with its mutex. Limits: CacheLimits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "domain/business_date.h"
#include "reports/property_part.h"
#include "reports/query.h"
#include "reports/report_versions.h"

namespace daybook::reports {

// An answer as it is sent.
struct FinishedReport {
    std::string bytes;
    std::string_view content_type;
    std::string etag;  // with its quotes: the hash of the bytes
    domain::DateRange dates;
    Position stamp = 0;
};
using SharedReport = std::shared_ptr<const FinishedReport>;

SharedReport finish(Rendered rendered);

// The kinds of reports, and the parts that sums over properties are made of.
enum class CacheKind : std::uint8_t { daily, range, monthly, yearly, part };
inline constexpr std::size_t kCacheKinds = 5;
std::string_view cache_kind_name(CacheKind kind);
CacheKind cache_kind(ReportKind kind);

// Everything that the bytes of an answer depend on besides the books.
struct CacheKey {
    CacheKind kind = CacheKind::daily;
    ReportKind report = ReportKind::daily;
    Format format = Format::json;
    AnswerShape shape = AnswerShape::one;
    YearBasis basis = YearBasis::calendar;
    std::uint8_t quarter = 0;  // 0: none
    FiscalStart fiscal_start;  // of fiscal years; otherwise as it is by default
    std::int32_t from_days = 0;
    std::int32_t to_days = 0;
    std::uint32_t entries_max = 0;  // of a day's part
    Uuid subject;

    bool operator==(const CacheKey&) const = default;
};

CacheKey key_of(const ReportQuery& query, const PeriodPlan& plan, const Subject& subject);
// Of one property's part of that answer.
CacheKey part_key_of(const PeriodPlan& plan, PropertyId property, std::size_t entries_max);

// As in base/limits.h; smaller in tests.
struct CacheLimits {
    std::size_t entries_max = limits::kCacheEntriesMax;  // of a kind, per org
    std::size_t parts_max = limits::kCachePartsMax;      // per org
    std::size_t bytes_max = limits::kCacheBytesMax;
    std::size_t org_share = limits::kCacheOrgShare;  // one org may hold bytes_max / org_share
    std::size_t staircase_max = limits::kStaircaseMax;
};

class CacheStore {
 public:
    struct Entry {
        CacheKey key;
        SharedSubject subject;
        domain::DateRange dates;
        Position stamp = 0;
        Instant at;
        std::variant<SharedReport, SharedPart> value;
        std::size_t bytes = 0;   // with what it takes to keep it
        std::uint64_t used = 0;  // when it was last found, in look-ups of the node
    };
    struct Size {
        std::int64_t entries = 0;
        std::int64_t bytes = 0;
        std::int64_t evictions = 0;  // since the start, by limits only
    };

    explicit CacheStore(const CacheLimits& limits) : limits_(limits) {}

    // Null if there is none; it is now the most recently used. Valid until the next call.
    const Entry* find(OrgId org, const CacheKey& key);
    void erase(OrgId org, const CacheKey& key);
    // In place of what the key had. What is larger than an org's share is not kept.
    void put(OrgId org, Entry entry);
    // Those that `wanted` says; how many there were.
    template <class Wanted>
    std::int64_t erase_if(OrgId org, Wanted&& wanted);

    [[nodiscard]] Size size(OrgId org, CacheKind kind) const;
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }

 private:
    struct HashOfKey {
        std::size_t operator()(const CacheKey& key) const noexcept;
    };
    using Entries = std::list<Entry>;  // most recently used first
    struct OrgEntries {
        std::unordered_map<CacheKey, Entries::iterator, HashOfKey> by_key;
        std::array<Entries, kCacheKinds> by_use;
        std::array<Size, kCacheKinds> sizes;
        std::int64_t bytes = 0;
    };

    static std::size_t index(CacheKind kind) { return static_cast<std::size_t>(kind); }
    void add_bytes(OrgId org, OrgEntries& entries, CacheKind kind, std::int64_t bytes);
    Entries::iterator remove(OrgId org, OrgEntries& entries, Entries::iterator at);
    void evict_last(OrgId org, OrgEntries& entries, Entries& of_kind);
    void evict_oldest(OrgId org, OrgEntries& entries);

    const CacheLimits limits_;
    std::unordered_map<OrgId, OrgEntries> orgs_;
    std::set<std::pair<std::int64_t, OrgId>> by_bytes_;  // orgs that hold any
    std::int64_t bytes_ = 0;
    std::uint64_t look_ups_ = 0;
};

template <class Wanted>
std::int64_t CacheStore::erase_if(OrgId org, Wanted&& wanted) {
    const auto found = orgs_.find(org);
    if (found == orgs_.end()) return 0;
    std::int64_t erased = 0;
    for (Entries& of_kind : found->second.by_use) {
        for (auto at = of_kind.begin(); at != of_kind.end();) {
            if (!wanted(std::as_const(*at))) {
                ++at;
                continue;
            }
            at = remove(org, found->second, at);
            ++erased;
        }
    }
    return erased;
}

}  // namespace daybook::reports
