// Filters, delays, and the end of an attempt.
#include "delivery/subscription.h"

#include <algorithm>

namespace daybook::delivery {
namespace {

template <class Values, class Value>
bool has(const Values& values, const Value& value) {
    return values.empty() || std::ranges::find(values, value) != values.end();
}

}  // namespace

bool Filter::wants(const app::EventFacts& facts) const {
    if (!has(types, facts.type) || !has(entity_types, facts.entity_type)) return false;
    return properties.empty() || (facts.property && has(properties, *facts.property));
}

std::int64_t Backoff::bound_ms(int failed) const {
    std::int64_t bound = first_ms;
    for (int i = 1; i < failed && bound < last_ms; ++i) bound *= factor;
    return std::min(bound, last_ms);
}

Attempt::~Attempt() {
    if (sink_) fail("The handler ended without an answer.");
}

bool Attempt::acknowledge() {
    const auto sink = std::exchange(sink_, nullptr);
    return sink && sink->answered(follower_, id_, {});
}

bool Attempt::fail(std::string error) {
    const auto sink = std::exchange(sink_, nullptr);
    if (error.empty()) error = "The handler failed without a reason.";
    return sink && sink->answered(follower_, id_, std::move(error));
}

}  // namespace daybook::delivery
