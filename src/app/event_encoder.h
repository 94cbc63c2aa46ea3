// Writes the metadata of each payload. Keys are written in ascending order. Internal to app/.
#pragma once

#include <optional>
#include <string_view>

#include "app/canonical_json.h"
#include "app/event_text.h"
#include "base/hex.h"
#include "domain/events.h"

namespace daybook::app {

using namespace domain;

inline std::string via_text(const Via& via) {
    switch (via.kind) {
        case ViaKind::console: return "console";
        case ViaKind::token: return "token:" + via.token.to_string();
        case ViaKind::cli: return "cli";
    }
    return "cli";
}

// Writes the metadata of each payload. `texts` collects what goes into the private part.
class Encoder {
 public:
    Encoder(CanonicalJson& json, SealedTexts& texts, const RecordedEvent& event)
        : json_(json), texts_(texts), event_(event) {}

    void operator()(const EntryChanged& change) {
        const EntryContent& content = change.content;
        const EntryKind kind = as_entry_event(event_.event.type)->kind;
        dates();
        if (change.before) difference("after", change, content, *change.before);
        integer("amountMinor", content.amount.minor);
        if (change.before) difference("before", change, *change.before, content);
        string("businessDate", content.business_date.to_string());
        if (kind == EntryKind::expense) string("category", content.key);
        if (change.requested) string("change", change_kind_name(*change.requested));
        if (!change.co_authors.empty()) users("coAuthors", change.co_authors);
        string("currency", content.amount.currency.code());
        if (change.texts.description) text("description", content.description);
        optional("externalId", content.external_id);
        if (change.four_eyes) boolean("fourEyes", true);
        if (kind == EntryKind::transfer) string("from", transfer_end_name(content.from));
        optional("method", content.method);
        string("newStatus", status_name(change.status_after));
        integer("number", change.number);
        if (content.occurred_on) string("occurredOn", content.occurred_on->to_string());
        if (change.texts.party) text("party", content.party);
        if (kind != EntryKind::transfer) string("paymentMode", account_name(content.payment_mode));
        if (change.status_before) string("previousStatus", status_name(*change.status_before));
        if (!change.reason.empty()) text("reason", change.reason);
        if (change.texts.reference) text("reference", content.reference);
        if (change.requested_by) string("requestedBy", change.requested_by->to_string());
        if (content.reversal) boolean("reversal", true);
        if (content.reverses) string("reversesId", content.reverses->to_string());
        if (kind == EntryKind::revenue) string("source", content.key);
        if (content.tax_minor != 0) integer("taxMinor", content.tax_minor);
        if (kind == EntryKind::transfer) string("to", transfer_end_name(content.to));
        if (change.to_property) {
            text("toPropertyId", Text{change.to_property->to_string(), false});
        }
        integer("version", change.version);
    }

    void operator()(const CountRecorded& recorded) {
        const Count& count = recorded.count;
        string("account", account_name(count.account));
        dates();
        optional("basisMinor", count.basis_minor);
        string("businessDate", count.date.to_string());
        string("change", "count");
        integer("countedMinor", count.counted_minor);
        string("currency", recorded.currency.code());
        if (!count.denominations.empty()) {
            json_.key("denominations");
            json_.begin_array();
            for (const Denomination& each : count.denominations) {
                json_.begin_object();
                integer("pieces", each.pieces);
                integer("valueMinor", each.value_minor);
                json_.end_object();
            }
            json_.end_array();
        }
        if (!count.note.empty()) text("note", count.note);
    }

    void operator()(const AdjustmentPosted& posted) {
        const Adjustment& adjustment = posted.adjustment;
        string("account", account_name(adjustment.account));
        dates();
        integer("amountMinor", adjustment.amount_minor);
        string("businessDate", adjustment.date.to_string());
        string("change", adjustment_kind_name(adjustment.kind));
        string("currency", posted.currency.code());
        if (!adjustment.reason.empty()) text("reason", adjustment.reason);
    }

    void operator()(const OpeningDeclared& declared) {
        dates();
        json_.key("after");
        opening(declared.books_start_on, declared.opening_minor);
        json_.key("before");
        opening(declared.books_start_before, declared.opening_minor_before);
        string("businessDate", declared.books_start_on.to_string());
        string("change", "opening");
        string("currency", declared.currency.code());
        integer("version", declared.version);
    }

    void operator()(const OrgCreated& created) {
        dates();
        json_.key("after");
        org(created.org);
    }

    void operator()(const SettingChanged& changed) {
        dates();
        json_.key("after");
        org(changed.after);
        json_.key("before");
        org(changed.before);
    }

    void operator()(const PropertyChanged& changed) {
        dates();
        json_.key("after");
        property(changed.after);
        if (!changed.before) return;
        json_.key("before");
        property(*changed.before);
    }

    void operator()(const CategoryChanged& changed) {
        dates();
        json_.key("after");
        category(changed.after);
        if (!changed.before) return;
        json_.key("before");
        category(*changed.before);
    }

    void operator()(const TokenChanged& changed) {
        dates();
        json_.key("after");
        token(changed.after, "after.name");
        if (!changed.before) return;
        json_.key("before");
        token(*changed.before, "before.name");
    }

    void operator()(const UserChanged& changed) {
        dates();
        json_.key("after");
        user(changed.after, "after");
        if (!changed.before) return;
        json_.key("before");
        user(*changed.before, "before");
    }

    void operator()(const CredentialChanged& changed) {
        dates();
        string("credential", credential_kind_name(changed.kind));
        string("credentialId", changed.credential.to_string());
    }

    void operator()(const ImportCommitted& import) {
        integer("added", import.added);
        dates();
        integer("alreadyThere", import.already_there);
        string("fileSha256", import.file_sha256);
        string("profile", import.profile);
        integer("skipped", import.skipped);
    }

    void operator()(const TextErased& erased) {
        dates();
        if (!erased.reason.empty()) text("reason", erased.reason);
        integer("version", erased.version);
    }

    void operator()(const WebhookChanged& changed) {
        dates();
        json_.key("after");
        webhook(changed.after, "after.url");
        if (!changed.before) return;
        json_.key("before");
        webhook(*changed.before, "before.url");
    }

    void operator()(const DeliveryChanged& changed) {
        dates();
        string("change", delivery_act_name(changed.act));
        if (changed.dead_letter) string("deadLetterId", changed.dead_letter->to_string());
        if (!changed.reason.empty()) text("reason", changed.reason);
        string("subscription", changed.subscription);
        if (changed.to) integer("toPosition", *changed.to);
    }

    void operator()(const DayClosed& closed) {
        const Closing& closing = closed.closing;
        const auto& [cash, bank] = closing.counted;
        dates();
        if (bank) integer("bankCountedMinor", bank->counted_minor);
        if (bank) integer("bankVarianceMinor", bank->variance_minor);
        string("businessDate", closing.date.to_string());
        if (closing.counted_by) string("countedBy", closing.counted_by->to_string());
        if (cash) integer("countedMinor", cash->counted_minor);
        string("currency", closed.currency.code());
        integer("expectedMinor", closing.expected_minor);
        if (closing.needs_acknowledgement) boolean("needsAcknowledgement", true);
        string("newStatus", "closed");
        integer("number", closing.number);
        integer("pendingCashMinor", closing.pending_cash_minor);
        string("previousStatus", closing.revision == 1 ? "open" : "reopened");
        string("reportSha256", to_hex(closing.report));
        integer("revision", closing.revision);
        if (closed.sealed_from) string("sealedFrom", closed.sealed_from->to_string());
        if (cash) integer("varianceMinor", cash->variance_minor);
    }

    void operator()(const DayReopened& reopened) {
        dates();
        string("businessDate", reopened.date.to_string());
        json_.key("closedThrough");
        if (reopened.closed_through) {
            json_.string(reopened.closed_through->to_string());
        } else {
            json_.null();
        }
        string("newStatus", reopened.number ? "reopened" : "open");
        optional("number", reopened.number);
        string("previousStatus", "closed");
        if (!reopened.reason.empty()) text("reason", reopened.reason);
        optional("revision", reopened.revision);
    }

    void operator()(const VarianceAcknowledged& seen) {
        dates();
        string("businessDate", seen.date.to_string());
        string("currency", seen.currency.code());
        integer("number", seen.number);
        if (!seen.reason.empty()) text("reason", seen.reason);
        integer("revision", seen.revision);
        integer("varianceMinor", seen.variance_minor);
    }

    void operator()(const LockChanged& changed) {
        dates();
        if (changed.before) {
            json_.key("before");
            json_.begin_object();
            boolean("lifted", changed.before->lifted);
            text("reason", "before.reason", changed.before->reason);
            string("through", changed.before->through.to_string());
            integer("version", changed.before->version);
            json_.end_object();
        }
        boolean("lifted", changed.after.lifted);
        text("reason", changed.after.reason);
        string("through", changed.after.through.to_string());
        integer("version", changed.after.version);
    }

    void operator()(const LockExceptionChanged& changed) {
        dates();
        string("exceptedUserId", changed.after.user.to_string());
        text("reason", changed.after.reason);
        boolean("revoked", changed.after.revoked);
        string("until", changed.after.until.to_string());
    }

    void operator()(const DailyApprovalChanged& changed) {
        dates();
        string("approvedUserId", changed.after.user.to_string());
        string("businessDate", changed.after.date.to_string());
        if (!changed.after.reason.empty()) text("reason", changed.after.reason);
        boolean("revoked", changed.after.revoked);
    }

 private:
    void string(std::string_view key, std::string_view value) {
        json_.key(key);
        json_.string(value);
    }
    void optional(std::string_view key, std::string_view value) {
        if (!value.empty()) string(key, value);
    }
    void optional(std::string_view key, std::optional<std::int64_t> value) {
        if (value) integer(key, *value);
    }
    void integer(std::string_view key, std::int64_t value) {
        json_.key(key);
        json_.integer(value);
    }
    void boolean(std::string_view key, bool value) {
        json_.key(key);
        json_.boolean(value);
    }
    void text(std::string_view key, const Text& value) { text(key, key, value); }
    // `path` names the text in the private part. An empty text is null: it was cleared.
    void text(std::string_view key, std::string_view path, const Text& value) {
        json_.key(key);
        if (value.empty()) {
            json_.null();
        } else {
            json_.string(texts_.seal(path, value));
        }
    }
    void users(std::string_view key, const std::vector<UserId>& ids) {
        json_.key(key);
        json_.begin_array();
        for (const UserId id : ids) json_.string(id.to_string());
        json_.end_array();
    }
    void dates() {
        json_.key("affectedReportDates");
        json_.begin_array();
        for (const BusinessDate date : event_.event.affected_report_dates)
            json_.string(date.to_string());
        json_.end_array();
    }

    // The members of `shown` that differ from `other`. Texts of `after` are those of the entry
    // itself, and are sealed there; texts of `before` are sealed under their own path.
    void difference(std::string_view name, const EntryChanged& change, const EntryContent& shown,
                    const EntryContent& other) {
        const EntryKind kind = as_entry_event(event_.event.type)->kind;
        const bool before = name == "before";
        json_.key(name);
        json_.begin_object();
        if (shown.amount.minor != other.amount.minor) integer("amountMinor", shown.amount.minor);
        if (shown.business_date != other.business_date) {
            string("businessDate", shown.business_date.to_string());
        }
        if (kind == EntryKind::expense && shown.key != other.key) string("category", shown.key);
        if (before && change.texts.description)
            text("description", "before.description", shown.description);
        if (shown.from != other.from) string("from", transfer_end_name(shown.from));
        if (shown.method != other.method) string("method", shown.method);
        if (shown.occurred_on != other.occurred_on) occurred_on(shown.occurred_on);
        if (before && change.texts.party) text("party", "before.party", shown.party);
        if (shown.payment_mode != other.payment_mode) {
            string("paymentMode", account_name(shown.payment_mode));
        }
        if (before && change.texts.reference)
            text("reference", "before.reference", shown.reference);
        if (kind == EntryKind::revenue && shown.key != other.key) string("source", shown.key);
        if (shown.tax_minor != other.tax_minor) integer("taxMinor", shown.tax_minor);
        if (shown.to != other.to) string("to", transfer_end_name(shown.to));
        json_.end_object();
    }
    void occurred_on(const std::optional<BusinessDate>& date) {
        json_.key("occurredOn");
        if (date) {
            json_.string(date->to_string());
        } else {
            json_.null();
        }
    }

    void opening(BusinessDate date, const std::array<std::int64_t, 2>& minor) {
        json_.begin_object();
        integer("bankMinor", minor[1]);
        string("booksStartOn", date.to_string());
        integer("cashMinor", minor[0]);
        json_.end_object();
    }

    void org(const Org& org) {
        json_.begin_object();
        if (org.day_rules.blind_count) boolean("blindCount", true);
        string("createdAt", org.created_at.to_string());
        if (org.daily_gate) boolean("dailyGate", true);
        integer("fiscalStartMonth", org.fiscal_start_month);
        optional("fourEyesAboveMinor", org.approvals.four_eyes_above_minor);
        integer("managerDaysBack", org.manager_days_back);
        string("name", org.name);
        string("operatorUserId", org.operator_user.to_string());
        optional("varianceToleranceMinor", org.day_rules.variance_tolerance_minor);
        integer("version", org.version);
        json_.end_object();
    }

    void clock(const ClockRule& rule) {
        json_.begin_object();
        integer("cutoffMinutes", rule.cutoff_minutes);
        string("from", rule.from.to_string());
        string("timeZone", rule.zone);
        json_.end_object();
    }

    void property(const Property& property) {
        json_.begin_object();
        boolean("active", property.active);
        string("booksStartOn", property.books_start_on.to_string());
        json_.key("clock");
        clock(property.clock);
        string("createdAt", property.created_at.to_string());
        string("currency", property.currency.code());
        integer("fiscalStartMonth", property.fiscal_start_month);
        string("group", property.group);
        string("kind", property_kind_name(property.kind));
        string("name", property.name);
        if (property.next_clock) {
            json_.key("nextClock");
            clock(*property.next_clock);
        }
        integer("openingBankMinor", property.opening(Account::bank));
        integer("openingCashMinor", property.opening(Account::cash));
        integer("version", property.version);
        json_.end_object();
    }

    void category(const Category& category) {
        json_.begin_object();
        boolean("active", category.active);
        string("group", category.group);
        string("key", category.key);
        string("kind", category_kind_name(category.kind));
        string("mergedInto", category.merged_into);
        string("name", category.name);
        integer("order", category.order);
        integer("version", category.version);
        json_.end_object();
    }

    void token(const Token& token, std::string_view name_path) {
        json_.begin_object();
        string("createdAt", token.created_at.to_string());
        if (token.expires_at) string("expiresAt", token.expires_at->to_string());
        text("name", name_path, Text{token.name, token.name == kErasedText});
        scope(token.scope);
        boolean("revoked", token.revoked);
        string("role", role_name(token.role));
        if (token.trusted) boolean("trusted", true);
        string("userId", token.user.to_string());
        integer("version", token.version);
        json_.end_object();
    }

    void webhook(const Webhook& webhook, std::string_view url_path) {
        json_.begin_object();
        boolean("active", webhook.active);
        boolean("alerts", webhook.alerts == WebhookAlerts::all);
        string("createdAt", webhook.created_at.to_string());
        boolean("deleted", webhook.deleted);
        string("madeBy", webhook.made_by.to_string());
        string("madeVia", via_text(webhook.made_via));
        json_.key("properties");
        json_.begin_array();
        for (const PropertyId id : webhook.properties) json_.string(id.to_string());
        json_.end_array();
        json_.key("types");
        json_.begin_array();
        for (const EventType type : webhook.types) json_.string(event_type_name(type));
        json_.end_array();
        text("url", url_path, webhook.url);
        integer("version", webhook.version);
        json_.end_object();
    }

    void scope(const Scope& scope) {
        json_.key("properties");
        if (scope.all) return json_.null();
        json_.begin_array();
        for (const PropertyId id : scope.properties) json_.string(id.to_string());
        json_.end_array();
    }

    // `name` is the member that it stands in: texts are sealed under it.
    void user(const User& user, const std::string& name) {
        json_.begin_object();
        string("createdAt", user.created_at.to_string());
        text("email", name + ".email", user.email);
        string("language", user.language);
        text("name", name + ".name", user.name);
        scope(user.grant.scope);
        string("role", role_name(user.grant.role));
        string("status", user_status_name(user.status));
        string("theme", theme_name(user.theme));
        if (user.grant.until) string("until", user.grant.until->to_string());
        integer("version", user.version);
        json_.end_object();
    }

    CanonicalJson& json_;
    SealedTexts& texts_;
    const RecordedEvent& event_;
};

}  // namespace daybook::app
