// How many streams and waiting polls there may be: of one principal, of one org, of the node.
//
// A seat is taken when a stream is asked for and given back when it ends, however it ends.
// Concurrency: any thread. Limits: base/limits.h (kStreams…Max); above, rate_limited.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "domain/principal.h"

namespace daybook::realtime {

class Seats;

// Gives its place back when it goes.
class Seat {
 public:
    Seat(Seat&& other) noexcept = default;
    Seat& operator=(Seat&&) = delete;
    ~Seat();

 private:
    friend class Seats;
    using PrincipalKey = std::tuple<OrgId, UserId, TokenId>;
    struct Counts {
        Mutex mutex;
        std::size_t all GUARDED_BY(mutex) = 0;
        std::map<OrgId, std::size_t> of_org GUARDED_BY(mutex);
        std::map<PrincipalKey, std::size_t> of_principal GUARDED_BY(mutex);
    };
    Seat(std::shared_ptr<Counts> counts, PrincipalKey key)
        : counts_(std::move(counts)), key_(key) {}

    std::shared_ptr<Counts> counts_;
    PrincipalKey key_;
};

class Seats {
 public:
    struct Limits {
        std::size_t of_node = limits::kStreamsPerNodeMax;
        std::size_t of_org = limits::kStreamsPerOrgMax;
        std::size_t of_principal = limits::kStreamsPerPrincipalMax;
    };
    explicit Seats(Limits limits) : limits_(limits) {}

    // Errors: rate_limited.
    Result<Seat> take(const domain::Principal& principal);
    [[nodiscard]] std::size_t taken() const;

 private:
    const Limits limits_;
    std::shared_ptr<Seat::Counts> counts_ = std::make_shared<Seat::Counts>();
};

}  // namespace daybook::realtime
