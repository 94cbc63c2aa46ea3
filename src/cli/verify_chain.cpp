// The log, event by event: while one page is proved, the next is read and hashed by another thread.
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "app/event_codec.h"
#include "cli/verify.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kPageEvents = 2'000;

struct Page {
    std::vector<domain::StoredEvent> events;
    std::vector<Hash> hashes;  // what that of each event has to be
};

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

    // `hash` is what that of the event has to be.
    Status take(const domain::StoredEvent& event, const Hash& hash) {
        const Position expected = verdict_.head + 1;
        if (event.position != expected) {
            return broken(expected, "the event is missing; the next is " +
                                        std::to_string(event.position) + ".");
        }
        if (event.prev_hash != verdict_.head_hash)
            return broken(expected, "prevHash is not the hash of the event before it.");
        if (event.hash != hash)
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

Result<Page> read_page(app::Store& store, OrgId org, Position after) {
    const auto snapshot = TRY(store.snapshot(org));
    Page page{TRY(snapshot->log(after, kPageEvents)), {}};
    page.hashes.reserve(page.events.size());
    for (const domain::StoredEvent& each : page.events) {
        page.hashes.push_back(app::chain_hash(each.prev_hash, each.bytes));
    }
    return page;
}

// Each page in a snapshot of its own. What was proved is thrown away there too, where there is
// time.
std::future<Result<Page>> read_ahead(app::Store& store, OrgId org, Position after, Page proved) {
    return std::async(std::launch::async,
                      [&store, org, after, old = std::move(proved)]() mutable -> Result<Page> {
                          old = {};
                          return read_page(store, org, after);
                      });
}

Result<Position> head_of(app::Store& store, OrgId org) {
    const auto snapshot = TRY(store.snapshot(org));
    return snapshot->head();
}

}  // namespace

Result<ChainVerdict> verify_chain(app::Store& store, OrgId org, const ReportProgress& progress) {
    ChainCheck check(store, org);
    const Position head = TRY(head_of(store, org));  // what is written later is for the next time
    Page page;
    auto ahead = read_ahead(store, org, 0, {});
    while (check.verdict().head < head) {
        Page next = TRY(ahead.get());
        if (next.events.empty()) {
            return broken(check.verdict().head + 1,
                          "the log ends before its head, which is " + std::to_string(head) + ".");
        }
        ahead = read_ahead(store, org, next.events.back().position, std::exchange(page, {}));
        page = std::move(next);
        for (std::size_t i = 0; i < page.events.size(); ++i) {
            TRY(check.take(page.events[i], page.hashes[i]));
        }
        progress(static_cast<std::size_t>(check.verdict().head), static_cast<std::size_t>(head));
    }
    return check.verdict();
}

}  // namespace daybook::cli
