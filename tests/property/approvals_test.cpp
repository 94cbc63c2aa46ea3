// Need: nothing. Goal: whatever people do, in whatever order and however the policy is switched,
// nobody decides alone what four eyes are wanted for, nothing is approved twice, and from every
// state there is a way out. The log is judged by rules written down once more, without the
// domain's. Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

// rapidcheck/gtest.h does not include gtest itself.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "storage/memory/store.h"
#include "support/contents.h"
#include "support/generate.h"
#include "support/test_org.h"

namespace daybook::test {

// Small numbers, each an index into what there is; 0 is the plainest.
struct Deed {
    int act = 0;
    int who = 0;
    int target = 0;
    int amount = 0;
    int variant = 0;
    int hold = 0;  // above 0: in one batch with the next
};

void showValue(const Deed& deed, std::ostream& out) {
    out << "{act " << deed.act << ", who " << deed.who << ", target " << deed.target << ", amount "
        << deed.amount << ", variant " << deed.variant << ", hold " << deed.hold << '}';
}

namespace {

using domain::Entry;
using domain::EntryChanged;
using domain::EntryStatus;
using domain::EntryVerb;
using domain::RecordedEvent;

constexpr int kDeeds = 14;
constexpr std::int64_t kThreshold = 500;
constexpr std::array<std::int64_t, 4> kAmounts{700, 100, 500, 501};
// What a trusted token does comes from here.
constexpr std::string_view kTrustedAddress = "192.0.2.99";

rc::Gen<Deed> any_deed() {
    return rc::gen::build<Deed>(
        rc::gen::set(&Deed::act, below(kDeeds)), rc::gen::set(&Deed::who, below(6)),
        rc::gen::set(&Deed::target, below(8)), rc::gen::set(&Deed::amount, below(4)),
        rc::gen::set(&Deed::variant, below(60)), rc::gen::set(&Deed::hold, below(3)));
}

class People {
 public:
    explicit People(app::Store& store) : org_(store, 1) {
        places_ = {org_.add_property("Hotel"), org_.add_property("Hostel")};
        people_ = {org_.join(domain::Role::owner), org_.join(domain::Role::owner),
                   org_.join(domain::Role::admin), org_.join(domain::Role::manager),
                   org_.join(domain::Role::manager)};
        domain::Principal till = people_[0];
        till.trusted = true;
        till.address = kTrustedAddress;
        people_.push_back(till);
        switch_policy(0);
    }

    void play(const std::vector<Deed>& deeds) {
        std::vector<app::Command> waiting;
        for (const Deed& deed : deeds) {
            waiting.push_back(org_.command(who(deed), body(deed)));
            waiting.back().correlation = "request-" + std::to_string(++requests_);
            // Twice at the same moment; what adds something has an id of its own each time.
            const bool adds = deed.act < 3 || deed.act == 6 || deed.act == 7;
            if (!adds && deed.variant % 7 == 0) waiting.push_back(waiting.back());
            if (deed.hold == 0) note(run_together(org_.store(), std::exchange(waiting, {})));
        }
        note(run_together(org_.store(), std::exchange(waiting, {})));
    }

    // Ends everything that waits, as people would.
    void tidy_up() {
        switch_policy(std::nullopt);
        const auto snapshot = org_.snapshot();
        for (const Entry& entry : contents_of(*snapshot).entries) {
            if (entry.change_requested) {
                const auto request = snapshot->change_request(entry.id).value().value();
                const domain::Principal& other =
                    request.by == people_[0].user ? people_[1] : people_[0];
                org_.run(other, domain::DecideChange{entry.id, entry.version,
                                                     domain::ChangeDecision::reject, "Enough."})
                    .value();
            } else if (entry.status == EntryStatus::pending) {
                const domain::DeleteEntry remove{entry.id, entry.version, "Enough."};
                org_.run(people_[3], remove).value();
            }
        }
    }

    [[nodiscard]] const TestOrg& org() const { return org_; }
    [[nodiscard]] std::set<UserId> approvers() const {
        return {people_[0].user, people_[1].user, people_[2].user};
    }

 private:
    void switch_policy(std::optional<std::int64_t> above) {
        domain::ChangeSettings settings;
        settings.four_eyes_above_minor.emplace(above);
        std::ignore = org_.run(people_[0], settings);
    }

    void note(const std::vector<Result<app::Outcome>>& outcomes) {
        for (const auto& outcome : outcomes) {
            if (!outcome) continue;
            for (const app::Item& item : outcome->items) {
                if (!item.result) continue;
                const auto* entry = std::get_if<Entry>(&*item.result);
                const bool is_new =
                    entry != nullptr && std::ranges::find(entries_, entry->id) == entries_.end();
                if (is_new) entries_.push_back(entry->id);
            }
        }
    }

    [[nodiscard]] domain::Principal who(const Deed& deed) const {
        return people_.at(static_cast<std::size_t>(deed.who));
    }
    EntryId target(const Deed& deed) {
        if (entries_.empty()) return org_.new_id<EntryId>();
        return entries_.at(static_cast<std::size_t>(deed.target) % entries_.size());
    }
    [[nodiscard]] std::int64_t version(EntryId id) const {
        const auto entry = org_.snapshot()->entry(id).value();
        return entry ? entry->version : 1;
    }
    domain::AddEntry addition(const Deed& deed) {
        const auto minor = kAmounts.at(static_cast<std::size_t>(deed.amount));
        const PropertyId place = places_.at(static_cast<std::size_t>(deed.variant) % 2);
        domain::AddEntry add = org_.expense(place, minor);
        add.business_date = day(deed.variant % 5 == 4 ? "2026-03-14" : kTestToday);
        if (deed.variant % 4 == 3) add.content.external_id = "x" + std::to_string(deed.target);
        return add;
    }

    app::CommandBody body(const Deed& deed) {
        const EntryId id = target(deed);
        switch (deed.act) {
            case 0:
            case 1: return single(addition(deed));
            case 2: {
                app::AddEntries add;
                add.mode = app::BatchMode::per_item;
                add.entries = {addition(deed), addition(deed)};
                add.entries[1].content.external_id.clear();
                return add;
            }
            case 3: {
                domain::UpdateEntry update{id, version(id), {}, "A reason."};
                update.patch.amount_minor = kAmounts.at(static_cast<std::size_t>(deed.amount));
                update.patch.description = "Item " + std::to_string(deed.variant);
                return update;
            }
            case 4: return domain::DeleteEntry{id, version(id), "A reason."};
            case 5: return domain::RestoreEntry{id, version(id)};
            case 6:
                return domain::MoveEntry{id, version(id),
                                         places_.at(static_cast<std::size_t>(deed.variant) % 2),
                                         org_.new_id<EntryId>(), "A reason."};
            case 7: {
                domain::ReverseEntry reverse;
                reverse.id = id;
                reverse.reversal_id = org_.new_id<EntryId>();
                reverse.amount_minor = 50;
                return reverse;
            }
            default: return decision(deed, id);
        }
    }

    app::CommandBody decision(const Deed& deed, EntryId id) {
        switch (deed.act) {
            case 8:
            case 9:
                return domain::DecideEntry{id, version(id), domain::Decision::approve, "A reason."};
            case 10:
                return domain::DecideEntry{
                    id, version(id), static_cast<domain::Decision>(deed.variant % 3), "A reason."};
            case 11: {
                app::DecideMany many;
                many.decisions = {
                    domain::DecideChange{id, version(id), domain::ChangeDecision::approve, {}},
                    domain::DecideEntry{id, version(id), {}, {}}};
                return many;
            }
            case 12:
                return domain::DecideChange{
                    id, version(id), static_cast<domain::ChangeDecision>(deed.variant % 3), "Yes."};
            default: break;
        }
        domain::ChangeSettings settings;
        settings.four_eyes_above_minor.emplace();
        if (deed.variant % 3 != 0) *settings.four_eyes_above_minor = deed.variant % 3 - 1;
        if (deed.variant % 6 == 5) *settings.four_eyes_above_minor = kThreshold;
        return settings;
    }

    TestOrg org_;
    std::vector<PropertyId> places_;
    std::vector<domain::Principal> people_;
    std::vector<EntryId> entries_;
    int requests_ = 0;
};

// Follows the log and says what must not be in it.
class Judge {
 public:
    explicit Judge(std::set<UserId> approvers) : approvers_(std::move(approvers)) {}

    void see(const RecordedEvent& event) {
        if (const auto* changed = std::get_if<domain::SettingChanged>(&event.event.payload)) {
            above_ = changed->after.approvals.four_eyes_above_minor;
        }
        const auto type = domain::as_entry_event(event.event.type);
        if (!type) return;
        const auto& change = std::get<EntryChanged>(event.event.payload);
        Story& story = stories_[change.id];
        judge(event, type->verb, change, story);
        follow(event, type->verb, change, story);
    }

 private:
    struct Story {
        std::optional<EntryStatus> status;
        std::set<UserId> hands;  // of everybody who wrote any of it
        std::int64_t amount = 0;
        bool is_marked = false;  // four eyes were wanted when it was written
        std::optional<UserId> asker;
    };

    [[nodiscard]] bool wants_two(std::int64_t minor) const { return above_ && minor > *above_; }

    void judge(const RecordedEvent& event, EntryVerb verb, const EntryChanged& change,
               const Story& story) {
        const bool is_new = verb == EntryVerb::added || verb == EntryVerb::reversed;
        RC_ASSERT(change.status_before == story.status);
        const bool is_trusted = event.address.value == kTrustedAddress;
        const bool decides = verb == EntryVerb::approved || verb == EntryVerb::rejected ||
                             verb == EntryVerb::change_rejected || change.requested_by;
        if (decides) RC_ASSERT(approvers_.contains(event.user) && !is_trusted);
        if (verb == EntryVerb::approved) RC_ASSERT(story.status == EntryStatus::pending);
        if (is_new && change.status_after == EntryStatus::approved) {
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
            RC_ASSERT(change.requested_by == story.asker);
            RC_ASSERT(change.requested_by != event.user);
        }
        if (verb == EntryVerb::change_withdrawn) RC_ASSERT(story.asker == event.user);
        if (verb == EntryVerb::change_rejected) RC_ASSERT(story.asker != event.user);
        if (verb == EntryVerb::change_requested) RC_ASSERT(!story.asker.has_value());
    }

    void follow(const RecordedEvent& event, EntryVerb verb, const EntryChanged& change,
                Story& story) {
        if (domain::is_about_change(verb)) {
            story.asker.reset();
            if (verb == EntryVerb::change_requested) story.asker = event.user;
            moved_[event.correlation] = change.id;
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

    std::set<UserId> approvers_;
    std::optional<std::int64_t> above_;
    std::map<EntryId, Story> stories_;
    std::map<std::string, EntryId> moved_;  // by request: what its addition came from
    std::set<EntryId> counted_before_delete_;
};

struct PlayedOut {
    explicit PlayedOut(const std::vector<Deed>& deeds) : people(store) { people.play(deeds); }

    ManualClock clock{kTestStart};
    SeededRandom random{1};
    app::Environment environment{clock, random};
    storage::memory::MemoryStore store{environment};
    People people;
};

void expect_only_what_is_approved_counts(const Contents& contents) {
    std::map<PropertyId, std::int64_t> expected;
    for (const Entry& entry : contents.entries) {
        if (entry.status != EntryStatus::approved) continue;
        const std::int64_t minor = entry.content.amount.minor;
        expected[entry.property] += entry.content.reversal ? minor : -minor;
    }
    std::map<PropertyId, std::int64_t> found;
    for (const auto& [property, period, account, totals] : contents.accounts) {
        if (period == 2'026) found[property] += totals.net();
    }
    std::erase_if(expected, [](const auto& each) { return each.second == 0; });
    std::erase_if(found, [](const auto& each) { return each.second == 0; });
    RC_ASSERT(found == expected);
}

RC_GTEST_PROP(FourEyes, NobodyDecidesAloneWhatNeedsFourEyes, ()) {
    constexpr int kDeedsMax = 150;
    PlayedOut played(
        *rc::gen::resize(kDeedsMax, rc::gen::container<std::vector<Deed>>(any_deed())));
    const auto snapshot = played.people.org().snapshot();
    Judge judge(played.people.approvers());
    for (const RecordedEvent& event : decoded_log(*snapshot)) judge.see(event);
    expect_only_what_is_approved_counts(contents_of(*snapshot));

    played.people.tidy_up();
    const Contents tidy = contents_of(*played.people.org().snapshot());
    RC_ASSERT(tidy.change_requests.empty());
    for (const Entry& entry : tidy.entries) {
        RC_ASSERT(entry.status != EntryStatus::pending && !entry.change_requested);
    }
    expect_only_what_is_approved_counts(tidy);
}

}  // namespace
}  // namespace daybook::test
