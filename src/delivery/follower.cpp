// Lanes, attempts and their ends.
#include "delivery/follower.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/utf8.h"

namespace daybook::delivery {
namespace {

std::string shortened(std::string text) {
    if (text.size() > limits::kDeliveryErrorBytesMax) text.resize(limits::kDeliveryErrorBytesMax);
    // The cut may have gone through a character, and a handler may say anything.
    while (!text.empty() && !is_valid_utf8(text)) text.pop_back();
    return text;
}

}  // namespace

Follower::Follower(const Policy& policy, const app::DeliveryRow& row,
                   std::vector<app::DeadLetter> letters, Random& random)
    : policy_(policy),
      random_(random),
      generation_(row.generation),
      cursor_(row.watermark, row.ranges),
      paused_(row.paused),
      reason_(row.reason),
      scanned_(row.watermark) {
    CHECK(policy.in_flight > 0 && policy.attempts > 0);
    keep_letters(std::move(letters));
    check_limits();
}

Follower::EntityKey Follower::key_of(const app::DeadLetter& letter) {
    return {letter.entity_type, letter.entity};
}

// A dead letter of an event that is to be delivered anyway, because of a reset, is none any more.
void Follower::keep_letters(std::vector<app::DeadLetter> letters) {
    std::ranges::sort(letters, {}, &app::DeadLetter::position);
    for (app::DeadLetter& letter : letters) {
        if (!cursor_.is_acknowledged(letter.position)) {
            letter.state = app::DeadLetterState::removed;
            unsaved_letters_.insert_or_assign(letter.id, std::move(letter));
            continue;
        }
        const EntityKey key = key_of(letter);
        Lane& lane = lanes_[key];
        ++lane.held_by;
        letter.last_error.clear();
        if (letter.state == app::DeadLetterState::redriving) {
            lane.redrives.push_back({letter.position, letter.id});
            advance(key, lane, 0);
        }
        letters_.emplace(letter.id, std::move(letter));
    }
}

void Follower::heard_head(Position head) {
    head_ = std::max(head_, head);
}

std::optional<Follower::Page> Follower::wants_page() const {
    const bool has_enough = queued_ >= policy_.queued || ready_.size() >= policy_.in_flight;
    if (paused_ || has_enough) return std::nullopt;
    const Position next = cursor_.next_gap(scanned_);
    if (next > head_) return std::nullopt;
    const Position end = std::min(head_, cursor_.gap_end(next).value_or(head_));
    return Page{next - 1, std::min<std::size_t>(limits::kDeliveryPage,
                                                static_cast<std::size_t>(end - next + 1))};
}

void Follower::read(const std::vector<app::EventFacts>& page, const Filter& filter, Now now) {
    for (const app::EventFacts& facts : page) {
        if (facts.position <= scanned_ || cursor_.is_acknowledged(facts.position)) continue;
        scanned_ = facts.position;
        if (!filter.wants(facts)) {
            cursor_.acknowledge(facts.position);
            ++unsaved_;
            continue;
        }
        const EntityKey key{facts.entity_type, facts.entity};
        Lane& lane = lanes_[key];
        lane.queue.push_back({facts.position, std::nullopt});
        ++(lane.held_by > 0 ? parked_ : queued_);
        advance(key, lane, now.ms);
    }
    check_limits();
}

// Takes up the lane's next event, or forgets the lane where there is none.
void Follower::advance(const EntityKey& key, Lane& lane, std::int64_t now_ms) {
    if (!lane.current && !lane.redrives.empty()) {
        lane.current = lane.redrives.front();
        lane.redrives.pop_front();
        lane.not_before_ms = 0;
    } else if (!lane.current && lane.held_by == 0 && !lane.queue.empty()) {
        lane.current = lane.queue.front();
        lane.queue.pop_front();
        --queued_;
        lane.not_before_ms = 0;
    }
    if (!lane.current) {
        if (lane.queue.empty() && lane.held_by == 0) lanes_.erase(EntityKey(key));
        return;
    }
    if (lane.running) return;
    if (lane.not_before_ms <= now_ms) {
        ready_.emplace(lane.current->position, key);
    } else {
        waiting_.emplace(lane.not_before_ms, key);
    }
}

std::vector<Position> Follower::due(Now now) {
    while (!waiting_.empty() && waiting_.begin()->first <= now.ms) {
        const EntityKey key = waiting_.extract(waiting_.begin()).value().second;
        ready_.emplace(lanes_.at(key).current->position, key);
    }
    std::vector<Position> positions;
    if (paused_) return positions;
    std::size_t free = policy_.in_flight - std::min(policy_.in_flight, running_.size());
    for (auto each = ready_.begin(); each != ready_.end() && free > 0; ++each, --free)
        positions.push_back(each->first);
    return positions;
}

std::optional<Follower::Start> Follower::start(const app::EventFacts& facts, Now now) {
    const EntityKey key{facts.entity_type, facts.entity};
    if (paused_ || running_.size() >= policy_.in_flight) return std::nullopt;
    if (ready_.erase({facts.position, key}) == 0) return std::nullopt;
    Lane& lane = lanes_.at(key);
    if (lane.failed == 0) lane.first_at = now.at;
    const std::uint64_t attempt = next_attempt_++;
    lane.running = attempt;
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    running_.emplace(attempt, Running{key, facts, now.ms + policy_.ack_ms, false, stop});
    return Start{attempt, lane.failed + 1, stop};
}

bool Follower::answer(std::uint64_t attempt, std::string error, Now now) {
    auto found = running_.extract(attempt);
    if (found.empty()) return false;
    const Running& run = found.mapped();
    // Time has passed, whether or not somebody came to look at the deadline.
    if (!run.over && run.deadline_ms <= now.ms) {
        Lane& lane = lanes_.at(run.entity);
        lane.running.reset();
        fail(run, lane, "There was no answer within the time limit.", now);
        ++late_;
        return false;
    }
    if (run.over) {
        ++late_;
        return false;
    }
    Lane& lane = lanes_.at(run.entity);
    CHECK(lane.running == attempt && lane.current);
    lane.running.reset();
    if (error.empty()) {
        acknowledge(run.entity, lane, *lane.current, now);
    } else {
        fail(run, lane, std::move(error), now);
    }
    return true;
}

void Follower::expire(Now now) {
    for (auto& [attempt, run] : running_) {
        if (run.over || run.deadline_ms > now.ms) continue;
        run.over = true;
        run.stop->store(true);
        Lane& lane = lanes_.at(run.entity);
        lane.running.reset();
        fail(run, lane, "There was no answer within the time limit.", now);
    }
}

void Follower::acknowledge(const EntityKey& key, Lane& lane, const Item& item, Now now) {
    ++acknowledged_;
    ++unsaved_;
    const std::optional<DeadLetterId> letter = item.letter;
    if (!letter) cursor_.acknowledge(item.position);
    lane.current.reset();
    lane.failed = 0;
    if (letter) {
        forget_letter(*letter);
        let_go(lane);
    }
    advance(key, lane, now.ms);
    check_limits();
}

void Follower::fail(const Running& run, Lane& lane, std::string error, Now now) {
    ++lane.failed;
    if (lane.failed >= policy_.attempts) return bury(run, lane, std::move(error), now);
    ++retries_;
    lane.not_before_ms = now.ms + 1 + draw_ms(policy_.backoff.bound_ms(lane.failed));
    advance(run.entity, lane, now.ms);
}

void Follower::bury(const Running& run, Lane& lane, std::string error, Now now) {
    const Item item = *lane.current;
    app::DeadLetter letter;
    if (item.letter) {
        letter = letters_.at(*item.letter);
    } else {
        letter.id = new_id<DeadLetterId>(now.at, random_);
        letter.position = item.position;
        letter.event = run.facts.id;
        letter.event_type = run.facts.type;
        letter.entity_type = run.facts.entity_type;
        letter.entity = run.facts.entity;
        letter.property = run.facts.property;
        letter.first_at = lane.first_at;
        cursor_.acknowledge(item.position);
        ++unsaved_;
        hold(lane);
    }
    letter.attempts += lane.failed;
    letter.last_at = now.at;
    letter.state = app::DeadLetterState::dead;
    letters_.insert_or_assign(letter.id, letter);
    letter.last_error = shortened(std::move(error));
    unsaved_letters_.insert_or_assign(letter.id, std::move(letter));
    urgent_ = true;
    ++died_;
    lane.current.reset();
    lane.failed = 0;
    advance(run.entity, lane, now.ms);
    check_limits();
}

void Follower::hold(Lane& lane) {
    if (lane.held_by++ > 0) return;
    queued_ -= lane.queue.size();
    parked_ += lane.queue.size();
}

void Follower::let_go(Lane& lane) {
    CHECK(lane.held_by > 0);
    if (--lane.held_by > 0) return;
    parked_ -= lane.queue.size();
    queued_ += lane.queue.size();
}

void Follower::forget_letter(DeadLetterId id) {
    app::DeadLetter letter = std::move(letters_.extract(id).mapped());
    letter.state = app::DeadLetterState::removed;
    unsaved_letters_.insert_or_assign(id, std::move(letter));
}

void Follower::pause(std::string reason) {
    if (paused_) return;
    paused_ = true;
    reason_ = std::move(reason);
    unsaved_pause_ = true;
    urgent_ = true;
}

void Follower::heard_paused(bool paused, std::string reason) {
    if (unsaved_pause_) return;
    paused_ = paused;
    reason_ = std::move(reason);
    check_limits();
}

void Follower::stop_attempts() {
    for (auto& [attempt, run] : running_) {
        run.over = true;
        run.stop->store(true);
    }
}

void Follower::check_limits() {
    if (paused_) return;
    if (parked_ > policy_.parked) {
        pause("Too many events wait behind dead letters. Redrive or discard those, then resume.");
    } else if (letters_.size() > policy_.dead_letters) {
        pause("There are too many dead letters. Redrive or discard them, then resume.");
    } else if (cursor_.range_count() > policy_.ranges) {
        pause(
            "Too much is acknowledged beyond what is not. Look at the dead letters, then resume.");
    }
}

void Follower::reset(const app::DeliveryRow& row, Now now) {
    stop_attempts();
    std::vector<app::DeadLetter> letters;
    for (auto& [id, letter] : letters_) letters.push_back(std::move(letter));
    letters_.clear();
    lanes_.clear();
    ready_.clear();
    waiting_.clear();
    queued_ = 0;
    parked_ = 0;
    unsaved_ = 0;
    unsaved_pause_ = false;
    generation_ = row.generation;
    cursor_ = Cursor(row.watermark, row.ranges);
    scanned_ = row.watermark;
    paused_ = row.paused;
    reason_ = row.reason;
    keep_letters(std::move(letters));
    saved_ms_ = now.ms;
}

void Follower::redrive(const app::DeadLetter& letter, Now now) {
    if (!cursor_.is_acknowledged(letter.position)) {  // it is on its way anyway
        unsaved_letters_[letter.id] = letter;
        unsaved_letters_[letter.id].state = app::DeadLetterState::removed;
        return;
    }
    const bool is_new = !letters_.contains(letter.id);
    app::DeadLetter& kept = letters_[letter.id];
    if (!is_new && kept.state == app::DeadLetterState::redriving) return;
    kept = letter;
    kept.last_error.clear();
    const EntityKey key = key_of(letter);
    Lane& lane = lanes_[key];
    if (is_new) hold(lane);
    lane.redrives.push_back({letter.position, letter.id});
    advance(key, lane, now.ms);
    check_limits();
}

// It may be under way: a reset forgets a letter, and before that is saved somebody redrives it.
void Follower::release(DeadLetterId id, Now now) {
    const auto found = letters_.find(id);
    if (found == letters_.end()) return;
    const EntityKey key = key_of(found->second);
    letters_.erase(found);
    Lane& lane = lanes_.at(key);
    std::erase_if(lane.redrives, [id](const Item& each) { return each.letter == id; });
    if (lane.current && lane.current->letter == id) drop_current(key, lane);
    let_go(lane);
    advance(key, lane, now.ms);
}

// A running attempt keeps its slot until it returns, and its answer is refused.
void Follower::drop_current(const EntityKey& key, Lane& lane) {
    if (lane.running) {
        Running& run = running_.at(*lane.running);
        run.over = true;
        run.stop->store(true);
        lane.running.reset();
    } else {
        ready_.erase({lane.current->position, key});
        waiting_.erase({lane.not_before_ms, key});
    }
    lane.current.reset();
    lane.failed = 0;
}

bool Follower::is_dirty() const {
    return unsaved_ > 0 || !unsaved_letters_.empty() || unsaved_pause_;
}

std::optional<app::SaveDelivery> Follower::take_save(Now now) {
    if (saving_ || !is_dirty()) return std::nullopt;
    const bool is_time = unsaved_ >= limits::kCursorSaveAcks ||
                         now.ms - saved_ms_ >= limits::kCursorSaveMs || urgent_;
    if (!is_time) return std::nullopt;
    app::SaveDelivery save;
    save.generation = generation_;
    save.watermark = cursor_.watermark();
    save.ranges = cursor_.ranges();
    if (unsaved_pause_) save.pause = reason_;
    for (auto& [id, letter] : unsaved_letters_) save.letters.push_back(std::move(letter));
    unsaved_letters_.clear();
    saving_acks_ = std::exchange(unsaved_, 0);
    unsaved_pause_ = false;
    urgent_ = false;
    saving_ = save;
    return save;
}

void Follower::saved(bool kept, Now now) {
    CHECK(saving_.has_value());
    saved_ms_ = now.ms;
    if (!kept) {
        // Those of now are newer than those of then.
        for (app::DeadLetter& letter : saving_->letters)
            unsaved_letters_.emplace(letter.id, std::move(letter));
        if (saving_->generation == generation_) {
            unsaved_ += saving_acks_;
            unsaved_pause_ = unsaved_pause_ || (paused_ && saving_->pause.has_value());
        }
    }
    saving_.reset();
}

std::optional<std::int64_t> Follower::next_due_ms() const {
    std::optional<std::int64_t> due;
    const auto at = [&due](std::int64_t ms) { due = due ? std::min(*due, ms) : ms; };
    if (!paused_ && !waiting_.empty()) at(waiting_.begin()->first);
    for (const auto& [attempt, run] : running_)
        if (!run.over) at(run.deadline_ms);
    if (is_dirty() && !saving_) at(saved_ms_ + limits::kCursorSaveMs);
    return due;
}

Follower::Status Follower::status() const {
    Status status;
    status.generation = generation_;
    status.watermark = cursor_.watermark();
    status.head = head_;
    status.lag = std::max<std::int64_t>(0, head_ - cursor_.count(head_));
    status.paused = paused_;
    status.reason = reason_;
    status.in_flight = running_.size();
    status.overdue = static_cast<std::size_t>(
        std::ranges::count_if(running_, [](const auto& each) { return each.second.over; }));
    status.stuck = status.overdue >= policy_.in_flight;
    status.queued = queued_;
    status.parked = parked_;
    status.dead_letters = letters_.size();
    status.acknowledged = acknowledged_;
    status.retries = retries_;
    status.died = died_;
    status.late = late_;
    return status;
}

std::optional<Position> Follower::oldest() const {
    const Position first = cursor_.watermark() + 1;
    if (first > head_) return std::nullopt;
    return first;
}

std::int64_t Follower::draw_ms(std::int64_t bound_ms) {
    std::uint64_t drawn = 0;
    std::array<std::uint8_t, sizeof drawn> bytes{};
    random_.fill(bytes);
    std::memcpy(&drawn, bytes.data(), sizeof drawn);
    return static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(bound_ms + 1));
}

}  // namespace daybook::delivery
