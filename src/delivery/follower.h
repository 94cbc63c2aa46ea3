// One subscription's place in the log of one org, as a state machine without clock, I/O or threads.
//
// Operation: it says which page of the log to read next, sorts what is read into lanes, one for
// each entity, and says which events are due. Of a lane one event is under way at a time, so that
// starts and accepted acknowledgements are in order per entity. Only positions wait here; an event
// is read when it is started, so that what waits costs little and an erased text is never kept.
//
// After Policy::attempts failures the event becomes a dead letter: acknowledged for the cursor, but
// it holds its lane, whose later events are parked until it is redriven or discarded.
//
// Limits: Policy. At those of ranges, parked events and dead letters it pauses itself and says why;
// at `queued` it only stops reading on.
// Threads: none; the caller guards it.
#pragma once

#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/delivery_rows.h"
#include "app/event_facts.h"
#include "base/clock.h"
#include "delivery/cursor.h"
#include "delivery/subscription.h"

namespace daybook::delivery {

// Monotonic milliseconds for delays, and the instant for people.
struct Now {
    std::int64_t ms = 0;
    Instant at;
};

class Follower {
 public:
    struct Page {
        Position after = 0;
        std::size_t limit = 0;
    };
    struct Start {
        std::uint64_t attempt = 0;
        int number = 1;
        std::shared_ptr<const std::atomic<bool>> stop;
    };
    struct Status {
        std::int64_t generation = 1;
        Position watermark = 0;
        Position head = 0;
        std::int64_t lag = 0;  // events not acknowledged, also those that nobody has read yet
        bool paused = false;
        std::string reason;
        bool stuck = false;         // every slot is taken by an attempt past its deadline
        std::size_t in_flight = 0;  // slots taken
        std::size_t overdue = 0;    // of those, past the deadline
        std::size_t queued = 0;
        std::size_t parked = 0;
        std::size_t dead_letters = 0;
        std::uint64_t acknowledged = 0;  // since the start, as are the next
        std::uint64_t retries = 0;
        std::uint64_t died = 0;
        std::uint64_t late = 0;  // answers that were refused
    };

    Follower(const Policy& policy, const app::DeliveryRow& row,
             std::vector<app::DeadLetter> letters, Random& random);

    // Reading.
    void heard_head(Position head);
    [[nodiscard]] std::optional<Page> wants_page() const;
    // The events after page.after, in order, at least one.
    void read(const std::vector<app::EventFacts>& page, const Filter& filter, Now now);

    // Attempts. due(): positions to start now, in order, at most as many as there are free slots.
    std::vector<Position> due(Now now);
    // nullopt: no longer due.
    std::optional<Start> start(const app::EventFacts& facts, Now now);
    // Frees the slot. False: refused. An empty error acknowledges.
    bool answer(std::uint64_t attempt, std::string error, Now now);
    // What is past its deadline is told to stop, and counts as failed.
    void expire(Now now);

    // What an admin did, or the limits.
    void pause(std::string reason);  // its own act; saved with the next save
    // What the tables say, unless its own pause is not saved yet.
    void heard_paused(bool paused, std::string reason);
    // Begins again from the row.
    void reset(const app::DeliveryRow& row, Now now);
    void redrive(const app::DeadLetter& letter, Now now);
    void release(DeadLetterId id, Now now);
    // Tells every attempt to stop; no answer counts any more.
    void stop_attempts();

    // What is to be saved, if it is time for it: after limits::kCursorSaveAcks acknowledgements,
    // kCursorSaveMs, or at once where a dead letter or a pause is new. One save at a time.
    std::optional<app::SaveDelivery> take_save(Now now);
    void hurry_save() { urgent_ = true; }
    void saved(bool kept, Now now);
    [[nodiscard]] bool is_saved() const { return !saving_ && !is_dirty(); }

    // When to look again; nullopt: when something comes.
    [[nodiscard]] std::optional<std::int64_t> next_due_ms() const;
    [[nodiscard]] Status status() const;
    [[nodiscard]] std::int64_t generation() const { return generation_; }
    [[nodiscard]] std::size_t slots_taken() const { return running_.size(); }
    // The first position that is not acknowledged; nullopt: none.
    [[nodiscard]] std::optional<Position> oldest() const;

 private:
    struct EntityKey {
        std::string type;
        Uuid id;
        auto operator<=>(const EntityKey&) const = default;
    };
    struct Item {
        Position position = 0;
        std::optional<DeadLetterId> letter;  // of a redrive
    };
    struct Lane {
        std::deque<Item> queue;     // in order of the log
        std::deque<Item> redrives;  // before the queue
        std::size_t held_by = 0;    // dead letters: nothing of the queue starts
        std::optional<Item> current;
        std::optional<std::uint64_t> running;  // the attempt at `current`
        int failed = 0;                        // attempts at `current`
        std::int64_t not_before_ms = 0;
        Instant first_at;
    };
    struct Running {
        EntityKey entity;
        app::EventFacts facts;
        std::int64_t deadline_ms = 0;
        bool over = false;  // its answer no longer counts
        std::shared_ptr<std::atomic<bool>> stop;
    };

    static EntityKey key_of(const app::DeadLetter& letter);
    void keep_letters(std::vector<app::DeadLetter> letters);
    void advance(const EntityKey& key, Lane& lane, std::int64_t now_ms);
    void acknowledge(const EntityKey& key, Lane& lane, const Item& item, Now now);
    void fail(const Running& run, Lane& lane, std::string error, Now now);
    void bury(const Running& run, Lane& lane, std::string error, Now now);
    void hold(Lane& lane);
    void let_go(Lane& lane);
    void drop_current(const EntityKey& key, Lane& lane);
    void forget_letter(DeadLetterId id);
    void check_limits();
    [[nodiscard]] bool is_dirty() const;
    std::int64_t draw_ms(std::int64_t bound_ms);

    const Policy policy_;
    Random& random_;
    std::int64_t generation_;
    Cursor cursor_;
    bool paused_;
    std::string reason_;
    Position head_ = 0;
    Position scanned_;  // up to it every event is acknowledged or in a lane

    std::map<EntityKey, Lane> lanes_;
    std::set<std::pair<Position, EntityKey>> ready_;
    std::set<std::pair<std::int64_t, EntityKey>> waiting_;  // for their next attempt, by due time
    std::map<std::uint64_t, Running> running_;
    std::map<DeadLetterId, app::DeadLetter> letters_;  // without their errors
    std::size_t queued_ = 0;
    std::size_t parked_ = 0;
    std::uint64_t next_attempt_ = 1;

    std::size_t unsaved_ = 0;  // acknowledgements
    std::map<DeadLetterId, app::DeadLetter> unsaved_letters_;
    bool unsaved_pause_ = false;
    bool urgent_ = false;
    std::optional<app::SaveDelivery> saving_;
    std::size_t saving_acks_ = 0;
    std::int64_t saved_ms_ = 0;

    std::uint64_t acknowledged_ = 0;
    std::uint64_t retries_ = 0;
    std::uint64_t died_ = 0;
    std::uint64_t late_ = 0;
};

}  // namespace daybook::delivery
