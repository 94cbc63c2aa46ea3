// How many requests one caller and one org may make: two token buckets each request takes from.
//
// A bucket holds what may come at once and fills by so much a second; what costs more than is in it
// is refused, with the seconds after which it would not be. What costs more than a bucket ever
// holds needs a full one, and leaves it in debt. Limits: limits::kCallerRequests…, kOrgRequests…,
// kRateCallersMax. Threads: any.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/clock.h"
#include "base/ids.h"
#include "base/mutex.h"
#include "base/result.h"

namespace daybook::app {

struct Rate {
    std::int64_t per_second = 0;
    std::int64_t at_once = 0;
};

class RateLimiter {
 public:
    RateLimiter();
    RateLimiter(Rate caller, Rate org) : caller_(caller), org_(org) {}

    // `caller` is a token or a session, by its id. Errors: rate_limited.
    Status take(Uuid caller, OrgId org, std::int64_t cost, Instant now);

 private:
    // In thousandths of a request, so that a millisecond fills a whole number of them.
    struct Bucket {
        std::int64_t milli = 0;
        Instant at;
    };
    using Buckets = std::unordered_map<Uuid, Bucket>;

    static Bucket& filled(Buckets& buckets, Uuid key, const Rate& rate, Instant now);
    static void forget_full(Buckets& buckets, const Rate& rate, Instant now);

    const Rate caller_;
    const Rate org_;
    Mutex mutex_;
    Buckets callers_ GUARDED_BY(mutex_);
    Buckets orgs_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
