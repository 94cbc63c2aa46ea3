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
#include "base/thread_name.h"

namespace daybook::storage {
namespace {

constexpr std::int64_t kUsPerMs = 1'000;

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

Writer::Writer(Backend& backend, const app::Environment& environment, Mode mode, PeerLogs peers)
    : backend_(backend), environment_(environment), mode_(mode) {
    if (peers.of_writer != nullptr) {
        sweep_.emplace(*peers.of_sweep, HeadSweep::Tell{[this] { sweep_begins(); },
                                                        [this](HeadSweep::Found found) {
                                                            sweep_ends(std::move(found));
                                                        }});
        catch_up_.emplace(
            *peers.of_writer, [this](OrgId org) { return backend_.kept_of(org); },
            [this](const app::Changes& changes) { tell(changes); },
            [this](OrgId org, const app::Head& told) { sweep_->note(org, told); });
    }
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
        }
    }
    if (refusal) {
        done(std::unexpected(std::move(*refusal)));
        return;
    }
    work_.notify_one();
    run_in_line();
}

void Writer::drain() {
    {
        const Lock lock(mutex_);
        draining_ = true;
    }
    work_.notify_one();
    if (sweep_) sweep_->stop();
    const Lock lock(mutex_);
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
    name_this_thread("daybook-writer");
    for (;;) {
        switch (wait_for_work()) {
            case Wake::work: {
                look_at_wanted();
                if (wants_peers()) look_at_peers();
                run(next_work());
                break;
            }
            case Wake::orgs: look_at_wanted(); break;
            case Wake::peers: look_at_peers(); break;
            case Wake::idle: keep_up(backend_.idle()); break;
            case Wake::end: return;
        }
    }
}

Writer::Wake Writer::wait_for_work() {
    constexpr std::int64_t kElsewhereRestMs = 1;
    Waiting unanswered;
    {
        const Lock lock(mutex_);
        if (std::exchange(put_everything_off_, false)) work_.wait_for(mutex_, kElsewhereRestMs);
        while (queue_.empty() && !draining_) {
            if (!wanted_.empty()) return Wake::orgs;
            if (is_asked()) return Wake::peers;
            if (!idle_due_ || read_only_) {
                work_.wait(mutex_);
                continue;
            }
            const std::int64_t idle_us = monotonic_us() + kIdleMs * kUsPerMs;
            work_.wait_for(mutex_, kIdleMs);
            if (!queue_.empty() || !wanted_.empty() || monotonic_us() < idle_us) continue;
            idle_due_ = false;
            return Wake::idle;
        }
        if (!queue_.empty()) return Wake::work;
        if (!wanted_.empty()) return Wake::orgs;
        running_ = false;
        for (Waiting* each : {&asked_.waiting, &waiting_for_all_, &waiting_for_sweep_}) {
            std::ranges::move(*each, std::back_inserter(unanswered));
            each->clear();
        }
        finished_.notify_all();
    }
    answer(std::move(unanswered));
    return Wake::end;
}

// Where there is no thread, whoever comes first runs everything.
void Writer::run_in_line() {
    if (mode_ == Mode::own_thread) return;
    {
        const Lock lock(mutex_);
        if (running_) return;
        running_ = true;
    }
    run_queue();
}

void Writer::run_queue() {
    for (;;) {
        if (look_at_wanted()) continue;
        if (wants_peers()) look_at_peers();
        Work work = next_work();
        if (!work.batch.empty()) {
            run(std::move(work));
            continue;
        }
        const Lock lock(mutex_);
        if (!queue_.empty() || !wanted_.empty() || is_asked()) continue;
        running_ = false;
        finished_.notify_all();
        return;
    }
}

Writer::Work Writer::next_work() {
    const std::int64_t now_us = monotonic_us();
    const Lock lock(mutex_);
    if (read_only_) return {queue_.take_all()};
    if (const auto org = overdue_org(now_us)) {
        Batch batch = queue_.take_line(*org);
        if (!batch.empty()) return {std::move(batch), Backend::Claim::wait};
        elsewhere_since_us_.erase(*org);
    }
    return {queue_.next_batch(now_us)};
}

std::optional<OrgId> Writer::overdue_org(std::int64_t now_us) const {
    for (const auto& [org, since_us] : elsewhere_since_us_) {
        if (now_us - since_us >= kElsewhereMs * kUsPerMs) return org;
    }
    return std::nullopt;
}

std::vector<app::CommitListener*> Writer::listeners() {
    const Lock lock(mutex_);
    return listeners_;
}

void Writer::tell(const app::Changes& changes) {
    for (app::CommitListener* each : listeners()) each->committed(changes);
}

void Writer::run(Work work) {
    const std::size_t commands = work.batch.size();
    Batch again = run_batch(std::move(work.batch), work.claim);
    put_everything_off_ = again.size() == commands;
    if (!again.empty()) put_off(std::move(again));
}

// Gives back the commands of orgs that another node has.
Batch Writer::run_batch(Batch batch, Backend::Claim claim) {
    if (is_read_only()) {
        refuse(std::move(batch), read_only_error());
        return {};
    }
    Batch again;
    auto result = transact(batch, claim, again);
    if (result && !batch.empty()) {
        finish(std::move(batch), std::move(*result));
    } else if (!result && (batch.size() == 1 || result.error().code == ErrorCode::commit_unknown)) {
        refuse(std::move(batch), result.error());
    } else {
        for (Submission& each : batch) {
            Batch alone;
            alone.push_back(std::move(each));
            // Nobody overtakes those of the same org.
            const bool waits =
                std::ranges::find(again, alone.front().org(), &Submission::org) != again.end();
            if (!waits) alone = run_batch(std::move(alone), claim);
            std::ranges::move(alone, std::back_inserter(again));
        }
    }
    return again;
}

// Commands of orgs that another node has come again, in their order, with the next batches.
void Writer::put_off(Batch batch) {
    const std::int64_t now_us = monotonic_us();
    for (const Submission& each : batch) {
        std::int64_t& since_us = elsewhere_since_us_.try_emplace(each.org(), now_us).first->second;
        // It was waited for in vain: the others come first for a while.
        if (now_us - since_us >= kElsewhereMs * kUsPerMs) since_us = now_us;
    }
    const Lock lock(mutex_);
    queue_.return_to_lines(std::move(batch));
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
    // From the first command on: what a store fetches ahead takes the same time however few of the
    // commands are executed after it.
    std::optional<std::int64_t> begun_us;
    return app::execute_batch(transaction, commands_of(batch), environment_, [&] {
        if (!begun_us) begun_us = monotonic_us();
        return monotonic_us() - *begun_us >= limits::kBatchWorkUsMax;
    });
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
    if (!elsewhere_since_us_.empty()) {
        for (const Submission& each : batch) elsewhere_since_us_.erase(each.org());
    }
    if (!rest.empty()) {
        const Lock lock(mutex_);
        queue_.put_back(std::move(rest));
    }
    const bool committed = changed_anything(result.changes);
    if (committed) {
        if (catch_up_) catch_up_->before(result.changes);
        tell(result.changes);
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
    if (mode_ == Mode::in_line) return environment_.clock.now().ms * kUsPerMs;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace daybook::storage
