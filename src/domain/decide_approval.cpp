// Who decides what: entries that wait, taking a decision back, changes that were asked for.
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/entry_rules.h"

namespace daybook::domain {
namespace {

// The entry counts on the first open day; the date of its paper stays known.
Result<Event> approved_on_open_day(const EntryState& state, const std::string& reason) {
    const Entry& entry = state.entry;
    const BusinessDate date = state.at.first_open_date();
    if (date > state.at.today.plus(limits::kDaysAheadMax)) {
        return fail_field(ErrorCode::period_locked, "/businessDate",
                          "The first open day, " + date.to_string() +
                              ", has not come yet. Decide the entry then.");
    }
    Event event = changed_status(entry, EntryVerb::approved, EntryStatus::approved, reason);
    auto& change = std::get<EntryChanged>(event.payload);
    change.before = change.content;
    change.content.business_date = date;
    if (!change.content.occurred_on) change.content.occurred_on = entry.content.business_date;
    event.affected_report_dates = sorted_dates(entry.content.business_date, date);
    return event;
}

Result<Event> taken_back(const EntryState& state, const DecideEntry& command,
                         const Context& context) {
    const Entry& entry = state.entry;
    TRY(check_version(command.version, entry.version));
    if (entry.status != EntryStatus::approved && entry.status != EntryStatus::rejected) {
        return wrong_state(entry, "only a decision that was taken can be taken back.");
    }
    const bool is_requested = needs_request(entry, entry.content.amount.minor, context);
    if (!is_requested) TRY(check_may_decide(entry, context));
    TRY(check_no_request(entry));
    TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
    TRY(check_no_reversals(state));
    TRY(check_reason(command.reason, Need::required));
    if (is_requested) {
        return as_request(
            entry, changed_status(entry, EntryVerb::change_requested, entry.status, command.reason),
            ChangeKind::send_back, command.reason);
    }
    if (entry.status == EntryStatus::rejected) {
        TRY(check_not_author(entry, context));
        if (entry.content.reverses) {
            TRY(check_reversal_sum(state.original, state.original_reversed_minor,
                                   entry.content.amount.minor));
        }
    }
    return changed_status(entry, EntryVerb::returned, EntryStatus::pending, command.reason);
}

std::unexpected<Error> not_pending(const Entry& entry) {
    Error refused =
        error(ErrorCode::not_pending, "This entry is " + std::string(status_name(entry.status)) +
                                          ", so there is nothing to decide.");
    refused.facts.emplace_back("entryStatus", std::string(status_name(entry.status)));
    refused.facts.emplace_back("currentVersion", std::to_string(entry.version));
    return fail(std::move(refused));
}

Status check_another_decides(const ChangeRequest& request, const Context& context) {
    if (request.by != context.principal.user) return {};
    return fail(ErrorCode::four_eyes,
                "You asked for this change; another person decides it. You may withdraw it.");
}

// A move adds there what others wrote here, so it is approved by who might approve both.
Status check_may_move(const Entry& entry, const ChangeRequest& request, const Context& context) {
    if (!request.to_property) return {};
    if (!context.principal.approves(*request.to_property)) {
        return fail(ErrorCode::forbidden,
                    "This moves the entry to a property where you do not approve. Somebody who "
                    "approves in both decides it; you may reject it.");
    }
    return check_not_author(entry, context);
}

// The change takes place, checked again as the books are now.
Result<Event> carried_out(const EntryState& state, const ChangeRequest& request,
                          const DecideChange& command, const Context& context) {
    const Entry& entry = state.entry;
    const std::string reason =
        command.reason.empty() ? std::string(request.reason.shown()) : command.reason;
    if (request.change == ChangeKind::update) {
        TRY(check_update(state, request.content, context));
        Event event = updated_event(entry, request.content, entry.status);
        auto& change = std::get<EntryChanged>(event.payload);
        const ApprovalPolicy& policy = context.org.approvals;
        change.four_eyes = entry.four_eyes || policy.needs_four_eyes(request.content.amount.minor);
        change.reason = Text{reason, false};
        return event;
    }
    TRY(check_may_move(entry, request, context));
    TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
    TRY(check_no_reversals(state));
    if (request.change == ChangeKind::send_back) {
        return changed_status(entry, EntryVerb::returned, EntryStatus::pending, reason);
    }
    return changed_status(entry, EntryVerb::deleted, EntryStatus::deleted, reason);
}

}  // namespace

Result<Event> decide(const EntryState& state, const DecideEntry& command, const Context& context) {
    if (command.decision == Decision::send_back) return taken_back(state, command, context);
    const Entry& entry = state.entry;
    TRY(check_may_decide(entry, context));
    if (entry.status != EntryStatus::pending) return not_pending(entry);
    TRY(check_version(command.version, entry.version));
    TRY(check_not_author(entry, context));
    if (command.decision == Decision::reject) {
        TRY(check_reason(command.reason, Need::required));
        return changed_status(entry, EntryVerb::rejected, EntryStatus::rejected, command.reason);
    }
    TRY(check_reason(command.reason, Need::optional));
    if (command.on_closed_day == OnClosedDay::first_open_date &&
        !check_open(entry.content.business_date, state.at, "/businessDate")) {
        return approved_on_open_day(state, command.reason);
    }
    TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
    return changed_status(entry, EntryVerb::approved, EntryStatus::approved, command.reason);
}

Result<Event> decide(const EntryState& state, const DecideChange& command, const Context& context) {
    const Entry& entry = state.entry;
    const bool withdraws = command.decision == ChangeDecision::withdraw;
    if (!withdraws) TRY(check_may_decide(entry, context));
    if (state.request == nullptr) {
        return fail(ErrorCode::invalid_transition, "No change of this entry waits for a decision.");
    }
    const ChangeRequest& request = *state.request;
    TRY(check_version(command.version, entry.version));
    if (withdraws) {
        if (request.by != context.principal.user) {
            return fail(ErrorCode::forbidden,
                        "Only who asked for a change withdraws it; an approver may reject it.");
        }
        TRY(check_reason(command.reason, Need::optional));
        return changed_status(entry, EntryVerb::change_withdrawn, entry.status, command.reason);
    }
    TRY(check_another_decides(request, context));
    if (command.decision == ChangeDecision::reject) {
        TRY(check_reason(command.reason, Need::required));
    } else {
        TRY(check_reason(command.reason, Need::optional));
    }
    Event event =
        command.decision == ChangeDecision::reject
            ? changed_status(entry, EntryVerb::change_rejected, entry.status, command.reason)
            : TRY(carried_out(state, request, command, context));
    std::get<EntryChanged>(event.payload).requested_by = request.by;
    return event;
}

bool may_decide(const Entry& entry, const Context& context) {
    return check_may_decide(entry, context) && check_not_author(entry, context);
}

bool may_decide(const ChangeRequest& request, const Entry& entry, const Context& context) {
    return context.principal.approves(request.property) && request.by != context.principal.user &&
           check_may_move(entry, request, context).has_value();
}

}  // namespace daybook::domain
