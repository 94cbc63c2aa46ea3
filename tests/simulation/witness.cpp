// Reads each event once; what was read before is compared with the head only.
#include "simulation/witness.h"

#include <algorithm>

#include "app/event_codec.h"
#include "app/event_facts.h"
#include "simulation/broken.h"

namespace daybook::simulation {

Witness::Witness(storage::memory::MemoryBackend& kept, OrgId org)
    : kept_(kept), org_(org), hashes_{app::chain_start(org)} {
    keep();
    acknowledge();
}

void Witness::keep() {
    std::shared_ptr<app::Snapshot> snapshot = kept_.snapshot(org_);
    head_ = snapshot->head().value();
    moments_.insert_or_assign(head_, std::move(snapshot));
}

void Witness::read_on() {
    constexpr std::size_t kPage = 200;
    const auto snapshot = kept_.snapshot(org_);
    for (;;) {
        const auto page = snapshot->log(read_, kPage).value();
        if (page.empty()) return;
        for (const domain::StoredEvent& each : page) {
            require(each.position == read_ + 1, "I2: the log has a gap");
            require(each.prev_hash == hashes_.back() &&
                        each.hash == app::chain_hash(each.prev_hash, each.bytes),
                    "I4: the chain does not fit");
            hashes_.push_back(each.hash);
            read_ = each.position;
            const app::EventFacts facts = app::facts_of(each).value();
            if (facts.entity_type == "entry") entries_[facts.entity].push_back(each.position);
        }
    }
}

void Witness::check() {
    read_on();
    const auto snapshot = kept_.snapshot(org_);
    require(snapshot->head().value() == read_, "I2: the head is not the log's end");
    require(read_ >= acknowledged_, "I3: an acknowledged write is lost");
    require(read_ == head_, "I3: the log went back");
    const auto last = snapshot->log(read_ - 1, 1).value();
    require(last.size() == 1 && last.front().hash == hashes_.back(), "I4: the log has changed");
}

bool Witness::was_so(const test::ReportQuestion& question, const std::string& bytes,
                     Position since) {
    auto at = moments_.upper_bound(since);
    if (at != moments_.begin()) --at;
    for (; at != moments_.end(); ++at) {
        if (test::rendered(*at->second, question) == bytes) return true;
    }
    return false;
}

void Witness::forget(Position before) {
    const auto at = moments_.upper_bound(std::min(before, acknowledged_));
    if (at == moments_.begin()) return;
    moments_.erase(moments_.begin(), std::prev(at));
}

}  // namespace daybook::simulation
