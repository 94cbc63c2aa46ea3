// Filling, taking, forgetting.
#include "app/rate_limiter.h"

#include <algorithm>
#include <string>

#include "base/limits.h"

namespace daybook::app {
namespace {

constexpr std::int64_t kMilli = 1'000;

std::int64_t level(std::int64_t milli, Instant since, const Rate& rate, Instant now) {
    const std::int64_t passed_ms = std::max<std::int64_t>(0, now.ms - since.ms);
    const std::int64_t full = rate.at_once * kMilli;
    // A bucket that is full by now needs no product that might not fit.
    if (passed_ms >= (full - milli) / std::max<std::int64_t>(1, rate.per_second) + 1) return full;
    return std::min(full, milli + passed_ms * rate.per_second);
}

// How long until `cost` is in it; 0 if it is.
std::int64_t wait_ms(std::int64_t milli, std::int64_t cost, const Rate& rate) {
    const std::int64_t missing = std::min(cost, rate.at_once) * kMilli - milli;
    return missing <= 0 ? 0 : (missing + rate.per_second - 1) / rate.per_second;
}

}  // namespace

RateLimiter::RateLimiter()
    : RateLimiter({limits::kCallerRequestsPerSecond, limits::kCallerRequestsAtOnce},
                  {limits::kOrgRequestsPerSecond, limits::kOrgRequestsAtOnce}) {}

RateLimiter::Bucket& RateLimiter::filled(Buckets& buckets, Uuid key, const Rate& rate,
                                         Instant now) {
    if (buckets.size() >= limits::kRateCallersMax) forget_full(buckets, rate, now);
    const auto [found, is_new] = buckets.try_emplace(key, Bucket{rate.at_once * kMilli, now});
    Bucket& bucket = found->second;
    if (!is_new) bucket = {level(bucket.milli, bucket.at, rate, now), now};
    return bucket;
}

// Who has not asked for a while is known again as anew. If all are busy, all begin anew.
void RateLimiter::forget_full(Buckets& buckets, const Rate& rate, Instant now) {
    std::erase_if(buckets, [&](const auto& each) {
        return level(each.second.milli, each.second.at, rate, now) >= rate.at_once * kMilli;
    });
    if (buckets.size() >= limits::kRateCallersMax) buckets.clear();
}

Status RateLimiter::take(Uuid caller, OrgId org, std::int64_t cost, Instant now) {
    const Lock lock(mutex_);
    Bucket& own = filled(callers_, caller, caller_, now);
    Bucket& common = filled(orgs_, org.value, org_, now);
    const std::int64_t wait =
        std::max(wait_ms(own.milli, cost, caller_), wait_ms(common.milli, cost, org_));
    if (wait > 0) {
        Error refused =
            error(ErrorCode::rate_limited,
                  "Too many requests: a caller may make " + std::to_string(caller_.per_second) +
                      " a second, an org " + std::to_string(org_.per_second) +
                      "; each entry of a bulk counts. Go on after Retry-After.");
        refused.facts.emplace_back("retryAfterSeconds",
                                   std::to_string((wait + kMilli - 1) / kMilli));
        return fail(std::move(refused));
    }
    own.milli -= cost * kMilli;
    common.milli -= cost * kMilli;
    return {};
}

}  // namespace daybook::app
