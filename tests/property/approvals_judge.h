// What must not be in a log: the rules of four eyes, written down once more without the domain's.
#pragma once

#include <rapidcheck.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "domain/events.h"

namespace daybook::test {

// What a trusted token does comes from here.
inline constexpr std::string_view kTrustedAddress = "192.0.2.99";

// Follows the log and says what must not be in it.
class ApprovalsJudge {
    using EntryChanged = domain::EntryChanged;
    using EntryStatus = domain::EntryStatus;
    using EntryVerb = domain::EntryVerb;
    using RecordedEvent = domain::RecordedEvent;

 public:
    ApprovalsJudge(const std::set<UserId>& owners, UserId admin)
        : owners_(owners), approvers_(owners) {
        approvers_.insert(admin);
    }

    void see(const RecordedEvent& event) {
        if (const auto* changed = std::get_if<domain::SettingChanged>(&event.event.payload)) {
            above_ = changed->after.approvals.four_eyes_above_minor;
        }
        if (const auto* changed = std::get_if<domain::UserChanged>(&event.event.payload)) {
            see_person(event, *changed);
        }
        if (event.event.type == domain::EventType::user_link_created) see_link(event);
        if (const auto* closed = std::get_if<domain::DayClosed>(&event.event.payload)) {
            counted_[event.event.entity.id] = {event.user, closed->closing.counted_by};
        }
        if (event.event.type == domain::EventType::variance_acknowledged) see_variance(event);
        const auto type = domain::as_entry_event(event.event.type);
        if (!type) return;
        const auto& change = std::get<EntryChanged>(event.event.payload);
        Story& story = stories_[change.id];
        judge(event, type->verb, change, story);
        follow(event, type->verb, change, story);
        if (change.requested_by) see_move(event, type->verb, change);
    }
    // Once the log is read: no half of a move that was asked for stands alone.
    void see_no_more() const { RC_ASSERT(half_moved_.empty()); }

 private:
    struct Story {
        std::optional<EntryStatus> status;
        std::set<UserId> hands;  // of everybody who wrote any of it
        std::int64_t amount = 0;
        bool is_marked = false;  // four eyes were wanted when it was written
        std::optional<UserId> asker;
        bool is_moving = false;   // what is asked for is a move
        bool was_moving = false;  // before the last event
    };

    [[nodiscard]] bool wants_two(std::int64_t minor) const { return above_ && minor > *above_; }

    // Whoever lets in somebody who writes has their account.
    void see_link(const RecordedEvent& event) {
        const bool writes = roles_[UserId{event.event.entity.id}] != domain::Role::auditor;
        if (above_ && writes) RC_ASSERT(owners_.contains(event.user));
    }
    void see_person(const RecordedEvent& event, const domain::UserChanged& changed) {
        const domain::Role role = changed.after.grant.role;
        const bool wrote = changed.before && changed.before->grant.role != domain::Role::auditor;
        if (above_ && !wrote && role != domain::Role::auditor) {
            RC_ASSERT(owners_.contains(event.user));
        }
        roles_[changed.after.id] = role;
    }
    void see_variance(const RecordedEvent& event) {
        const auto& [closer, counter] = counted_.at(event.event.entity.id);
        RC_ASSERT(approvers_.contains(event.user));
        RC_ASSERT(event.user != closer && event.user != counter);
    }
    // The addition comes first, and the deletion of the same sum right after it.
    void see_move(const RecordedEvent& event, EntryVerb verb, const EntryChanged& change) {
        if (verb == EntryVerb::added) {
            RC_ASSERT(half_moved_.empty() && change.status_after == EntryStatus::approved);
            half_moved_[event.position] = change.id;
            return;
        }
        const auto half = half_moved_.find(event.position - 1);
        if (half == half_moved_.end()) return;
        Story& there = stories_.at(half->second);
        const Story& here = stories_.at(change.id);
        RC_ASSERT(verb == EntryVerb::deleted && here.was_moving);
        RC_ASSERT(there.amount == here.amount);
        RC_ASSERT(!(here.is_marked || wants_two(here.amount)) || !here.hands.contains(event.user));
        there.hands.insert(here.hands.begin(), here.hands.end());
        half_moved_.erase(half);
    }

    void judge(const RecordedEvent& event, EntryVerb verb, const EntryChanged& change,
               const Story& story) {
        const bool is_new = verb == EntryVerb::added || verb == EntryVerb::reversed;
        RC_ASSERT(change.status_before == story.status);
        const bool is_trusted = event.address.value == kTrustedAddress;
        const bool decides = verb == EntryVerb::approved || verb == EntryVerb::rejected ||
                             verb == EntryVerb::change_rejected || change.requested_by;
        if (decides) RC_ASSERT(approvers_.contains(event.user) && !is_trusted);
        if (verb == EntryVerb::approved) RC_ASSERT(story.status == EntryStatus::pending);
        if (is_new && change.status_after == EntryStatus::approved && !change.requested_by) {
            RC_ASSERT(is_trusted || !wants_two(change.content.amount.minor));
            RC_ASSERT(is_trusted || approvers_.contains(event.user));
            RC_ASSERT(!is_trusted || !moved_.contains(event.correlation));
            const auto original = stories_.find(change.content.reverses.value_or(change.id));
            RC_ASSERT(is_trusted || !wants_two(original->second.amount));
        }
        const bool is_held = story.is_marked || wants_two(story.amount);
        if (verb == EntryVerb::approved || verb == EntryVerb::rejected) {
            RC_ASSERT(!is_held || !story.hands.contains(event.user));
        }
        if (verb == EntryVerb::restored && change.status_after == EntryStatus::approved) {
            RC_ASSERT(!wants_two(story.amount));
        }
        const bool was_approved = story.status == EntryStatus::approved;
        const bool alters =
            verb == EntryVerb::updated || verb == EntryVerb::deleted || verb == EntryVerb::returned;
        if (was_approved && alters && !change.requested_by) {
            RC_ASSERT(approvers_.contains(event.user) && !is_trusted);
            RC_ASSERT(!wants_two(story.amount) && !wants_two(change.content.amount.minor));
        }
        if (change.requested_by) {
            RC_ASSERT(is_new || change.requested_by == story.asker);
            RC_ASSERT(change.requested_by != event.user);
        }
        // A move that is approved is no deletion alone.
        if (story.is_moving && verb == EntryVerb::deleted) {
            RC_ASSERT(half_moved_.contains(event.position - 1));
        }
        if (verb == EntryVerb::change_withdrawn) RC_ASSERT(story.asker == event.user);
        if (verb == EntryVerb::change_rejected) RC_ASSERT(story.asker != event.user);
        if (verb == EntryVerb::change_requested) RC_ASSERT(!story.asker.has_value());
    }

    void follow(const RecordedEvent& event, EntryVerb verb, const EntryChanged& change,
                Story& story) {
        story.was_moving =
            std::exchange(story.is_moving, change.requested == domain::ChangeKind::move);
        if (domain::is_about_change(verb)) {
            story.asker.reset();
            if (verb == EntryVerb::change_requested) story.asker = event.user;
            return;
        }
        const bool counted = story.status == EntryStatus::approved;
        story.asker.reset();
        story.status = change.status_after;
        story.amount = change.content.amount.minor;
        const bool writes =
            verb == EntryVerb::added || verb == EntryVerb::reversed || verb == EntryVerb::updated;
        if (writes) {
            story.hands.insert(change.requested_by.value_or(event.user));
            story.is_marked = story.is_marked || wants_two(story.amount);
        }
        // What was moved here was written where it came from.
        const auto from = moved_.find(event.correlation);
        if (verb == EntryVerb::added && from != moved_.end()) {
            const Story& source = stories_.at(from->second);
            story.hands.insert(source.hands.begin(), source.hands.end());
        }
        if (verb == EntryVerb::restored && story.status == EntryStatus::pending &&
            counted_before_delete_.contains(change.id)) {
            story.hands.insert(event.user);
        }
        if (verb == EntryVerb::deleted) {
            if (counted) counted_before_delete_.insert(change.id);
            if (!counted) counted_before_delete_.erase(change.id);
            moved_[event.correlation] = change.id;
        }
    }

    struct Counted {
        UserId closer;
        std::optional<UserId> counter;
    };

    std::set<UserId> owners_;
    std::set<UserId> approvers_;
    std::optional<std::int64_t> above_;
    std::map<UserId, domain::Role> roles_;
    std::map<Uuid, Counted> counted_;         // by day
    std::map<Position, EntryId> half_moved_;  // added there, not yet gone here
    std::map<EntryId, Story> stories_;
    std::map<std::string, EntryId> moved_;  // by request: what its addition came from
    std::set<EntryId> counted_before_delete_;
};

}  // namespace daybook::test
