// What other nodes have committed, told to this node's listeners in the order of each org's log.
//
// Why: caches, streams and whoever lets people in live in memory, and must hear of every commit.
// Operation: it knows how far the listeners have been told. Whatever hints at more (a message, the
// sweep of all heads (head_sweep.h), a commit of this node behind somebody else's) makes it read
// the log from there, so that a hint may be lost, doubled or late. Of people, tokens and properties
// the events name the ids only: after such an event all that is kept of the org is read anew.
// Guarantee: each event is told once and in order, or Found::skipped says that it was left out; an
// org whose log is not the one that was told (a database restored, a failover that lost its end)
// begins anew. Threads: the writer's. Limits: kEventsMax events of an org at a time, more are
// skipped.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "storage/peer_log.h"

namespace daybook::storage {

class CatchUp {
 public:
    static constexpr std::size_t kEventsMax = 1'024;
    using Tell = std::function<void(const app::Changes&)>;
    using KeptOf = std::function<Result<app::Changes>(OrgId)>;  // as Backend::kept_of()
    // The listeners have been told up to there.
    using Note = std::function<void(OrgId, const app::Head&)>;

    CatchUp(PeerLog& log, KeptOf kept_of, Tell tell, Note note)
        : log_(log), kept_of_(std::move(kept_of)), tell_(std::move(tell)), note_(std::move(note)) {}

    // Where the logs end is where the listeners begin: before they read what is there.
    void begin(const PeerLog::Heads& heads);
    // Whether the listeners know that position.
    [[nodiscard]] bool knows(OrgId org, Position position) const;
    // Tells what is new in these orgs. What fails for one of them, but for busy, keeps the others
    // from nothing; the first error is given back, and the next call begins where it failed.
    Status look_at(const std::vector<OrgId>& orgs);
    // Begins anew with these orgs, whose logs are not the ones that were told; and with what could
    // not be read until now. Errors as those of look_at().
    Status look_at_others(std::vector<OrgId> orgs);
    // Before a commit of this node is told: what others wrote before it, in the same orgs. What
    // cannot be read now is skipped, and read by the next look.
    void before(const app::Changes& own);

 private:
    using Events = std::vector<app::EventRow>;

    Result<std::unordered_map<OrgId, Events>> events_of(const std::vector<OrgId>& orgs);
    Status read_and_tell(const std::vector<OrgId>& orgs);
    Status take(OrgId org, Events events, const app::Head& up_to);
    Status begin_anew(OrgId org);
    void skip_to(OrgId org, const app::Head& end);
    void know(OrgId org, const app::Head& head);

    PeerLog& log_;
    const KeptOf kept_of_;
    const Tell tell_;
    const Note note_;
    std::unordered_map<OrgId, app::Head> known_;
    std::unordered_set<OrgId> unread_;  // skipped without having been read
};

}  // namespace daybook::storage
