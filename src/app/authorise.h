// Access, checked again inside the transaction: a token may have been revoked or limited since it
// was read.
#pragma once

#include "app/unit_of_work.h"
#include "base/result.h"
#include "domain/principal.h"

namespace daybook::app {

// The principal as it is now. Errors: unauthenticated (unknown, revoked or expired token).
Result<domain::Principal> authorise(UnitOfWork& work, const domain::Principal& principal,
                                    Instant now);

// What a token allows now; the rule that requests and transactions share. Errors: unauthenticated.
Result<domain::Principal> principal_of(const domain::Token& token, OrgId org, std::string address,
                                       Instant now);

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
