// The loop of the writer: queue, transaction, listeners, answers; and what happens when the disk
// fails.
#include "storage/writer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"

namespace daybook::storage {
namespace {

Error read_only_error() {
    return error(ErrorCode::read_only,
                 "This node no longer writes because the disk failed it; it must be restarted.");
}

Error commit_unknown_error() {
    return error(ErrorCode::commit_unknown,
                 "It is not known whether this was stored. Ask again with the same Idempotency-Key "
                 "once the node is back.");
}

bool changed_anything(const app::Changes& changes) {
    return !changes.events.empty() || !changes.idempotency.empty() ||
           !changes.credentials.empty() || !changes.deliveries.empty() ||
           !changes.dead_letters.empty() || !changes.webhook_attempts.empty() ||
           !changes.read_marks.empty() || !changes.last_uses.empty() ||
           !changes.failed_sign_ins.empty() || !changes.accesses.empty();
}

std::vector<const app::Command*> commands_of(const Batch& batch) {
    std::vector<const app::Command*> commands;
    commands.reserve(batch.size());
    for (const Submission& each : batch) commands.push_back(&each.command);
    return commands;
}

std::vector<OrgId> orgs_of(const Batch& batch) {
    std::vector<OrgId> orgs;
    orgs.reserve(batch.size());
    for (const Submission& each : batch) orgs.push_back(each.org());
    std::ranges::sort(orgs);
    const auto rest = std::ranges::unique(orgs);
    orgs.erase(rest.begin(), rest.end());
    return orgs;
}

// The commands of those orgs, in their order.
Batch take_out(Batch& batch, const std::vector<OrgId>& orgs) {
    Batch taken;
    if (orgs.empty()) return taken;
    Batch kept;
    for (Submission& each : batch) {
        const bool is_taken = std::ranges::find(orgs, each.org()) != orgs.end();
        (is_taken ? taken : kept).push_back(std::move(each));
    }
    batch = std::move(kept);
    return taken;
}

}  // namespace

Writer::Writer(Backend& backend, const app::Environment& environment, Mode mode)
    : backend_(backend), environment_(environment), mode_(mode) {
    if (mode_ == Mode::in_line) return;
    {
        const Lock lock(mutex_);
        running_ = true;
    }
    thread_ = std::thread([this] { run_thread(); });
}

Writer::~Writer() {
    drain();
    if (thread_.joinable()) thread_.join();
}

void Writer::listen(app::CommitListener& listener) {
    const Lock lock(mutex_);
    listeners_.push_back(&listener);
}

void Writer::submit(app::Command command, app::Done done) {
    const std::size_t weight = app::weight(command);
    std::optional<Error> refusal;
    bool runs_here = false;
    {
        const Lock lock(mutex_);
        if (read_only_) {
            refusal = read_only_error();
        } else if (draining_) {
            refusal = error(ErrorCode::draining, "This node is being stopped; ask again shortly.");
        } else if (!queue_.has_room(command.principal.org, weight)) {
            refusal = error(ErrorCode::queue_full,
                            "Too much is waiting to be written; ask again in a few seconds.");
        } else {
            queue_.push({std::move(command), std::move(done), weight});
            runs_here = mode_ == Mode::in_line && !running_;
            if (runs_here) running_ = true;
        }
    }
    if (refusal) {
        done(std::unexpected(std::move(*refusal)));
        return;
    }
    if (mode_ == Mode::own_thread) work_.notify_one();
    if (runs_here) run_queue();
}

void Writer::drain() {
    const Lock lock(mutex_);
    draining_ = true;
    work_.notify_one();
    while (running_) finished_.wait(mutex_);
}

app::Store::Health Writer::health() {
    const Lock lock(mutex_);
    app::Store::Health health;
    health.accepts_writes = !read_only_ && !draining_;
    health.reason = read_only_ ? read_only_reason_ : draining_ ? "draining" : "";
    health.queued_commands = static_cast<std::int64_t>(queue_.commands());
    return health;
}

void Writer::run_thread() {
    for (;;) {
        switch (wait_for_work()) {
            case Wake::work: run_batch(next_batch()); break;
            case Wake::idle: keep_up(backend_.idle()); break;
            case Wake::end: return;
        }
    }
}

Writer::Wake Writer::wait_for_work() {
    const Lock lock(mutex_);
    while (queue_.empty() && !draining_) {
        if (!idle_due_ || read_only_) {
            work_.wait(mutex_);
            continue;
        }
        const std::int64_t due_us = monotonic_us() + kIdleMs * 1'000;
        work_.wait_for(mutex_, kIdleMs);
        if (!queue_.empty() || monotonic_us() < due_us) continue;
        idle_due_ = false;
        return Wake::idle;
    }
    if (!queue_.empty()) return Wake::work;
    running_ = false;
    finished_.notify_all();
    return Wake::end;
}

// In line: until nothing is queued. The caller has set running_.
void Writer::run_queue() {
    for (;;) {
        Batch batch = next_batch();
        if (!batch.empty()) {
            run_batch(std::move(batch));
            continue;
        }
        const Lock lock(mutex_);
        if (!queue_.empty()) continue;
        running_ = false;
        finished_.notify_all();
        return;
    }
}

Batch Writer::next_batch() {
    const std::int64_t now_us = monotonic_us();
    const Lock lock(mutex_);
    return read_only_ ? queue_.take_all() : queue_.next_batch(now_us);
}

void Writer::run_batch(Batch batch, Backend::Claim claim) {
    if (is_read_only()) {
        refuse(std::move(batch), read_only_error());
        return;
    }
    Batch claimed_elsewhere;
    auto result = transact(batch, claim, claimed_elsewhere);
    const auto run_alone = [this](Batch commands, Backend::Claim how) {
        for (Submission& each : commands) {
            Batch alone;
            alone.push_back(std::move(each));
            run_batch(std::move(alone), how);
        }
    };
    if (result && !batch.empty()) {
        finish(std::move(batch), std::move(*result));
    } else if (!result && (batch.size() == 1 || result.error().code == ErrorCode::commit_unknown)) {
        refuse(std::move(batch), result.error());
    } else {
        run_alone(std::move(batch), claim);
    }
    run_alone(std::move(claimed_elsewhere), Backend::Claim::wait);
}

// Runs the batch in one transaction; what it wrote is on disk afterwards. After an error nothing of
// it is, but for commit_unknown, after which nothing is written any more. Commands of orgs that
// another node has are taken out of the batch first.
Result<app::BatchResult> Writer::transact(Batch& batch, Backend::Claim claim,
                                          Batch& claimed_elsewhere) {
    app::WriteTransaction* transaction = TRY(backend_.begin());
    const auto taken = backend_.claim(orgs_of(batch), claim);
    if (taken) claimed_elsewhere = take_out(batch, *taken);
    app::BatchResult result;
    bool keeps = false;
    Status status = taken ? Status() : fail(taken.error());
    if (taken && !batch.empty()) {
        result = execute(*transaction, batch);
        keeps = !result.store_failure && changed_anything(result.changes);
        if (result.store_failure) status = fail(*result.store_failure);
        if (keeps) status = write_and_commit(*transaction, result);
    }
    if (!status && status.error().code == ErrorCode::commit_unknown) {
        stop_writing(status.error());
        return std::unexpected(commit_unknown_error());
    }
    if (status && keeps) return result;
    if (const Status ended = backend_.rollback(); !ended) {
        stop_writing(ended.error());
        return std::unexpected(commit_unknown_error());
    }
    if (!status) return std::unexpected(status.error());
    return result;
}

app::BatchResult Writer::execute(app::WriteTransaction& transaction, const Batch& batch) {
    const std::int64_t begun_us = monotonic_us();
    return app::execute_batch(transaction, commands_of(batch), environment_,
                              [&] { return monotonic_us() - begun_us >= limits::kBatchWorkUsMax; });
}

Status Writer::write_and_commit(app::WriteTransaction& transaction,
                                const app::BatchResult& result) {
    if (Status written = transaction.write(result.changes); !written) return written;
    return backend_.commit();
}

void Writer::finish(Batch batch, app::BatchResult result) {
    CHECK(!result.outcomes.empty() && result.outcomes.size() <= batch.size());
    const auto executed = batch.begin() + static_cast<std::ptrdiff_t>(result.outcomes.size());
    Batch rest(std::move_iterator(executed), std::move_iterator(batch.end()));
    batch.erase(executed, batch.end());
    std::vector<app::CommitListener*> listeners;
    {
        const Lock lock(mutex_);
        if (!rest.empty()) queue_.put_back(std::move(rest));
        listeners = listeners_;
    }
    const bool committed = changed_anything(result.changes);
    if (committed) {
        for (app::CommitListener* each : listeners) each->committed(result.changes);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(result.outcomes[i]));
    if (!committed) return;
    idle_due_ = true;
    keep_up(backend_.after_batch());
}

void Writer::refuse(Batch batch, const Error& why) {
    for (Submission& each : batch) each.done(std::unexpected(why));
}

// Work between batches that must not fail.
void Writer::keep_up(Status status) {
    if (!status) stop_writing(status.error());
}

void Writer::stop_writing(const Error& why) {
    const Lock lock(mutex_);
    if (read_only_) return;
    read_only_ = true;
    read_only_reason_ = std::string(code_name(why.code)) + ": " + why.detail;
    log(LogLevel::error, "Nothing is written any more, restart the node: " + read_only_reason_);
}

bool Writer::is_read_only() {
    const Lock lock(mutex_);
    return read_only_;
}

std::int64_t Writer::monotonic_us() const {
    if (mode_ == Mode::in_line) return environment_.clock.now().ms * 1'000;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace daybook::storage
