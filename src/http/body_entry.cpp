// Member by member, in the order of the API document.
#include "http/body_entry.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using namespace domain;

struct ModeName {
    std::string_view name;
    app::BatchMode mode;
};
constexpr std::array<ModeName, 3> kModes{{{"atomic", app::BatchMode::atomic},
                                          {"per_item", app::BatchMode::per_item},
                                          {"skip_existing", app::BatchMode::skip_existing}}};

struct DecisionName {
    std::string_view name;
    Decision decision;
};
constexpr std::array<DecisionName, 3> kDecisions{{{"approve", Decision::approve},
                                                  {"reject", Decision::reject},
                                                  {"return", Decision::send_back}}};

std::optional<app::BatchMode> parse_mode(std::string_view text) {
    const auto found = std::ranges::find(kModes, text, &ModeName::name);
    if (found == kModes.end()) return std::nullopt;
    return found->mode;
}

std::optional<Decision> parse_decision(std::string_view text) {
    const auto found = std::ranges::find(kDecisions, text, &DecisionName::name);
    if (found == kDecisions.end()) return std::nullopt;
    return found->decision;
}

std::string_view key_member(EntryKind kind) {
    return kind == EntryKind::revenue ? "source" : "category";
}

void read_ends(BodyReader& body, EntryContent& content) {
    const auto end = [&](std::string_view name) {
        return body.parsed(name, Presence::required, parse_transfer_end, kTransferEndForm);
    };
    content.from = end("from").value_or(TransferEnd::cash);
    content.to = end("to").value_or(TransferEnd::bank);
}

Text read_text(BodyReader& body, std::string_view name) {
    return Text{body.text(name, Presence::optional).value_or(""), false};
}

AddEntry read_entry(BodyReader& body, EntryKind kind) {
    AddEntry add;
    add.kind = kind;
    add.property = body.parsed("propertyId", Presence::required, PropertyId::parse, kPropertyForm)
                       .value_or(PropertyId{});
    add.business_date =
        body.parsed("businessDate", Presence::optional, BusinessDate::parse, kDateForm);
    EntryContent& content = add.content;
    content.amount.minor = body.integer("amountMinor", Presence::required).value_or(0);
    content.amount.currency =
        body.parsed("currency", Presence::required, Currency::parse, kCurrencyForm)
            .value_or(Currency());
    if (kind == EntryKind::transfer) {
        read_ends(body, content);
    } else {
        content.payment_mode =
            body.parsed("paymentMode", Presence::required, parse_account, kAccountForm)
                .value_or(Account::cash);
        content.key = body.text(key_member(kind), Presence::required).value_or("");
    }
    content.method = body.text("method", Presence::optional).value_or("");
    content.party = read_text(body, "party");
    content.tax_minor = body.integer("taxMinor", Presence::optional).value_or(0);
    content.description = read_text(body, "description");
    content.reference = read_text(body, "reference");
    content.occurred_on =
        body.parsed("occurredOn", Presence::optional, BusinessDate::parse, kDateForm);
    content.external_id = body.text("externalId", Presence::optional).value_or("");
    content.reversal = body.boolean("reversal", Presence::optional).value_or(false);
    content.reverses = body.parsed("reversesId", Presence::optional, EntryId::parse, kEntryForm);
    return add;
}

std::optional<OnClosedDay> parse_on_closed_day(std::string_view text) {
    if (text == "refuse") return OnClosedDay::refuse;
    if (text == "firstOpenDate") return OnClosedDay::first_open_date;
    return std::nullopt;
}

OnClosedDay read_on_closed_day(BodyReader& body) {
    return body
        .parsed("onClosedDay", Presence::optional, parse_on_closed_day, "refuse or firstOpenDate")
        .value_or(OnClosedDay::refuse);
}

std::int64_t read_version(BodyReader& item) {
    if (item.has("version")) return item.integer("version", Presence::kept).value_or(0);
    item.wrong("version", ErrorCode::if_match_required, "Send the version that was seen.");
    return 0;
}

EntryId read_entry_id(BodyReader& item) {
    return item.parsed("id", Presence::required, EntryId::parse, kEntryForm).value_or(EntryId{});
}

DecideEntry read_decision(BodyReader& item) {
    DecideEntry decide;
    decide.id = read_entry_id(item);
    decide.version = read_version(item);
    decide.decision =
        item.parsed("decision", Presence::required, parse_decision, "approve, reject or return")
            .value_or(Decision::approve);
    decide.reason = read_reason(item);
    decide.on_closed_day = read_on_closed_day(item);
    return decide;
}

std::optional<ChangeDecision> parse_change_decision(std::string_view text) {
    if (text == "approve") return ChangeDecision::approve;
    if (text == "reject") return ChangeDecision::reject;
    return std::nullopt;
}

DecideChange read_change_decision(BodyReader& item) {
    DecideChange decide;
    decide.id = read_entry_id(item);
    decide.version = read_version(item);
    decide.decision =
        item.parsed("decision", Presence::required, parse_change_decision, "approve or reject")
            .value_or(ChangeDecision::approve);
    decide.reason = read_reason(item);
    return decide;
}

std::optional<bool> parse_acknowledge(std::string_view text) {
    return text == "acknowledge" ? std::optional(true) : std::nullopt;
}

AcknowledgeVariance read_acknowledgement(BodyReader& item) {
    AcknowledgeVariance seen;
    seen.property = item.parsed("propertyId", Presence::required, PropertyId::parse, kPropertyForm)
                        .value_or(PropertyId{});
    seen.date = item.parsed("date", Presence::required, BusinessDate::parse, kDateForm)
                    .value_or(BusinessDate{});
    seen.revision = read_version(item);
    item.parsed("decision", Presence::required, parse_acknowledge, "acknowledge");
    seen.reason = read_reason(item);
    return seen;
}

app::InboxDecision read_inbox_decision(BodyReader& item) {
    const std::string type = item.text("type", Presence::optional).value_or("entry");
    if (type == "entry") return read_decision(item);
    if (type == "change") return read_change_decision(item);
    if (type == "variance") return read_acknowledgement(item);
    item.wrong("type", ErrorCode::invalid_value, "Use entry, change or variance.");
    item.ignore_rest();
    return DecideEntry{};
}

}  // namespace

NewEntry read_new_entry(BodyReader& body, EntryKind kind) {
    NewEntry read{read_entry(body, kind), std::nullopt};
    if (kind == EntryKind::transfer) {
        read.to_property =
            body.parsed("toPropertyId", Presence::optional, PropertyId::parse, kPropertyForm);
    }
    return read;
}

EntryPatch read_entry_patch(BodyReader& body, EntryKind kind) {
    EntryPatch patch;
    if (body.has("propertyId")) {
        body.wrong("propertyId", ErrorCode::property_fixed,
                   "An entry stays in its property's books; POST …/move takes it to another.");
    }
    patch.business_date =
        body.parsed("businessDate", Presence::kept, BusinessDate::parse, kDateForm);
    patch.amount_minor = body.integer("amountMinor", Presence::kept);
    patch.currency = body.parsed("currency", Presence::kept, Currency::parse, kCurrencyForm);
    if (kind == EntryKind::transfer) {
        patch.from = body.parsed("from", Presence::kept, parse_transfer_end, kTransferEndForm);
        patch.to = body.parsed("to", Presence::kept, parse_transfer_end, kTransferEndForm);
    } else {
        patch.payment_mode =
            body.parsed("paymentMode", Presence::kept, parse_account, kAccountForm);
        patch.key = body.text(key_member(kind), Presence::kept);
    }
    patch.method = body.clearable_text("method");
    patch.party = body.clearable_text("party");
    patch.tax_minor = body.is_null("taxMinor") ? std::optional<std::int64_t>(0)
                                               : body.integer("taxMinor", Presence::optional);
    patch.description = body.clearable_text("description");
    patch.reference = body.clearable_text("reference");
    if (body.has("occurredOn")) {
        patch.occurred_on =
            body.parsed("occurredOn", Presence::optional, BusinessDate::parse, kDateForm);
    }
    return patch;
}

app::AddEntries read_batch(BodyReader& body) {
    app::AddEntries batch;
    batch.mode =
        body.parsed("mode", Presence::required, parse_mode, "atomic, per_item or skip_existing")
            .value_or(app::BatchMode::atomic);
    body.objects("entries", Presence::required, limits::kBulkEntriesMax, [&](BodyReader& item) {
        const auto kind = item.parsed("kind", Presence::required, parse_entry_kind, kEntryKindForm);
        if (!kind) return item.ignore_rest();
        batch.entries.push_back(read_entry(item, *kind));
        const bool needs_external_id = batch.mode == app::BatchMode::skip_existing;
        if (needs_external_id && batch.entries.back().content.external_id.empty()) {
            item.wrong("externalId", ErrorCode::missing_field,
                       "With skip_existing each entry is known by its externalId.");
        }
    });
    return batch;
}

app::DecideMany read_decisions(BodyReader& body) {
    app::DecideMany decide;
    body.objects("decisions", Presence::required, limits::kBulkEntriesMax,
                 [&](BodyReader& item) { decide.decisions.push_back(read_inbox_decision(item)); });
    return decide;
}

DecideEntry read_approval(BodyReader& body) {
    DecideEntry approve;
    approve.reason = read_reason(body);
    approve.on_closed_day = read_on_closed_day(body);
    return approve;
}

std::string read_reason(BodyReader& body) {
    return body.text("reason", Presence::optional).value_or("");
}

ReverseEntry read_reversal(BodyReader& body) {
    ReverseEntry reverse;
    reverse.amount_minor = body.integer("amountMinor", Presence::optional);
    reverse.business_date =
        body.parsed("businessDate", Presence::optional, BusinessDate::parse, kDateForm);
    reverse.payment_mode =
        body.parsed("paymentMode", Presence::optional, parse_account, kAccountForm);
    reverse.description = body.text("description", Presence::optional).value_or("");
    return reverse;
}

MoveEntry read_move(BodyReader& body) {
    MoveEntry move;
    move.to_property =
        body.parsed("propertyId", Presence::required, PropertyId::parse, kPropertyForm)
            .value_or(PropertyId{});
    move.reason = read_reason(body);
    return move;
}

}  // namespace daybook::http
