// Deficit round robin over the orgs' lines (Shreedhar and Varghese, 1995).
#include "storage/queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace daybook::storage {
namespace {

// One org may hold this part of the queue, so that a flood leaves room for the others.
constexpr std::size_t kOrgShare = 2;
constexpr std::int64_t kBulkEveryUs = 1'000'000;

bool is_bulk(const Submission& submission) {
    return submission.weight > limits::kBatchEntriesMax;
}

}  // namespace

bool Queue::has_room(OrgId org, std::size_t weight) const {
    if (commands_ + 1 > limits::kQueueCommandsMax) return false;
    if (entries_ + weight > limits::kQueueEntriesMax) return false;
    const auto found = lines_.find(org);
    if (found == lines_.end()) return true;
    const Line& line = found->second;
    return line.waiting.size() + 1 <= limits::kQueueCommandsMax / kOrgShare &&
           line.entries + weight <= limits::kQueueEntriesMax / kOrgShare;
}

void Queue::push(Submission submission) {
    CHECK(submission.weight > 0);
    const OrgId org = submission.org();
    const auto [found, is_new] = lines_.try_emplace(org);
    if (is_new) turns_.push_back(org);
    ++commands_;
    entries_ += submission.weight;
    found->second.entries += submission.weight;
    found->second.waiting.push_back(std::move(submission));
}

Batch Queue::next_batch(std::int64_t now_us) {
    std::erase_if(last_bulk_us_,
                  [&](const auto& bulk) { return now_us - bulk.second >= kBulkEveryUs; });
    Batch batch = std::exchange(unfinished_, {});
    std::size_t entries = 0;
    for (const Submission& each : batch) {
        --commands_;
        entries_ -= each.weight;
        entries += each.weight;
    }
    std::size_t passed = 0;  // lines that had to wait, one after the other
    while (!turns_.empty()) {
        const OrgId org = turns_.front();
        const bool everybody_waits = passed == turns_.size();
        if (everybody_waits && !batch.empty()) break;
        if (!everybody_waits && must_wait(org, now_us)) {
            ++passed;
            turns_.pop_front();
            turns_.push_back(org);
            continue;
        }
        passed = 0;
        if (take_turn(lines_.at(org), batch, entries) == Turn::cut_short) break;
        end_turn();
    }
    if (batch.size() == 1 && is_bulk(batch.front())) last_bulk_us_[batch.front().org()] = now_us;
    return batch;
}

bool Queue::must_wait(OrgId org, std::int64_t now_us) {
    if (turns_.size() < 2 || !is_bulk(lines_.at(org).waiting.front())) return false;
    const auto last = last_bulk_us_.find(org);
    return last != last_bulk_us_.end() && now_us - last->second < kBulkEveryUs;
}

// Takes what the line may take. cut_short: the batch is full, and the turn goes on with the next
// one.
Queue::Turn Queue::take_turn(Line& line, Batch& batch, std::size_t& entries) {
    if (!line.in_turn) line.deficit += limits::kTurnEntries;
    line.in_turn = true;
    while (!line.waiting.empty() && line.waiting.front().weight <= line.deficit) {
        const Submission& next = line.waiting.front();
        const bool fits = batch.size() < limits::kBatchCommandsMax &&
                          entries + next.weight <= limits::kBatchEntriesMax;
        if (!batch.empty() && !fits) return Turn::cut_short;
        entries += next.weight;
        pop_into(line, batch);
    }
    return Turn::over;
}

void Queue::end_turn() {
    const OrgId org = turns_.front();
    Line& line = lines_.at(org);
    turns_.pop_front();
    if (line.waiting.empty()) {
        lines_.erase(org);
        return;
    }
    line.in_turn = false;
    turns_.push_back(org);
}

void Queue::pop_into(Line& line, Batch& batch) {
    Submission& next = line.waiting.front();
    --commands_;
    entries_ -= next.weight;
    line.entries -= next.weight;
    line.deficit -= next.weight;
    batch.push_back(std::move(next));
    line.waiting.pop_front();
}

// Into the lines they must not go: their org would take its next turns first, and as long as
// batches are cut short by time, nobody else would get one.
void Queue::put_back(Batch rest) {
    CHECK(unfinished_.empty());
    for (const Submission& each : rest) {
        ++commands_;
        entries_ += each.weight;
    }
    unfinished_ = std::move(rest);
}

void Queue::return_to_lines(Batch batch) {
    for (auto each = batch.rbegin(); each != batch.rend(); ++each) {
        const OrgId org = each->org();
        const auto [found, is_new] = lines_.try_emplace(org);
        if (is_new) turns_.push_back(org);
        Line& line = found->second;
        ++commands_;
        entries_ += each->weight;
        line.entries += each->weight;
        line.deficit += each->weight;
        line.waiting.push_front(std::move(*each));
    }
}

Batch Queue::take_line(OrgId org) {
    Batch batch;
    const auto found = lines_.find(org);
    if (found == lines_.end()) return batch;
    Line& line = found->second;
    std::size_t entries = 0;
    while (!line.waiting.empty()) {
        const std::size_t weight = line.waiting.front().weight;
        const bool fits = batch.size() < limits::kBatchCommandsMax &&
                          entries + weight <= limits::kBatchEntriesMax;
        if (!batch.empty() && !fits) break;
        entries += weight;
        line.deficit = std::max(line.deficit, weight);
        pop_into(line, batch);
    }
    if (line.waiting.empty()) {
        lines_.erase(found);
        turns_.erase(std::ranges::find(turns_, org));
    }
    return batch;
}

Batch Queue::take_all() {
    Batch all = std::exchange(unfinished_, {});
    for (const OrgId org : turns_) {
        for (Submission& each : lines_.at(org).waiting) all.push_back(std::move(each));
    }
    lines_.clear();
    turns_.clear();
    commands_ = 0;
    entries_ = 0;
    return all;
}

}  // namespace daybook::storage
