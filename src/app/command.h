// Commands as the writer executes them: who, through which request, and what; and what comes of
// them.
//
// A command is a value. The store runs it inside its transaction by execute() (command_service.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/lease.h"
#include "app/rows.h"
#include "base/result.h"
#include "domain/commands.h"
#include "domain/principal.h"

namespace daybook::app {

// `single`: one entry. `atomic`: all or none. `per_item`: each on its own. `skip_existing`: atomic,
// but an entry whose externalId exists is passed over (imports).
enum class BatchMode : std::uint8_t { single, atomic, per_item, skip_existing };

struct AddEntries {
    std::vector<domain::AddEntry> entries;
    BatchMode mode = BatchMode::single;
};

// A transfer between two properties: out of one into transit, out of transit into the other.
struct AddLinkedTransfer {
    domain::AddEntry here;
    domain::AddEntry there;
};

// Many decisions at once, each on its own: much of the inbox.
using InboxDecision =
    std::variant<domain::DecideEntry, domain::DecideChange, domain::AcknowledgeVariance>;
struct DecideMany {
    std::vector<InboxDecision> decisions;
};

struct CreateTokenWithSecret {
    domain::CreateToken token;
    Hash secret_hash{};  // SHA-256 of the whole token text
};

// The secret is shown once, in the answer.
struct AddWebhookWithSecret {
    domain::AddWebhook webhook;
    std::string secret;  // bytes
};

// Where a subscription is; by delivery itself, with no event. Errors: stale_version (it was reset
// since, or is gone).
struct SaveDelivery {
    std::string subscription;
    std::int64_t generation = 1;
    Position watermark = 0;
    std::vector<PositionRange> ranges;
    std::optional<std::string> pause;  // it pauses itself, for this reason
    std::vector<DeadLetter> letters;   // to keep, or `removed`
    Fence fence = 0;                   // of the lease that it was delivered under
};

// What webhooks tried; by delivery itself, with no event.
struct LogWebhookAttempts {
    std::vector<WebhookAttempt> attempts;
};

// Pause, resume or reset a subscription; redrive or discard a dead letter; deliver an event to a
// webhook once more. Errors: forbidden, not_found, nothing_to_change, invalid_transition,
// invalid_value, reason_required.
struct ChangeDelivery {
    std::string subscription;  // empty where the dead letter is named
    domain::DeliveryAct act = domain::DeliveryAct::paused;
    Position to = 0;  // reset: acknowledged up to it; replay: the event
    DeadLetterId dead_letter;
    std::string reason;
};

// A new link of a user; its text is only in the answer.
struct NewLink {
    LinkId id;
    Hash secret_hash{};
    Instant expires_at;
};
struct NewSession {
    SessionId id;
    Hash secret_hash{};
    std::string agent;
};

struct InviteUserWithLink {
    domain::InviteUser user;
    NewLink link;
};

// An invitation for those who have not joined, else a reset of the password. Takes the place of an
// earlier one.
struct MakeLink {
    UserId user;
    NewLink link;
};

// The acts of somebody who is not signed in, and who brings a proof instead: the secret of a link,
// a password that was verified, or the token of the setup.
struct AcceptLink {
    UserId user;
    Hash secret_hash{};  // of the link
    std::optional<std::string> name;
    Password password;
    NewSession session;
};
struct StartSession {
    UserId user;
    Uuid verified;  // the password that was: it must still be the user's
    NewSession session;
};
struct FoundOrg {
    domain::CreateOrg org;
    domain::InviteUser owner;
    Password password;
    NewSession session;
};

// By the user, whose present password was verified; the other sessions end.
struct ChangePassword {
    Uuid verified;
    Password password;
};
struct EndSession {
    SessionId id;
};

// What of their notifications somebody has read: some, and all through a position. By the user,
// with no event. Errors: not_found (no notification of theirs), invalid_value (beyond the log),
// limit_reached.
struct MarkRead {
    std::vector<Position> positions;
    std::optional<Position> through;
};

// Rows of side tables that no event is about: uses, failures, reads. Of any org.
struct Note {
    std::vector<std::pair<LastUseKey, Instant>> last_uses;
    std::vector<std::pair<std::int64_t, FailedSignIn>> failed_sign_ins;
    std::vector<std::pair<AccessKey, Access>> accesses;
};

using CommandBody = std::variant<
    AddEntries, AddLinkedTransfer, domain::UpdateEntry, domain::DeleteEntry, domain::DecideEntry,
    domain::DecideChange, DecideMany, domain::RestoreEntry, domain::ReverseEntry, domain::MoveEntry,
    domain::EraseText, domain::RecordCount, domain::DeclareOpening, domain::PostCorrection,
    domain::CreateOrg, domain::ChangeSettings, domain::AddProperty, domain::UpdateProperty,
    domain::AddCategory, domain::UpdateCategory, CreateTokenWithSecret, domain::RevokeToken,
    domain::ScopeToken, domain::ImportCommitted, AddWebhookWithSecret, domain::UpdateWebhook,
    domain::DeleteWebhook, SaveDelivery, LogWebhookAttempts, ChangeDelivery, domain::CloseDay,
    domain::ReopenDay, domain::AcknowledgeVariance, domain::SetLock, domain::ExceptFromLock,
    InviteUserWithLink, domain::ChangeUser, domain::ChangeMe, domain::RemoveUser, MakeLink,
    AcceptLink, StartSession, FoundOrg, ChangePassword, EndSession, Note, domain::SetDailyApproval,
    MarkRead>;

// What a retry is recognised by.
struct Idempotency {
    Hash16 key{};      // see idempotency_key()
    Hash16 request{};  // see idempotency_request()
};

struct Command {
    domain::Principal principal;
    std::string correlation;  // the request id
    std::optional<Idempotency> idempotency;
    CommandBody body;
};

Hash16 idempotency_key(const domain::Principal& principal, std::string_view key);
Hash16 idempotency_request(std::string_view route, std::string_view body);

// Its share of a batch: entries that it may write, at least 1.
std::size_t weight(const Command& command);

using Entity =
    std::variant<domain::Entry, domain::Count, domain::Adjustment, domain::Property,
                 domain::Category, domain::Token, domain::Org, domain::ImportCommitted,
                 domain::Webhook, domain::DeliveryChanged, domain::Closing, domain::PeriodLock,
                 domain::LockException, domain::User, domain::DailyApproval, domain::ChangeRequest>;

// One item of the request: the entity as it stands after it, or why it was refused.
struct Item {
    Result<Entity> result;
    std::optional<Position> position;  // of its event; none where nothing was written
};

struct Outcome {
    Position position = 0;  // the org's head after the command
    bool replayed = false;  // an earlier request with the same Idempotency-Key did it
    std::vector<Item> items;
};

}  // namespace daybook::app
