// An org in a store, for tests: ids that repeat, principals of every role, builders for commands.
//
// Everything that a test does not care about is filled in: the org's books start on 2026-01-01 in
// EUR by Lisbon's clocks, and the tests' clock shows 2026-03-15, noon.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/store.h"
#include "base/clock.h"
#include "support/sample_books.h"

namespace daybook::test {

inline constexpr Instant kTestStart{1'773'576'000'000};  // 2026-03-15T12:00:00Z
inline constexpr std::string_view kTestToday = "2026-03-15";
inline constexpr std::string_view kBooksStart = "2026-01-01";

// Submits and waits for the answer.
Result<app::Outcome> run(app::Store& store, app::Command command);
// Submits all while the writer is busy, so that they wait together: in one batch, if they fit.
std::vector<Result<app::Outcome>> run_together(app::Store& store,
                                               std::vector<app::Command> commands);
// Tells the store's listeners what is kept of the org, and waits until they know.
Status load_org(app::Store& store, OrgId org);
// What reports keep of an org.
Result<app::Changes> kept_for_reports(app::Snapshot& snapshot);
// What a command was refused with; ErrorCode::internal if it was not.
ErrorCode refusal(const Result<app::Outcome>& outcome);
// The only item of a command that succeeded.
template <class Entity>
Entity only(const Result<app::Outcome>& outcome) {
    return std::get<Entity>(outcome.value().items.at(0).result.value());
}

class TestOrg {
 public:
    // Makes the org in the store. Another seed gives other ids.
    TestOrg(app::Store& store, std::uint64_t seed);

    [[nodiscard]] OrgId id() const { return org_; }
    [[nodiscard]] app::Store& store() const { return store_; }

    template <class IdType>
    IdType new_id() {
        return daybook::new_id<IdType>(kTestStart, random_);
    }

    // Principals through the command line, which are trusted as they are.
    [[nodiscard]] domain::Principal owner() const { return who(domain::Role::owner, {}); }
    [[nodiscard]] domain::Principal manager() const { return who(domain::Role::manager, {}); }
    [[nodiscard]] domain::Principal who(domain::Role role, domain::Scope scope) const;
    // Limited to some properties.
    [[nodiscard]] domain::Principal limited(domain::Role role,
                                            std::vector<PropertyId> properties) const;

    // Somebody who was invited and has joined, acting through the command line.
    domain::Principal join(domain::Role role, domain::Scope scope = {});

    // By the owner unless somebody else is named.
    [[nodiscard]] app::Command command(app::CommandBody body) const;
    [[nodiscard]] app::Command command(domain::Principal by, app::CommandBody body) const;
    Result<app::Outcome> run(app::CommandBody body);
    Result<app::Outcome> run(domain::Principal by, app::CommandBody body);

    PropertyId add_property(std::string name, std::string_view currency_code = "EUR");

    // In cash, on kTestToday, in the property's currency; category `supplies`, source `room`, from
    // cash to bank.
    domain::AddEntry expense(PropertyId property, std::int64_t minor);
    domain::AddEntry revenue(PropertyId property, std::int64_t minor);
    domain::AddEntry transfer(PropertyId property, std::int64_t minor);
    // Adds it, by the owner unless somebody else is named; it must not be refused.
    domain::Entry add(domain::AddEntry entry);
    domain::Entry add(domain::Principal by, domain::AddEntry entry);

    [[nodiscard]] std::unique_ptr<app::Snapshot> snapshot() const;
    // The entry as it stands; it must exist.
    [[nodiscard]] domain::Entry entry(EntryId id) const;

 private:
    domain::AddEntry entry_of(PropertyId property, domain::EntryKind kind, std::int64_t minor);

    app::Store& store_;
    SeededRandom random_;
    OrgId org_;
    UserId user_;
    std::map<PropertyId, domain::Currency> currencies_;
};

// One entry in one command.
app::AddEntries single(domain::AddEntry entry);

}  // namespace daybook::test
