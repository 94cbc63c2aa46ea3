// Need: files, PostgreSQL. Goal: whatever managers and approvers do in whatever order, the daily
// gate blocks every addition that it must and nothing that it must not; what it should say is
// worked out from the entries alone.
// Seed: rapidcheck prints it; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "property/store_property.h"
#include "support/contents.h"
#include "support/generate.h"
#include "support/test_org.h"

namespace daybook::test {

struct GateStep {
    int act = 0;
    int who = 0;
    int place = 0;
    int target = 0;
    int days_back = 0;
    int variant = 0;
};

void showValue(const GateStep& step, std::ostream& out) {
    out << "{act " << step.act << ", who " << step.who << ", place " << step.place << ", target "
        << step.target << ", daysBack " << step.days_back << ", variant " << step.variant << '}';
}

namespace {

using domain::Entry;
using domain::EntryStatus;
using domain::Principal;
using domain::Role;

constexpr int kGateActs = 16;
constexpr std::int64_t kDayMs = std::int64_t{24} * 3'600'000;

rc::Gen<GateStep> any_gate_step() {
    return rc::gen::build<GateStep>(
        rc::gen::set(&GateStep::act, below(kGateActs)), rc::gen::set(&GateStep::who, below(5)),
        rc::gen::set(&GateStep::place, below(2)), rc::gen::set(&GateStep::target, below(12)),
        rc::gen::set(&GateStep::days_back, below(3)), rc::gen::set(&GateStep::variant, below(12)));
}

class GateGame {
 public:
    explicit GateGame(const StoreKind& kind) : books_(kind) {
        for (const char* name : {"Hotel", "Hostel"}) places_.push_back(org_.add_property(name));
        for (const char* email : {"rita@example.com", "rui@example.com"}) {
            app::InviteUserWithLink invite;
            invite.user = {org_.new_id<UserId>(), "Person", email, {}};
            invite.user.grant.role = Role::manager;
            invite.link = {org_.new_id<LinkId>(), Hash{}, Instant{kTestStart.ms + 1'000}};
            managers_.push_back(invite.user.id);
            org_.run(std::move(invite)).value();
        }
        set_gate(true);
    }

    void take(const GateStep& step) {
        if (step.act == 14) {
            books_.clock.advance_ms(kDayMs);
            return;
        }
        if (step.act == 15) return set_gate(step.variant % 4 != 0);
        const Principal by = who(step);
        Asked asked = ask(step);
        const bool must_block =
            asked.is_held || std::ranges::any_of(asked.adds_at, [&](PropertyId property) {
                return is_closed(by, property);
            });
        const auto before = entries();
        const auto outcome = org_.run(by, asked.body);
        if (outcome) note_grant(asked.body);
        judge(outcome, must_block, asked);
        // Whatever was refused has left no entry behind.
        if (must_block) RC_ASSERT(std::ssize(entries()) <= std::ssize(before) + asked.may_pass);
    }

 private:
    struct Asked {
        app::CommandBody body;
        std::vector<PropertyId> adds_at = {};  // where it adds, if it adds
        bool is_plain = false;                 // nothing else can be wrong with it
        std::int64_t may_pass = 0;             // items that are decided by themselves
        bool is_held = false;                  // it would open a gate, or close one on itself
    };

    static void judge(const Result<app::Outcome>& outcome, bool must_block, const Asked& asked) {
        const bool by_item = asked.may_pass > 0;
        if (!must_block) {
            RC_ASSERT(refusal(outcome) != ErrorCode::gate_closed);
            if (asked.is_plain) RC_ASSERT(outcome.has_value());
        } else if (!by_item) {
            RC_ASSERT(!outcome.has_value());
            if (asked.is_plain) RC_ASSERT(refusal(outcome) == ErrorCode::gate_closed);
        }
        if (!by_item || !outcome) return;
        bool blocked = false;
        for (const app::Item& item : outcome->items) {
            blocked |= !item.result && item.result.error().code == ErrorCode::gate_closed;
        }
        RC_ASSERT(blocked == must_block);
    }

    // Two managers, one of them through a trusted token, an owner and an admin.
    [[nodiscard]] Principal who(const GateStep& step) const {
        if (step.who == 3) return org_.owner();
        Principal by = org_.who(step.who == 4 ? Role::admin : Role::manager, {});
        by.user = managers_.at(static_cast<std::size_t>(step.who % 2));
        by.trusted = step.who == 2;
        return by;
    }

    Asked ask(const GateStep& step) {
        const PropertyId at = place(step.place);
        const PropertyId there = place(step.place + 1);
        const Entry entry = target(step);
        const std::int64_t version = entry.version;
        switch (step.act) {
            case 0:
            case 1:
            case 2: return {single(dated(at, step)), {at}, true};
            case 3:
                // The first one of an earlier day closes it for the last one.
                return {app::AddEntries{{dated(at, step), dated(there, step), dated(at, step)},
                                        app::BatchMode::atomic},
                        {at, there},
                        true,
                        0,
                        closes_by(who(step), at, date(step))};
            case 4:
                return {app::AddEntries{{dated(at, step), dated(there, step)},
                                        app::BatchMode::per_item},
                        {at, there},
                        true,
                        2};
            case 5: {
                app::AddLinkedTransfer linked{org_.transfer(at, 5), org_.transfer(there, 5)};
                linked.here.business_date = date(step);
                linked.there.business_date = date(step);
                linked.here.content.to = domain::TransferEnd::in_transit;
                linked.there.content.from = domain::TransferEnd::in_transit;
                return {linked, {at, there}, true};
            }
            case 6: return {domain::RestoreEntry{entry.id, version}, {entry.property}};
            case 7: {
                domain::ReverseEntry reverse;
                reverse.id = entry.id;
                reverse.reversal_id = org_.new_id<EntryId>();
                return {reverse, {entry.property}};
            }
            case 8:
                return {domain::MoveEntry{entry.id, version, at, org_.new_id<EntryId>(), "Wrong."},
                        entry.status == EntryStatus::approved ? std::vector<PropertyId>{}
                                                              : std::vector{at},
                        false, 0, at != entry.property && holds_closed(who(step), entry)};
            default: return ask_no_addition(step, entry);
        }
    }

    Asked ask_no_addition(const GateStep& step, const Entry& entry) {
        switch (step.act) {
            case 9: {
                domain::UpdateEntry update;
                update.id = entry.id;
                update.version = entry.version;
                update.patch.amount_minor = 1 + step.variant;
                if (step.variant % 3 == 0) update.patch.business_date = date(step);
                const bool opens = update.patch.business_date == today();
                return {update, {}, false, 0, opens && holds_closed(who(step), entry)};
            }
            case 10: return {domain::DeleteEntry{entry.id, entry.version, {}}};
            case 11:
                return {domain::DecideEntry{entry.id, entry.version,
                                            static_cast<domain::Decision>(step.variant % 3),
                                            "A reason."}};
            case 12:
                return {domain::RecordCount{org_.new_id<CountId>(),
                                            place(step.place),
                                            domain::Account::cash,
                                            date(step),
                                            5,
                                            {},
                                            {}}};
            default: {
                domain::SetDailyApproval set;
                set.property = place(step.place);
                set.user = managers_.at(static_cast<std::size_t>(step.target % 2));
                set.date = today().plus(step.variant % 2);
                if (step.variant % 3 == 2) set.grant = domain::DailyGrant::taken;
                return {set};
            }
        }
    }

    // From the entries and from what was granted, without what the store keeps for it.
    [[nodiscard]] bool is_closed(const Principal& by, PropertyId property) const {
        if (!is_on_ || by.role != Role::manager || by.trusted) return false;
        if (granted_.contains({property, by.user, today()})) return false;
        return std::ranges::any_of(entries(), [&](const Entry& each) {
            return each.property == property && each.created_by == by.user &&
                   each.status == EntryStatus::pending && each.content.business_date < today();
        });
    }

    // An entry of that day, which waits, would close the gate for the next one.
    [[nodiscard]] bool closes_by(const Principal& by, PropertyId property,
                                 domain::BusinessDate date) const {
        if (!is_on_ || by.role != Role::manager || by.trusted || date >= today()) return false;
        return !granted_.contains({property, by.user, today()});
    }
    // The entry keeps its author's gate closed, and who acts is a manager.
    [[nodiscard]] bool holds_closed(const Principal& by, const Entry& entry) const {
        if (by.role != Role::manager || by.trusted) return false;
        const bool waits = entry.status == EntryStatus::pending;
        if (!waits || entry.content.business_date >= today()) return false;
        Principal author = by;
        author.user = entry.created_by;
        const bool is_a_managers = std::ranges::find(managers_, author.user) != managers_.end();
        return is_a_managers && is_closed(author, entry.property);
    }

    void note_grant(const app::CommandBody& body) {
        const auto* set = std::get_if<domain::SetDailyApproval>(&body);
        if (set == nullptr) return;
        const std::tuple key{set->property, set->user, *set->date};
        if (set->grant == domain::DailyGrant::given) {
            granted_.insert(key);
        } else {
            granted_.erase(key);
        }
    }

    void set_gate(bool is_on) {
        domain::ChangeSettings settings;
        settings.daily_gate = is_on;
        if (is_on != is_on_) org_.run(settings).value();
        is_on_ = is_on;
    }

    [[nodiscard]] domain::BusinessDate today() const {
        return day(kTestToday)
            .plus(static_cast<int>((books_.clock.now().ms - kTestStart.ms) / kDayMs));
    }
    [[nodiscard]] domain::BusinessDate date(const GateStep& step) const {
        return today().plus(-step.days_back);
    }
    [[nodiscard]] PropertyId place(int index) const {
        return places_.at(static_cast<std::size_t>(index) % places_.size());
    }
    domain::AddEntry dated(PropertyId property, const GateStep& step) {
        domain::AddEntry add = org_.expense(property, 100);
        add.business_date = date(step);
        return add;
    }
    [[nodiscard]] std::vector<Entry> entries() const {
        app::EntryFilter filter;
        filter.properties = places_;
        filter.statuses = {EntryStatus::pending, EntryStatus::approved, EntryStatus::rejected,
                           EntryStatus::deleted};
        return all_entries(*org_.snapshot(), filter);
    }
    [[nodiscard]] Entry target(const GateStep& step) const {
        const auto all = entries();
        if (!all.empty()) return all.at(static_cast<std::size_t>(step.target) % all.size());
        Entry none;
        none.property = places_.front();
        return none;
    }

    StoreUnderTest books_;
    TestOrg org_{*books_.store, 1};
    std::vector<PropertyId> places_;
    std::vector<UserId> managers_;
    std::set<std::tuple<PropertyId, UserId, domain::BusinessDate>> granted_;
    bool is_on_ = false;
};

class Gate : public StoreProperty {};

TEST_P(Gate, BlocksWhatItMustAndNothingElse) {
    check([] {
        GateGame game(GetParam());
        for (const GateStep& step : *rc::gen::container<std::vector<GateStep>>(any_gate_step())) {
            game.take(step);
        }
    });
}

DAYBOOK_PROPERTY_ON_ALL_STORES(Gate);

}  // namespace
}  // namespace daybook::test
