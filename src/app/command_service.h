// Executes commands inside a store's transaction: authorise, load, decide, append (design, section
// 9).
//
// Operation: a batch of commands runs one after the other against one unit of work; each sees all
// before it. A refused command has changed nothing. What the batch changed is handed back once, for
// the store to write before it commits. Threads: none of its own; runs on the writer's.
#pragma once

#include <functional>
#include <vector>

#include "app/command.h"
#include "app/store.h"
#include "base/clock.h"

namespace daybook::app {

struct Environment {
    const Clock& clock;
    Random& random;
};

struct BatchResult {
    // One for each command executed, in order; fewer than given if `enough` said so.
    std::vector<Result<Outcome>> outcomes;
    Changes changes;
    // Set where a load failed that should not (io_failed, corrupt, disk_full): the transaction is
    // to be rolled back and its commands run again one by one, or refused with this.
    std::optional<Error> store_failure;
};

// `enough` is asked before every command but the first: true ends the batch
// (limits::kBatchWorkUsMax).
BatchResult execute_batch(WriteTransaction& transaction,
                          const std::vector<const Command*>& commands,
                          const Environment& environment, const std::function<bool()>& enough);

}  // namespace daybook::app
