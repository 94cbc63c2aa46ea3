// One command while it runs: what its handlers need, and the steps that they share. Internal to
// app/.
#pragma once

#include <map>
#include <vector>

#include "app/authorise.h"
#include "app/command.h"
#include "app/unit_of_work.h"
#include "domain/decide.h"

namespace daybook::app {

// Whether the error says that the store failed, rather than that the command was refused.
bool is_store_failure(const Error& error);

// The refusal of a bulk as a whole, because of its item at `index`: pointers begin with
// "/entries/<index>".
Error at_item(Error refusal, std::size_t index);

class Execution {
 public:
    // `principal` as it is now (authorise()).
    Execution(UnitOfWork& work, const Command& command, domain::Principal principal, Instant now);

    // Runs the command's body. Its items are in the order of the request's.
    Result<std::vector<Item>> run();

    Result<std::vector<Item>> operator()(const AddEntries& command);
    Result<std::vector<Item>> operator()(const AddLinkedTransfer& command);
    Result<std::vector<Item>> operator()(const domain::UpdateEntry& command);
    Result<std::vector<Item>> operator()(const domain::DeleteEntry& command);
    Result<std::vector<Item>> operator()(const domain::DecideEntry& command);
    Result<std::vector<Item>> operator()(const domain::DecideChange& command);
    Result<std::vector<Item>> operator()(const DecideMany& command);
    Result<std::vector<Item>> operator()(const domain::RestoreEntry& command);
    Result<std::vector<Item>> operator()(const domain::ReverseEntry& command);
    Result<std::vector<Item>> operator()(const domain::MoveEntry& command);
    Result<std::vector<Item>> operator()(const domain::EraseText& command);
    Result<std::vector<Item>> operator()(const domain::RecordCount& command);
    Result<std::vector<Item>> operator()(const domain::DeclareOpening& command);
    Result<std::vector<Item>> operator()(const domain::PostCorrection& command);
    Result<std::vector<Item>> operator()(const domain::CreateOrg& command);
    Result<std::vector<Item>> operator()(const domain::ChangeSettings& command);
    Result<std::vector<Item>> operator()(const domain::AddProperty& command);
    Result<std::vector<Item>> operator()(const domain::UpdateProperty& command);
    Result<std::vector<Item>> operator()(const domain::AddCategory& command);
    Result<std::vector<Item>> operator()(const domain::UpdateCategory& command);
    Result<std::vector<Item>> operator()(const CreateTokenWithSecret& command);
    Result<std::vector<Item>> operator()(const domain::RevokeToken& command);
    Result<std::vector<Item>> operator()(const domain::ScopeToken& command);
    Result<std::vector<Item>> operator()(const InviteUserWithLink& command);
    Result<std::vector<Item>> operator()(const domain::ChangeUser& command);
    Result<std::vector<Item>> operator()(const domain::ChangeMe& command);
    Result<std::vector<Item>> operator()(const domain::RemoveUser& command);
    Result<std::vector<Item>> operator()(const MakeLink& command);
    Result<std::vector<Item>> operator()(const AcceptLink& command);
    Result<std::vector<Item>> operator()(const StartSession& command);
    Result<std::vector<Item>> operator()(const FoundOrg& command);
    Result<std::vector<Item>> operator()(const ChangePassword& command);
    Result<std::vector<Item>> operator()(const EndSession& command);
    Result<std::vector<Item>> operator()(const Note& command);
    Result<std::vector<Item>> operator()(const domain::ImportCommitted& command);
    Result<std::vector<Item>> operator()(const AddWebhookWithSecret& command);
    Result<std::vector<Item>> operator()(const domain::UpdateWebhook& command);
    Result<std::vector<Item>> operator()(const domain::DeleteWebhook& command);
    Result<std::vector<Item>> operator()(const SaveDelivery& command);
    Result<std::vector<Item>> operator()(const LogWebhookAttempts& command);
    Result<std::vector<Item>> operator()(const ChangeDelivery& command);
    Result<std::vector<Item>> operator()(const domain::CloseDay& command);
    Result<std::vector<Item>> operator()(const domain::ReopenDay& command);
    Result<std::vector<Item>> operator()(const domain::AcknowledgeVariance& command);
    Result<std::vector<Item>> operator()(const domain::SetLock& command);
    Result<std::vector<Item>> operator()(const domain::ExceptFromLock& command);
    Result<std::vector<Item>> operator()(const domain::SetDailyApproval& command);
    Result<std::vector<Item>> operator()(const MarkRead& command);

 private:
    // A property's rows as values that outlive further loads.
    struct AtProperty {
        domain::Property property;
        domain::Counters counters;
        domain::BusinessDate today;
        std::optional<domain::BusinessDate> locked_through;
        [[nodiscard]] domain::PropertyState state() const {
            return {property, counters, today, locked_through};
        }
    };
    Result<AtProperty> at(PropertyId id);
    Result<domain::Context> context();
    // The greatest date of the locks that hold for the principal.
    Result<std::optional<domain::BusinessDate>> locked_through(PropertyId id);
    Result<std::optional<domain::BusinessDate>> lock_date(const LockKey& key);
    // The principal's daily gate at the property. Kept until an addition may have closed it.
    Result<domain::Gate> gate(const AtProperty& place);
    // The gate that the entry keeps closed, if somebody who is gated acts on it: taken out of the
    // earlier days, or out of the property, it would open.
    Result<domain::Gate> gate_kept_by(const domain::Entry& entry, const AtProperty& place);
    Result<domain::Gate> gate_of(UserId user, const AtProperty& place);
    Result<const domain::Category*> category_of(domain::EntryKind kind, std::string_view key);

    Result<domain::Event> decided_addition(const domain::AddEntry& command);
    Result<Item> add_entry(const domain::AddEntry& command);
    Result<Item> add_or_skip(const domain::AddEntry& command);
    Result<Item> decide_one(const domain::DecideEntry& command);
    Result<Item> decide_one(const domain::DecideChange& command);
    Result<Item> decide_one(const domain::AcknowledgeVariance& command);
    Result<const domain::ChangeRequest*> open_request(const domain::Entry& entry);
    // Loads what an act on an entry needs and decides it.
    template <class Act>
    Result<domain::Event> decided(const Act& act, std::string_view key_after);
    // And appends the event.
    template <class Act>
    Result<Item> act_on_entry(const Act& act, std::string_view key_after);
    // The addition there and the deletion here, of which the event is decided: both, or neither.
    Result<Item> move_as_asked(const domain::DecideChange& command,
                               const domain::ChangeRequest& request, domain::Event gone);

    Result<domain::Webhook> alive_webhook(WebhookId id);
    Result<domain::DeliveryChanged> change_letter(const ChangeDelivery& command);
    Result<domain::DeliveryChanged> change_subscription(const ChangeDelivery& command);
    Result<domain::DeliveryChanged> replay_event(const ChangeDelivery& command);
    // Closes one day: posts its variance, freezes its report, appends its events.
    // `counted` holds in place of the day's last count of cash.
    Result<Item> close_one(const domain::CloseDay& command, domain::BusinessDate date,
                           const domain::Count* counted);
    // Records the count that the command brings.
    Result<domain::Count> count_for(const domain::CloseDay& command);
    Result<Item> reopen_one(const domain::ReopenDay& command, domain::BusinessDate date);
    // As Count has it.
    Result<std::int64_t> count_basis(const domain::Property& property, domain::BusinessDate date);
    // A user of the org, as a value. Errors: not_found.
    Result<domain::User> user(UserId id);
    Status check_properties(const domain::Scope& scope);
    Status keep_link(const domain::User& user, domain::CredentialKind kind, const NewLink& link);
    // The user's open link opens nothing more.
    Status drop_link(UserId user);
    // Nobody acts through a maker whose grant has ended or changed. Who made a link is in the log
    // alone, so those of all makers end.
    Status drop_links_of_maker(const domain::User& maker);
    Status keep_password(UserId user, const Password& password);
    Status start_session(UserId user, const NewSession& session);
    // Ends the user's sessions but `kept`.
    Status end_sessions(UserId user, SessionId kept);
    Status end_session(UserId user, SignInSession session);
    // The user as the one item, with the newest event of the command.
    Result<std::vector<Item>> user_item(UserId id);
    Status found_org(const domain::CreateOrg& command);

    Result<Item> append_entry(domain::Event event);
    template <class Whole>
    Result<std::vector<Item>> append_one(domain::Event event, Whole&& load_entity) {
        const Position position = TRY(append(std::move(event)));
        Entity entity = TRY(load_entity());
        std::vector<Item> items;
        items.push_back(Item{std::move(entity), position});
        return items;
    }
    Result<Position> append(domain::Event event);

    UnitOfWork& work_;
    const Command& command_;
    domain::Principal principal_;
    Authorship by_;
    Instant now_;
    std::optional<domain::Org> org_;
    std::map<PropertyId, domain::Gate> gates_;  // as far as they are known
};

}  // namespace daybook::app
