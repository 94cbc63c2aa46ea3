// Plays commands on the books of an org from small numbers: for properties over random sequences.
//
// Every number is an index into a short table or into what exists, modulo its size, and 0 is the
// plainest choice: so a failing sequence shrinks to few steps of zeros. Many commands are refused,
// on purpose.
#pragma once

#include <cstddef>
#include <ostream>
#include <vector>

#include "base/clock.h"
#include "support/test_org.h"

namespace daybook::test {

struct Step {
    int act = 0;      // which command
    int who = 0;      // owner, manager, admins, limited ones, auditor
    int place = 0;    // which property
    int target = 0;   // which entry, token or category
    int amount = 0;   // some are refused
    int day = 0;      // some are refused
    int variant = 0;  // which fields are set, and how
    int hold = 0;     // above 0: wait for the next step, and run with it in one batch
};
std::ostream& operator<<(std::ostream& out, const Step& step);
// How rapidcheck shows it.
void showValue(const Step& step, std::ostream& out);
inline constexpr int kActs = 34;
// These two together: an entry gets another date.
inline constexpr int kActUpdate = 3;
inline constexpr int kVariantDate = 1;

class BooksPlayer {
 public:
    // Makes an org with properties in EUR, JPY, KWD and EUR again. The clock is turned by some
    // steps.
    BooksPlayer(app::Store& store, ManualClock& clock);

    void play(const std::vector<Step>& steps);

    [[nodiscard]] const TestOrg& org() const { return org_; }
    [[nodiscard]] const std::vector<PropertyId>& properties() const { return properties_; }

 private:
    void flush();
    [[nodiscard]] app::CommandBody body_of(const Step& step);
    [[nodiscard]] app::CommandBody entry_command(const Step& step);
    [[nodiscard]] app::CommandBody bulk_command(const Step& step);
    [[nodiscard]] app::CommandBody cash_command(const Step& step);
    [[nodiscard]] app::CommandBody day_command(const Step& step);
    [[nodiscard]] app::CommandBody other_command(const Step& step);
    [[nodiscard]] app::CommandBody gate_command(const Step& step);
    [[nodiscard]] app::CommandBody people_command(const Step& step);
    [[nodiscard]] app::CommandBody visit(const Step& step);
    [[nodiscard]] app::InviteUserWithLink invite(const Step& step);
    [[nodiscard]] domain::ChangeUser change_user(const Step& step);
    // Somebody who was invited, if anybody was.
    [[nodiscard]] UserId person(int index);
    // Who acts: for what people do themselves, they do.
    [[nodiscard]] domain::Principal actor(const Step& step);
    [[nodiscard]] domain::AddEntry add_entry(const Step& step, domain::EntryKind kind);
    [[nodiscard]] app::AddEntries bulk(const Step& step, app::BatchMode mode);
    [[nodiscard]] app::AddLinkedTransfer linked(const Step& step);
    [[nodiscard]] domain::UpdateEntry update(const Step& step);
    [[nodiscard]] domain::DecideEntry decide(const Step& step);
    [[nodiscard]] domain::DecideChange decide_change(const Step& step);
    [[nodiscard]] domain::ReverseEntry reverse(const Step& step);
    [[nodiscard]] domain::UpdateProperty update_property(const Step& step);
    [[nodiscard]] domain::UpdateCategory update_category(const Step& step);
    [[nodiscard]] app::CommandBody webhook_command(const Step& step);
    // Six people, each of another role or scope.
    [[nodiscard]] domain::Principal who(int index) const;
    [[nodiscard]] domain::Principal role_of(int index) const;
    [[nodiscard]] PropertyId place(int index) const;
    [[nodiscard]] EntryId target(int index);
    // The one to be seen, or sometimes another.
    [[nodiscard]] std::int64_t version(EntryId id, const Step& step) const;

    ManualClock& clock_;
    TestOrg org_;
    std::vector<PropertyId> properties_;
    std::vector<EntryId> entries_;
    std::vector<UserId> people_;
    std::vector<app::Command> waiting_;
};

}  // namespace daybook::test
