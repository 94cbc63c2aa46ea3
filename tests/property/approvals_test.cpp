// Need: files, PostgreSQL. Goal: whatever people do, in whatever order and however the policy is
// switched, nobody decides alone what four eyes are wanted for, nothing is approved twice, and from
// every state there is a way out. The log is judged by rules written down once more, without the
// domain's.
// Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "property/approvals_judge.h"
#include "property/store_property.h"
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

constexpr int kDeeds = 20;
constexpr std::int64_t kThreshold = 500;
constexpr std::array<std::int64_t, 4> kAmounts{700, 100, 500, 501};

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
        newcomer_ = org_.join(domain::Role::auditor).user;
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
            const bool adds = deed.act < 3 || deed.act == 6 || deed.act == 7 || deed.act >= 14;
            if (!adds && deed.variant % 7 == 0) waiting.push_back(waiting.back());
            if (deed.hold == 0) note(run_together(org_.store(), std::exchange(waiting, {})));
        }
        note(run_together(org_.store(), std::exchange(waiting, {})));
    }

    // Ends everything that waits, as people would.
    void tidy_up() {
        switch_policy(std::nullopt);
        for (const domain::Closing& each : org_.snapshot()->unacknowledged().value()) {
            const auto other = std::ranges::find_if(people_, [&](const domain::Principal& who) {
                return who.user != each.by && who.user != each.counted_by;
            });
            org_.run(*other, domain::AcknowledgeVariance{each.property, each.date, {}, {}}).value();
        }
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
    [[nodiscard]] std::set<UserId> owners() const { return {people_[0].user, people_[1].user}; }
    [[nodiscard]] UserId admin() const { return people_[2].user; }

 private:
    void switch_policy(std::optional<std::int64_t> above) {
        domain::ChangeSettings settings;
        settings.four_eyes_above_minor.emplace(above);
        std::ignore = org_.run(people_[0], settings);
    }

    void note(const std::vector<Result<app::Outcome>>& outcomes) {
        const auto snapshot = org_.snapshot();
        for (const EntryId id : std::exchange(perhaps_moved_, {})) {
            if (snapshot->entry(id).value()) entries_.push_back(id);
        }
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
            case 14:
            case 15: return closing(deed);
            case 16: return acknowledgement(deed);
            case 17: return domain::ReopenDay{place(deed), day(last_two(deed.target)), "A reason."};
            case 18: {
                const auto of = static_cast<std::size_t>(deed.target) % people_.size();
                const UserId user = deed.variant % 2 == 0 ? newcomer_ : people_.at(of).user;
                const app::NewLink link{org_.new_id<LinkId>(), Hash{}, Instant{kTestStart.ms + 1}};
                return app::MakeLink{user, link};
            }
            case 19: {
                domain::ChangeUser change;
                change.id = newcomer_;
                change.version = org_.snapshot()->user(change.id).value()->version;
                change.role = deed.variant % 2 == 0 ? domain::Role::manager : domain::Role::auditor;
                return change;
            }
            default: return decision(deed, id);
        }
    }

    [[nodiscard]] PropertyId place(const Deed& deed) const {
        return places_.at(static_cast<std::size_t>(deed.variant) % 2);
    }
    static std::string_view last_two(int index) {
        return index % 2 == 0 ? "2026-03-14" : kTestToday;
    }
    app::CommandBody closing(const Deed& deed) {
        domain::CloseDay close;
        close.property = place(deed);
        close.date = day(last_two(deed.variant % 5));
        // Counted now, or before by whoever came by.
        if (deed.variant % 3 == 0) {
            return domain::RecordCount{org_.new_id<CountId>(),
                                       close.property,
                                       domain::Account::cash,
                                       close.date,
                                       deed.amount * 300,
                                       {},
                                       "Counted."};
        }
        if (deed.variant % 3 == 1) close.counted_minor = deed.amount * 300;
        close.note = "Counted.";
        close.count_id = org_.new_id<CountId>();
        close.accept_pending = true;
        close.accept_stale = true;
        close.close_earlier = true;
        close.seal_before = deed.target % 2 == 0;
        return close;
    }
    app::CommandBody acknowledgement(const Deed& deed) const {
        domain::AcknowledgeVariance seen{place(deed), day(kTestToday), {}, {}};
        for (const domain::Closing& each : org_.snapshot()->unacknowledged().value()) {
            seen.property = each.property;
            seen.date = each.date;
        }
        return seen;
    }
    // An entry of which a change waits, if there is one.
    [[nodiscard]] EntryId asked_for(const Deed& deed, EntryId otherwise) const {
        app::ChangeFilter filter;
        filter.properties = places_;
        const auto waiting = org_.snapshot()->change_requests(filter).value();
        if (waiting.empty()) return otherwise;
        return waiting.at(static_cast<std::size_t>(deed.target) % waiting.size()).entry;
    }
    // The addition of a move that is approved has an id of its own.
    domain::DecideChange ending(EntryId id, domain::ChangeDecision decision) {
        domain::DecideChange change{id, version(id), decision, "Yes."};
        change.new_id = org_.new_id<EntryId>();
        perhaps_moved_.push_back(change.new_id);
        return change;
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
                many.decisions = {ending(id, domain::ChangeDecision::approve),
                                  domain::DecideEntry{id, version(id), {}, {}}};
                return many;
            }
            case 12:
                return ending(asked_for(deed, id),
                              static_cast<domain::ChangeDecision>(deed.variant % 3));
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
    std::vector<EntryId> perhaps_moved_;
    UserId newcomer_;  // an auditor, or a manager; does nothing
    int requests_ = 0;
};

struct PlayedOut {
    PlayedOut(const StoreKind& kind, const std::vector<Deed>& deeds)
        : books(kind), people(*books.store) {
        people.play(deeds);
    }

    StoreUnderTest books;
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
        if (period == 2'026) found[property] += totals.net() - totals.over_short;
    }
    std::erase_if(expected, [](const auto& each) { return each.second == 0; });
    std::erase_if(found, [](const auto& each) { return each.second == 0; });
    RC_ASSERT(found == expected);
}

class FourEyes : public StoreProperty {};

TEST_P(FourEyes, NobodyDecidesAloneWhatNeedsFourEyes) {
    check([] {
        constexpr int kDeedsMax = 150;
        PlayedOut played(
            GetParam(),
            *rc::gen::resize(kDeedsMax, rc::gen::container<std::vector<Deed>>(any_deed())));
        const auto snapshot = played.people.org().snapshot();
        ApprovalsJudge judge(played.people.owners(), played.people.admin());
        for (const RecordedEvent& event : decoded_log(*snapshot)) judge.see(event);
        judge.see_no_more();
        expect_only_what_is_approved_counts(contents_of(*snapshot));

        played.people.tidy_up();
        const Contents tidy = contents_of(*played.people.org().snapshot());
        RC_ASSERT(tidy.change_requests.empty());
        RC_ASSERT(played.people.org().snapshot()->unacknowledged().value().empty());
        for (const Entry& entry : tidy.entries) {
            RC_ASSERT(entry.status != EntryStatus::pending && !entry.change_requested);
        }
        expect_only_what_is_approved_counts(tidy);
    });
}

DAYBOOK_PROPERTY_ON_ALL_STORES(FourEyes);

}  // namespace
}  // namespace daybook::test
