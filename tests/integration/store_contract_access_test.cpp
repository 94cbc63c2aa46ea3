// Need: a directory for files. Goal: nothing of another org or property shows (I8); tokens are
// checked inside the transaction; a refused command leaves no trace; erased texts are gone.
#include <gtest/gtest.h>

#include "app/event_codec.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Entry;

class StoreContractAccess : public StoreContract {
 protected:
    app::CreateTokenWithSecret token(domain::Role role, domain::Scope scope = {}) {
        app::CreateTokenWithSecret create;
        create.token.id = org_.new_id<TokenId>();
        create.token.name = "Till";
        create.token.role = role;
        create.token.scope = std::move(scope);
        create.secret_hash.fill(7);
        return create;
    }
    // As a request arrives: with what the token could do when it was read.
    domain::Principal through(TokenId id) {
        domain::Principal principal = org_.owner();
        principal.via = {domain::ViaKind::token, id};
        return principal;
    }
    void expect_no_trace(app::CommandBody body, ErrorCode code,
                         std::optional<domain::Principal> by = std::nullopt) {
        const Contents before = contents_of(*org_.snapshot());
        const auto outcome = org_.run(by.value_or(org_.owner()), std::move(body));
        EXPECT_EQ(refusal(outcome), code);
        EXPECT_EQ(contents_of(*org_.snapshot()), before);
    }

    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    PropertyId hostel_ = org_.add_property("Hostel");
};

TEST_P(StoreContractAccess, KeepsTokensAndTheHashesOfTheirSecrets) {
    const auto create = token(domain::Role::manager);
    const auto made = only<domain::Token>(org_.run(create));
    EXPECT_EQ(org_.snapshot()->tokens().value(), std::vector{made});
    const auto credentials = store().credentials().value();
    ASSERT_EQ(credentials.size(), 1U);
    EXPECT_EQ(credentials[0].token, made.id);
    EXPECT_EQ(credentials[0].org, org_.id());
    EXPECT_EQ(credentials[0].secret_hash, create.secret_hash);
}

TEST_P(StoreContractAccess, ChecksATokenInsideTheTransaction) {
    const auto create = token(domain::Role::manager);
    const TokenId id = create.token.id;
    org_.run(create).value();
    EXPECT_EQ(org_.add(through(id), org_.expense(hotel_, 1)).status, domain::EntryStatus::pending);

    std::vector<app::Command> commands;
    commands.push_back(org_.command(domain::ScopeToken{id, {false, {hostel_}}}));
    commands.push_back(org_.command(through(id), single(org_.expense(hotel_, 2))));
    commands.push_back(org_.command(through(id), single(org_.expense(hostel_, 3))));
    commands.push_back(org_.command(domain::RevokeToken{id}));
    commands.push_back(org_.command(through(id), single(org_.expense(hostel_, 4))));
    const auto outcomes = run_together(store(), std::move(commands));
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(refusal(outcomes[1]), ErrorCode::not_found);
    EXPECT_TRUE(outcomes[2]);
    EXPECT_TRUE(outcomes[3]);
    EXPECT_EQ(refusal(outcomes[4]), ErrorCode::unauthenticated);
    EXPECT_TRUE(org_.snapshot()->tokens().value().at(0).revoked);
    expect_no_trace(single(org_.expense(hostel_, 5)), ErrorCode::unauthenticated, through(id));
}

TEST_P(StoreContractAccess, LetsATokenExpire) {
    auto create = token(domain::Role::owner);
    create.token.expires_at = Instant{kTestStart.ms + 1'000};
    org_.run(create).value();
    org_.add(through(create.token.id), org_.expense(hotel_, 1));
    clock_.advance_ms(1'000);
    expect_no_trace(single(org_.expense(hotel_, 2)), ErrorCode::unauthenticated,
                    through(create.token.id));
}

TEST_P(StoreContractAccess, LeavesNoTraceOfARefusedCommand) {
    const Entry entry = org_.add(org_.expense(hotel_, 100));
    domain::AddEntry yen = org_.expense(hotel_, 1);
    yen.content.amount.currency = currency("JPY");
    expect_no_trace(single(yen), ErrorCode::currency_mismatch);
    expect_no_trace(single(org_.expense(org_.new_id<PropertyId>(), 1)), ErrorCode::not_found);
    expect_no_trace(domain::DeleteEntry{entry.id, 9, {}}, ErrorCode::stale_version);
    expect_no_trace(domain::DeleteEntry{entry.id, 1, {}}, ErrorCode::reason_required,
                    org_.manager());
    expect_no_trace(domain::RestoreEntry{entry.id, 1}, ErrorCode::invalid_transition);
    expect_no_trace(domain::DeleteEntry{entry.id, 1, {}}, ErrorCode::not_found,
                    org_.limited(domain::Role::admin, {hostel_}));
    expect_no_trace(single(org_.expense(hotel_, 1)), ErrorCode::forbidden,
                    org_.who(domain::Role::auditor, {}));
    expect_no_trace(token(domain::Role::owner), ErrorCode::forbidden,
                    org_.who(domain::Role::admin, {}));
    domain::MoveEntry move{entry.id, 9, hostel_, org_.new_id<EntryId>(), {}};
    expect_no_trace(move, ErrorCode::stale_version);
    EXPECT_TRUE(store().credentials().value().empty());
}

// The same ids in both: keys begin with the org.
TEST_P(StoreContractAccess, KeepsOrgsApart) {
    TestOrg other(store(), 2);
    domain::AddProperty same_id;
    same_id.id = hotel_;
    same_id.name = "Hotel";
    same_id.currency = currency("EUR");
    same_id.zone = "Europe/Lisbon";
    same_id.books_start_on = day(kBooksStart);
    other.run(same_id).value();
    const Contents others_before = contents_of(*other.snapshot());

    domain::AddEntry add = org_.expense(hotel_, 100);
    add.content.external_id = "R-1";
    org_.add(add);
    org_.run(token(domain::Role::manager)).value();
    EXPECT_EQ(contents_of(*other.snapshot()), others_before);
    EXPECT_EQ(other.snapshot()->entry(add.id).value(), std::nullopt);
    EXPECT_EQ(refusal(other.run(domain::DeleteEntry{add.id, 1, {}})), ErrorCode::not_found);
    EXPECT_EQ(refusal(other.run(single(org_.expense(hostel_, 1)))), ErrorCode::not_found);

    const Contents before = contents_of(*org_.snapshot());
    add.content.amount.minor = 999;
    EXPECT_EQ(other.add(add).number, 1);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
    EXPECT_EQ(org_.entry(add.id).content.amount.minor, 100);
    EXPECT_EQ(other.entry(add.id).content.amount.minor, 999);
    EXPECT_EQ(store().orgs().value().size(), 2U);
}

TEST_P(StoreContractAccess, ShowsAnUnknownOrgAsEmpty) {
    const auto snapshot = store().snapshot(org_.new_id<OrgId>()).value();
    EXPECT_EQ(snapshot->head(), 0);
    EXPECT_EQ(snapshot->org().error().code, ErrorCode::not_found);
    EXPECT_TRUE(snapshot->properties().value().empty());
    EXPECT_TRUE(snapshot->log(0, 10).value().empty());
}

TEST_P(StoreContractAccess, ErasesTheTextsOfAnEntryAndOfItsEvents) {
    domain::AddEntry add = org_.expense(hotel_, 100);
    add.content.party.value = "Maria Lopes";
    add.content.description.value = "Laundry";
    const Entry entry = org_.add(add);
    const Entry other = org_.add(add = [&] {
        domain::AddEntry again = add;
        again.id = org_.new_id<EntryId>();
        return again;
    }());
    domain::UpdateEntry update{entry.id, 1, {}};
    update.patch.reference = "Invoice 7";
    org_.run(update).value();
    org_.run(domain::EraseText{entry.id, 2, "She asked for it."}).value();

    const Entry erased = org_.entry(entry.id);
    EXPECT_TRUE(erased.content.party.erased && erased.content.party.value.empty());
    EXPECT_TRUE(erased.content.reference.erased);
    EXPECT_EQ(erased.version, 3);
    EXPECT_EQ(org_.entry(other.id).content.party.value, "Maria Lopes");
    const auto log = org_.snapshot()->log(0, 1'000).value();
    int of_the_entry = 0;
    for (const auto& event : log) {
        const auto decoded = app::decode(event.bytes, event.private_json).value();
        if (decoded.event.entity.id != entry.id.value) continue;
        ++of_the_entry;
        if (event.position != log.back().position) EXPECT_EQ(event.private_json, "");
    }
    EXPECT_EQ(of_the_entry, 3);
    EXPECT_NE(log.back().private_json.find("She asked"), std::string::npos);
    app::EntryFilter filter;
    filter.properties = {hotel_};
    filter.text = "maria";
    EXPECT_EQ(org_.snapshot()->entries(filter).value().entries, std::vector{org_.entry(other.id)});
}

TEST_P(StoreContractAccess, ErasesWhatTheSameBatchWrote) {
    domain::AddEntry add = org_.expense(hotel_, 100);
    add.content.party.value = "Maria Lopes";
    std::vector<app::Command> commands;
    commands.push_back(org_.command(single(add)));
    commands.push_back(org_.command(domain::EraseText{add.id, 1, "A slip."}));
    for (const auto& outcome : run_together(store(), std::move(commands))) EXPECT_TRUE(outcome);
    for (const auto& event : org_.snapshot()->log(0, 1'000).value()) {
        EXPECT_EQ(event.private_json.find("Maria"), std::string::npos) << event.position;
    }
    EXPECT_TRUE(org_.entry(add.id).content.party.erased);
}

DAYBOOK_TEST_ALL_STORES(StoreContractAccess);

}  // namespace
}  // namespace daybook::test
