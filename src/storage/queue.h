// Commands waiting for the writer: one line per org, served in turn, so that no org waits for
// another's flood.
//
// Operation: deficit round robin by entries. An org's turn lets it take limits::kTurnEntries
// entries; what it may take but cannot use yet (its next command is larger) is kept for its next
// turn. Commands of one org stay in order. A command of more than limits::kBatchEntriesMax entries
// is a batch of its own, at most one per org and second while others wait. Limits:
// kQueueCommandsMax commands and kQueueEntriesMax entries; one org may hold half of either.
// Threads: none; the writer guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "app/command.h"
#include "app/store.h"
#include "base/ids.h"

namespace daybook::storage {

// A command, and who waits for it.
struct Submission {
    app::Command command;
    app::Done done;
    std::size_t weight = 1;  // entries, app::weight()

    [[nodiscard]] OrgId org() const { return command.principal.org; }
};

using Batch = std::vector<Submission>;

class Queue {
 public:
    // Whether there is room for a command of that weight.
    [[nodiscard]] bool has_room(OrgId org, std::size_t weight) const;
    void push(Submission submission);

    // The next commands to run in one transaction, at least one unless the queue is empty: at most
    // kBatchCommandsMax commands and kBatchEntriesMax entries, or one larger bulk. `now_us` is of a
    // clock that never goes back.
    [[nodiscard]] Batch next_batch(std::int64_t now_us);
    // Gives back the end of a batch, which was not run: it comes first again, and what it cost its
    // orgs of their turns stays paid.
    void put_back(Batch rest);
    // Gives back commands that could not be run now: they are the first of their lines again.
    void return_to_lines(Batch batch);
    // The next commands of one org, as many as one transaction takes; none if nothing of it waits.
    [[nodiscard]] Batch take_line(OrgId org);
    // Empties the queue, line by line.
    [[nodiscard]] Batch take_all();

    [[nodiscard]] bool empty() const { return commands_ == 0; }
    [[nodiscard]] std::size_t commands() const { return commands_; }

 private:
    struct Line {
        std::deque<Submission> waiting;
        std::size_t entries = 0;  // of all that is waiting
        std::size_t deficit = 0;  // entries that it may still take
        bool in_turn = false;     // has been given what this turn brings
    };
    enum class Turn : std::uint8_t { over, cut_short };

    [[nodiscard]] bool must_wait(OrgId org, std::int64_t now_us);
    Turn take_turn(Line& line, Batch& batch, std::size_t& entries);
    void end_turn();
    void pop_into(Line& line, Batch& batch);

    Batch unfinished_;                       // given back, before all lines
    std::unordered_map<OrgId, Line> lines_;  // those in which something waits
    std::deque<OrgId> turns_;                // the same orgs, the next one first
    std::unordered_map<OrgId, std::int64_t> last_bulk_us_;
    std::size_t commands_ = 0;
    std::size_t entries_ = 0;
};

}  // namespace daybook::storage
