// Commands in and out of a store, and builders.
#include "support/test_org.h"

#include <algorithm>
#include <future>
#include <utility>

#include "base/digest.h"

namespace daybook::test {

Result<app::Outcome> run(app::Store& store, app::Command command) {
    std::promise<Result<app::Outcome>> promise;
    auto future = promise.get_future();
    store.submit(std::move(command),
                 [&](Result<app::Outcome> outcome) { promise.set_value(std::move(outcome)); });
    return future.get();
}

std::vector<Result<app::Outcome>> run_together(app::Store& store,
                                               std::vector<app::Command> commands) {
    if (commands.empty()) return {};
    std::vector<std::promise<Result<app::Outcome>>> promises(commands.size());
    const auto submit_all = [&](const Result<app::Outcome>&) {
        for (std::size_t i = 0; i < commands.size(); ++i) {
            store.submit(std::move(commands[i]), [&promise = promises[i]](auto outcome) {
                promise.set_value(std::move(outcome));
            });
        }
    };
    // Refused for its unknown org; the writer waits for the answer to return.
    app::Command opener;
    opener.principal.role = domain::Role::owner;
    opener.body = domain::ChangeSettings{};
    store.submit(std::move(opener), submit_all);
    std::vector<Result<app::Outcome>> outcomes;
    for (auto& promise : promises) outcomes.push_back(promise.get_future().get());
    return outcomes;
}

Status load_org(app::Store& store, OrgId org) {
    std::promise<Status> promise;
    auto future = promise.get_future();
    store.load(org, [&](Status loaded) { promise.set_value(std::move(loaded)); });
    return future.get();
}

Result<app::Changes> kept_for_reports(app::Snapshot& snapshot) {
    app::Changes kept;
    const domain::Org org = TRY(snapshot.org());
    kept.heads[org.id].position = TRY(snapshot.head());
    kept.orgs.emplace(org.id, org);
    for (const domain::Property& each : TRY(snapshot.properties())) {
        kept.properties.insert_or_assign({org.id, each.id}, each);
    }
    return kept;
}

ErrorCode refusal(const Result<app::Outcome>& outcome) {
    return outcome ? ErrorCode::internal : outcome.error().code;
}

// Another sequence than the stores', which may have the same seed: ids must not meet.
TestOrg::TestOrg(app::Store& store, std::uint64_t seed) : store_(store), random_(~seed) {
    org_ = new_id<OrgId>();
    user_ = new_id<UserId>();
    domain::CreateOrg create{org_, "Org " + std::to_string(seed), user_, {}};
    while (create.starter_ids.size() < domain::starter_categories().size()) {
        create.starter_ids.push_back(new_id<CategoryId>());
    }
    run(std::move(create)).value();
}

domain::Principal TestOrg::who(domain::Role role, domain::Scope scope) const {
    return {org_, user_, role, std::move(scope), domain::Via{}, "192.0.2.1"};
}

domain::Principal TestOrg::limited(domain::Role role, std::vector<PropertyId> properties) const {
    std::ranges::sort(properties);
    return who(role, domain::Scope{false, std::move(properties)});
}

domain::Principal TestOrg::join(domain::Role role, domain::Scope scope) {
    domain::Principal person = who(role, scope);
    person.user = new_id<UserId>();
    const Hash secret = sha256({person.user.value.bytes});
    app::InviteUserWithLink invite;
    invite.user = {person.user,
                   "Person",
                   person.user.to_string() + "@example.com",
                   {role, std::move(scope), std::nullopt}};
    invite.link = {new_id<LinkId>(), secret, Instant{kTestStart.ms + 1'000'000}};
    run(std::move(invite)).value();
    const app::NewSession session{new_id<SessionId>(), secret, "test"};
    const app::Password password{person.user.value, "nothing that opens", kTestStart};
    run(person, app::AcceptLink{person.user, secret, std::nullopt, password, session}).value();
    return person;
}

app::Command TestOrg::command(app::CommandBody body) const {
    return command(owner(), std::move(body));
}

app::Command TestOrg::command(domain::Principal by, app::CommandBody body) const {
    return app::Command{std::move(by), "request-1", std::nullopt, std::move(body)};
}

Result<app::Outcome> TestOrg::run(app::CommandBody body) {
    return run(owner(), std::move(body));
}

Result<app::Outcome> TestOrg::run(domain::Principal by, app::CommandBody body) {
    return test::run(store_, command(std::move(by), std::move(body)));
}

PropertyId TestOrg::add_property(std::string name, std::string_view currency_code) {
    domain::AddProperty add;
    add.id = new_id<PropertyId>();
    add.name = std::move(name);
    add.currency = currency(currency_code);
    add.zone = "Europe/Lisbon";
    add.books_start_on = day(kBooksStart);
    currencies_[add.id] = add.currency;
    const PropertyId id = add.id;
    run(std::move(add)).value();
    return id;
}

domain::AddEntry TestOrg::entry_of(PropertyId property, domain::EntryKind kind,
                                   std::int64_t minor) {
    domain::AddEntry add;
    add.id = new_id<EntryId>();
    add.property = property;
    add.kind = kind;
    add.business_date = day(kTestToday);
    const auto known = currencies_.find(property);
    add.content.amount = {minor, known == currencies_.end() ? currency("EUR") : known->second};
    return add;
}

domain::AddEntry TestOrg::expense(PropertyId property, std::int64_t minor) {
    domain::AddEntry add = entry_of(property, domain::EntryKind::expense, minor);
    add.content.key = "supplies";
    return add;
}

domain::AddEntry TestOrg::revenue(PropertyId property, std::int64_t minor) {
    domain::AddEntry add = entry_of(property, domain::EntryKind::revenue, minor);
    add.content.key = "room";
    return add;
}

domain::AddEntry TestOrg::transfer(PropertyId property, std::int64_t minor) {
    return entry_of(property, domain::EntryKind::transfer, minor);
}

domain::Entry TestOrg::add(domain::AddEntry entry) {
    return add(owner(), std::move(entry));
}

domain::Entry TestOrg::add(domain::Principal by, domain::AddEntry entry) {
    return only<domain::Entry>(run(std::move(by), single(std::move(entry))));
}

std::unique_ptr<app::Snapshot> TestOrg::snapshot() const {
    return store_.snapshot(org_).value();
}

domain::Entry TestOrg::entry(EntryId id) const {
    return snapshot()->entry(id).value().value();
}

app::AddEntries single(domain::AddEntry entry) {
    app::AddEntries add;
    add.entries.push_back(std::move(entry));
    return add;
}

}  // namespace daybook::test
