// Access, checked again inside the transaction: a token may have been revoked, a session ended or a
// grant limited since the request was read.
#pragma once

#include "app/command.h"
#include "app/queries.h"
#include "app/unit_of_work.h"
#include "base/result.h"
#include "domain/principal.h"

namespace daybook::app {

// Who asks, as they are now. Errors: unauthenticated (unknown, revoked or expired token; a session
// that ended; a person who may do nothing any more).
Result<domain::Principal> authorise(UnitOfWork& work, const Command& command, Instant now);

// A token with whoever made it: `maker` is null where that is the org's operator.
struct TokenHolder {
    OrgId org;
    const domain::Token& token;
    const domain::User* maker = nullptr;
};
struct SessionHolder {
    OrgId org;
    const SignInSession& session;
    const domain::User& user;
};
// What they allow now; the rule that requests and transactions share. Errors: unauthenticated.
Result<domain::Principal> principal_of(const TokenHolder& holder, std::string address, Instant now);
Result<domain::Principal> principal_of(const SessionHolder& holder, std::string address,
                                       Instant now);

// What somebody left behind, such as a webhook, outlives their session but not their grant. Errors:
// unauthenticated.
Result<domain::Principal> principal_of(const domain::User& user, domain::Principal principal,
                                       Instant now);
// Who somebody that left something behind is by now, from a snapshot of their org. Errors:
// unauthenticated, and those of the snapshot.
Result<domain::Principal> principal_now(Snapshot& snapshot, const domain::Principal& principal,
                                        Instant now);

// Of a request for an org that is not in memory, after it was loaded (Store::load): for a moment.
Error not_loaded();

// The command line on the machine itself, acting as the org's operator.
domain::Principal operator_principal(const domain::Org& org);

// The property if the principal may see it, else not_found: what is not granted does not exist
// (I8).
Result<const domain::Property*> visible_property(UnitOfWork& work,
                                                 const domain::Principal& principal, PropertyId id);
// ... and may write there, else forbidden.
Result<const domain::Property*> writable_property(UnitOfWork& work,
                                                  const domain::Principal& principal,
                                                  PropertyId id);
// The entry if the principal may see its property and write there.
Result<const domain::Entry*> writable_entry(UnitOfWork& work, const domain::Principal& principal,
                                            EntryId id);

}  // namespace daybook::app
