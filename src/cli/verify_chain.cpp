// The log, event by event.
#include <string>

#include "app/event_codec.h"
#include "cli/verify.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kPageEvents = 1'000;

std::unexpected<Error> broken(Position position, std::string_view words) {
    return fail(ErrorCode::corrupt, "Position " + std::to_string(position) + ": " +
                                        std::string(words) +
                                        " Everything before it verifies. Restore a backup.");
}

class ChainCheck {
 public:
    explicit ChainCheck(OrgId org) : org_(org) { verdict_.head_hash = app::chain_start(org); }

    Status take(app::Snapshot& snapshot, const domain::StoredEvent& event) {
        const Position expected = verdict_.head + 1;
        if (event.position != expected) {
            return broken(expected, "the event is missing; the next is " +
                                        std::to_string(event.position) + ".");
        }
        if (event.prev_hash != verdict_.head_hash)
            return broken(expected, "prevHash is not the hash of the event before it.");
        if (event.hash != app::chain_hash(event.prev_hash, event.bytes))
            return broken(expected, "the hash is not that of the stored bytes.");
        TRY(check_content(snapshot, event));
        verdict_.head = event.position;
        verdict_.head_hash = event.hash;
        return {};
    }

    [[nodiscard]] const ChainVerdict& verdict() const { return verdict_; }

 private:
    Status check_content(app::Snapshot& snapshot, const domain::StoredEvent& event) {
        if (const Status texts = app::check_private(event.bytes, event.private_json); !texts)
            return broken(event.position, texts.error().detail);
        const auto decoded = app::decode(event.bytes, event.private_json);
        if (!decoded && decoded.error().code == ErrorCode::newer_schema) {
            verdict_.unknown_events++;
            return {};
        }
        if (!decoded) return broken(event.position, decoded.error().detail);
        if (decoded->org != org_ || decoded->position != event.position)
            return broken(event.position, "the bytes are of another org or position.");
        if (event.private_json.empty() && event.bytes.contains("\"sha256:"))
            verdict_.erased_texts++;
        return check_frozen(snapshot, *decoded);
    }

    // The report that the event names is there, and is the one.
    Status check_frozen(app::Snapshot& snapshot, const domain::RecordedEvent& event) {
        const auto* closed = std::get_if<domain::DayClosed>(&event.event.payload);
        if (closed == nullptr) return {};
        const auto report = TRY(snapshot.frozen_report(closed->closing.report));
        if (!report) return broken(event.position, "the frozen report that it names is missing.");
        if (sha256({as_bytes(*report)}) != closed->closing.report)
            return broken(event.position, "the frozen report is not the one that it names.");
        verdict_.frozen_reports++;
        return {};
    }

    OrgId org_;
    ChainVerdict verdict_;
};

}  // namespace

Result<ChainVerdict> verify_chain(app::Store& store, OrgId org, const ReportProgress& progress) {
    ChainCheck check(org);
    std::optional<Position> head;  // when we began; what is written meanwhile is for the next time
    while (!head || check.verdict().head < *head) {
        const auto snapshot = TRY(store.snapshot(org));
        if (!head) head = TRY(snapshot->head());
        const auto page = TRY(snapshot->log(check.verdict().head, kPageEvents));
        if (page.empty() && check.verdict().head < *head) {
            return broken(check.verdict().head + 1,
                          "the log ends before its head, which is " + std::to_string(*head) + ".");
        }
        for (const domain::StoredEvent& event : page) TRY(check.take(*snapshot, event));
        progress(static_cast<std::size_t>(check.verdict().head), static_cast<std::size_t>(*head));
        if (page.empty()) break;
    }
    return check.verdict();
}

}  // namespace daybook::cli
