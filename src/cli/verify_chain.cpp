// The log, event by event: while one page is proved, another thread reads on.
#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/event_codec.h"
#include "base/mutex.h"
#include "cli/verify.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kPageEvents = 2'000;
constexpr std::size_t kPagesAheadMax = 2;

using Page = std::vector<domain::StoredEvent>;

std::unexpected<Error> broken(Position position, std::string_view words) {
    return fail(ErrorCode::corrupt,
                "Position " + std::to_string(position) + ": " + std::string(words) +
                    " Everything before it verifies. Go back to a backup that is whole.");
}

class ChainCheck {
 public:
    ChainCheck(app::Store& store, OrgId org) : store_(store), org_(org) {
        verdict_.head_hash = app::chain_start(org);
    }

    Status take(const domain::StoredEvent& event) {
        const Position expected = verdict_.head + 1;
        if (event.position != expected) {
            return broken(expected, "the event is missing; the next is " +
                                        std::to_string(event.position) + ".");
        }
        if (event.prev_hash != verdict_.head_hash)
            return broken(expected, "prevHash is not the hash of the event before it.");
        if (event.hash != app::chain_hash(event.prev_hash, event.bytes))
            return broken(expected, "the hash is not that of the stored bytes.");
        TRY(check_content(event));
        verdict_.head = event.position;
        verdict_.head_hash = event.hash;
        return {};
    }

    [[nodiscard]] const ChainVerdict& verdict() const { return verdict_; }

 private:
    Status check_content(const domain::StoredEvent& event) {
        if (const Status texts = app::check_private(event.bytes, event.private_json); !texts)
            return broken(event.position, texts.error().detail);
        if (event.private_json.empty() && app::has_seal(event.bytes)) verdict_.erased_texts++;
        const auto type = app::glance_at(event.bytes, org_, event.position);
        if (type && type != domain::EventType::day_closed) return {};
        const auto decoded = app::decode(event.bytes, event.private_json);
        if (!decoded && decoded.error().code == ErrorCode::newer_schema) {
            verdict_.unknown_events++;
            return {};
        }
        if (!decoded) return broken(event.position, decoded.error().detail);
        if (decoded->org != org_ || decoded->position != event.position)
            return broken(event.position, "the bytes are of another org or position.");
        return check_frozen(*decoded);
    }

    // The report that the event names is there, and is the one.
    Status check_frozen(const domain::RecordedEvent& event) {
        const auto* closed = std::get_if<domain::DayClosed>(&event.event.payload);
        if (closed == nullptr) return {};
        const auto snapshot = TRY(store_.snapshot(org_));
        const auto report = TRY(snapshot->frozen_report(closed->closing.report));
        if (!report) return broken(event.position, "the frozen report that it names is missing.");
        if (sha256({as_bytes(*report)}) != closed->closing.report)
            return broken(event.position, "the frozen report is not the one that it names.");
        verdict_.frozen_reports++;
        return {};
    }

    app::Store& store_;
    OrgId org_;
    ChainVerdict verdict_;
};

// Reads the log page by page, each in a snapshot of its own, on one thread: one for each page would
// end before it is given a processor of its own.
class LogReader {
 public:
    LogReader(app::Store& store, OrgId org)
        : store_(store), org_(org), thread_([this] { read_all(); }) {}
    ~LogReader() {
        {
            const Lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    LogReader(const LogReader&) = delete;
    LogReader& operator=(const LogReader&) = delete;

    // Empty at the end of the log; not called again after that, or an error.
    Result<Page> next() EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        while (pages_.empty()) changed_.wait(mutex_);
        Result<Page> page = std::move(pages_.front());
        pages_.pop_front();
        changed_.notify_all();
        return page;
    }

 private:
    void read_all() EXCLUDES(mutex_) {
        Position after = 0;
        for (bool goes_on = true; goes_on;) {
            Result<Page> page = read(after);
            goes_on = page && !page->empty();
            if (goes_on) after = page->back().position;
            const Lock lock(mutex_);
            while (pages_.size() >= kPagesAheadMax && !stopping_) changed_.wait(mutex_);
            if (stopping_) return;
            pages_.push_back(std::move(page));
            changed_.notify_all();
        }
    }
    Result<Page> read(Position after) {
        const auto snapshot = TRY(store_.snapshot(org_));
        return snapshot->log(after, kPageEvents);
    }

    app::Store& store_;
    const OrgId org_;
    Mutex mutex_;
    Condition changed_;
    std::deque<Result<Page>> pages_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_;  // the last: it uses all of them
};

Result<Position> head_of(app::Store& store, OrgId org) {
    const auto snapshot = TRY(store.snapshot(org));
    return snapshot->head();
}

}  // namespace

Result<ChainVerdict> verify_chain(app::Store& store, OrgId org, const ReportProgress& progress) {
    ChainCheck check(store, org);
    const Position head = TRY(head_of(store, org));  // what is written later is for the next time
    LogReader log(store, org);
    while (check.verdict().head < head) {
        const Page page = TRY(log.next());
        if (page.empty()) {
            return broken(check.verdict().head + 1,
                          "the log ends before its head, which is " + std::to_string(head) + ".");
        }
        for (const domain::StoredEvent& each : page) TRY(check.take(each));
        progress(static_cast<std::size_t>(check.verdict().head), static_cast<std::size_t>(head));
    }
    return check.verdict();
}

}  // namespace daybook::cli
