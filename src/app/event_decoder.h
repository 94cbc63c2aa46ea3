// Reads the metadata of each payload: the mirror of event_encoder.h. Internal to app/.
#pragma once

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/json_reader.h"
#include "base/hex.h"
#include "domain/events.h"

namespace daybook::app {

namespace json = boost::json;
using namespace domain;

inline std::optional<Hash> parse_hash(std::string_view text) {
    const auto bytes = from_hex(text);
    Hash hash{};
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

inline std::optional<std::string> as_string(std::string_view text) {
    return std::string(text);
}

inline std::optional<Via> parse_via(std::string_view text) {
    if (text == "console") return Via{ViaKind::console, {}};
    if (text == "cli") return Via{ViaKind::cli, {}};
    if (!text.starts_with("token:")) return std::nullopt;
    const auto token = TokenId::parse(text.substr(6));
    if (!token) return std::nullopt;
    return Via{ViaKind::token, *token};
}

// Reads the metadata of each payload.
class Decoder {
 public:
    Decoder(JsonReader metadata, const json::object& privates, std::optional<Error>& first_error)
        : in_(metadata), privates_(privates), first_error_(first_error) {}

    Text text(JsonReader& in, std::string_view key, std::string_view path) {
        if (!in.has(key) || in.is_null(key)) return {};
        (void)in.string(key);
        if (!privates_.contains(path)) return Text{{}, true};
        JsonReader kept = JsonReader(privates_, first_error_).child(path);
        return Text{std::string(kept.string("value")), false};
    }
    Text text(std::string_view key) { return text(in_, key, key); }

    std::vector<BusinessDate> dates() {
        std::vector<BusinessDate> dates;
        for (const json::value& each : in_.array("affectedReportDates")) {
            const auto date = each.is_string()
                                  ? BusinessDate::parse(std::string_view(each.get_string()))
                                  : std::nullopt;
            if (!date) {
                in_.wrong("affectedReportDates");
                return {};
            }
            dates.push_back(*date);
        }
        return dates;
    }

    std::vector<UserId> users(std::string_view key) {
        std::vector<UserId> users;
        for (const json::value& each : in_.array(key)) {
            const auto id = each.is_string() ? UserId::parse(std::string_view(each.get_string()))
                                             : std::nullopt;
            if (!id) {
                in_.wrong(key);
                return {};
            }
            users.push_back(*id);
        }
        return users;
    }

    EntryChanged entry(EntryId id, EntryEventType type) {
        EntryChanged change;
        change.id = id;
        change.number = in_.integer("number");
        change.version = in_.integer("version");
        if (in_.has("previousStatus"))
            change.status_before = in_.parsed("previousStatus", parse_status);
        change.status_after = in_.parsed("newStatus", parse_status);
        change.texts = {in_.has("party"), in_.has("description"), in_.has("reference")};
        change.content.amount.currency = in_.parsed("currency", Currency::parse);
        content(in_, type.kind, change.content);
        change.content.external_id = in_.optional_string("externalId");
        change.content.reversal = in_.has("reversal") && in_.boolean("reversal");
        if (in_.has("reversesId"))
            change.content.reverses = in_.parsed("reversesId", EntryId::parse);
        change.content.party = text("party");
        change.content.description = text("description");
        change.content.reference = text("reference");
        change.reason = text("reason");
        if (in_.has("before")) change.before = before(type.kind, change.content);
        if (in_.has("coAuthors")) change.co_authors = users("coAuthors");
        change.four_eyes = in_.has("fourEyes") && in_.boolean("fourEyes");
        if (in_.has("requestedBy")) change.requested_by = in_.parsed("requestedBy", UserId::parse);
        if (in_.has("change")) change.requested = in_.parsed("change", parse_change_kind);
        // Gone with the entry's texts, which are erased after the move was decided.
        change.to_property = PropertyId::parse(text("toPropertyId").value);
        return change;
    }

    CountRecorded count(CountId id, PropertyId property) {
        CountRecorded recorded;
        Count& count = recorded.count;
        count.id = id;
        count.property = property;
        count.account = in_.parsed("account", parse_account);
        count.date = in_.parsed("businessDate", BusinessDate::parse);
        count.counted_minor = in_.integer("countedMinor");
        recorded.currency = in_.parsed("currency", Currency::parse);
        if (in_.has("denominations")) {
            for (const json::value& each : in_.array("denominations")) {
                if (!each.is_object()) {
                    in_.wrong("denominations");
                    break;
                }
                JsonReader piece(each.get_object(), first_error_);
                count.denominations.push_back(
                    {piece.integer("valueMinor"), piece.integer("pieces")});
            }
        }
        count.note = text("note");
        count.basis_minor = optional_integer(in_, "basisMinor");
        return recorded;
    }

    AdjustmentPosted adjustment(AdjustmentId id, PropertyId property) {
        AdjustmentPosted posted;
        Adjustment& adjustment = posted.adjustment;
        adjustment.id = id;
        adjustment.property = property;
        adjustment.account = in_.parsed("account", parse_account);
        adjustment.date = in_.parsed("businessDate", BusinessDate::parse);
        adjustment.kind = in_.parsed("change", parse_adjustment_kind);
        adjustment.amount_minor = in_.integer("amountMinor");
        adjustment.reason = text("reason");
        posted.currency = in_.parsed("currency", Currency::parse);
        return posted;
    }

    OpeningDeclared opening() {
        OpeningDeclared declared;
        JsonReader after = in_.child("after");
        JsonReader earlier = in_.child("before");
        declared.books_start_on = after.parsed("booksStartOn", BusinessDate::parse);
        declared.opening_minor = {after.integer("cashMinor"), after.integer("bankMinor")};
        declared.books_start_before = earlier.parsed("booksStartOn", BusinessDate::parse);
        declared.opening_minor_before = {earlier.integer("cashMinor"),
                                         earlier.integer("bankMinor")};
        declared.currency = in_.parsed("currency", Currency::parse);
        declared.version = in_.integer("version");
        return declared;
    }

    Org org(OrgId id, std::string_view key) {
        JsonReader in = in_.child(key);
        Org org;
        org.id = id;
        org.name = in.string("name");
        org.fiscal_start_month = static_cast<int>(in.integer("fiscalStartMonth"));
        org.manager_days_back = static_cast<int>(in.integer("managerDaysBack"));
        org.operator_user = in.parsed("operatorUserId", UserId::parse);
        org.created_at = in.parsed("createdAt", Instant::parse);
        org.version = in.integer("version");
        org.day_rules.blind_count = in.has("blindCount") && in.boolean("blindCount");
        org.daily_gate = in.has("dailyGate") && in.boolean("dailyGate");
        org.day_rules.variance_tolerance_minor = optional_integer(in, "varianceToleranceMinor");
        org.approvals.four_eyes_above_minor = optional_integer(in, "fourEyesAboveMinor");
        return org;
    }

    Property property(PropertyId id, std::string_view key) {
        JsonReader in = in_.child(key);
        Property property;
        property.id = id;
        property.name = in.string("name");
        property.kind = in.parsed("kind", parse_property_kind);
        property.group = in.string("group");
        property.currency = in.parsed("currency", Currency::parse);
        property.clock = clock(in.child("clock"));
        if (in.has("nextClock")) property.next_clock = clock(in.child("nextClock"));
        property.fiscal_start_month = static_cast<int>(in.integer("fiscalStartMonth"));
        property.books_start_on = in.parsed("booksStartOn", BusinessDate::parse);
        property.opening_minor = {in.integer("openingCashMinor"), in.integer("openingBankMinor")};
        property.active = in.boolean("active");
        property.version = in.integer("version");
        property.created_at = in.parsed("createdAt", Instant::parse);
        return property;
    }

    Category category(CategoryId id, std::string_view key) {
        JsonReader in = in_.child(key);
        Category category;
        category.id = id;
        category.kind = in.parsed("kind", parse_category_kind);
        category.key = in.string("key");
        category.name = in.string("name");
        category.group = in.string("group");
        category.active = in.boolean("active");
        category.order = static_cast<int>(in.integer("order"));
        category.merged_into = in.string("mergedInto");
        category.version = in.integer("version");
        return category;
    }

    Token token(TokenId id, std::string_view key) {
        JsonReader in = in_.child(key);
        Token token;
        token.id = id;
        token.name = text(in, "name", std::string(key) + ".name").shown();
        token.user = in.parsed("userId", UserId::parse);
        token.role = in.parsed("role", parse_role);
        token.scope = scope(in);
        if (in.has("expiresAt")) token.expires_at = in.parsed("expiresAt", Instant::parse);
        token.revoked = in.boolean("revoked");
        token.created_at = in.parsed("createdAt", Instant::parse);
        token.version = in.integer("version");
        if (in.has("trusted")) token.trusted = in.boolean("trusted");
        return token;
    }

    User user(UserId id, std::string_view key) {
        JsonReader in = in_.child(key);
        User user;
        user.id = id;
        user.name = text(in, "name", std::string(key) + ".name");
        user.email = text(in, "email", std::string(key) + ".email");
        user.grant.role = in.parsed("role", parse_role);
        user.grant.scope = scope(in);
        if (in.has("until")) user.grant.until = in.parsed("until", Instant::parse);
        user.status = in.parsed("status", parse_user_status);
        user.language = in.string("language");
        user.theme = in.parsed("theme", parse_theme);
        user.created_at = in.parsed("createdAt", Instant::parse);
        user.version = in.integer("version");
        return user;
    }

    CredentialChanged credential() {
        return {in_.parsed("credential", parse_credential_kind),
                in_.parsed("credentialId", Uuid::parse)};
    }

    ImportCommitted import(Uuid id) {
        return {id,
                std::string(in_.string("profile")),
                std::string(in_.string("fileSha256")),
                in_.integer("added"),
                in_.integer("alreadyThere"),
                in_.integer("skipped")};
    }

    Webhook webhook(WebhookId id, std::string_view key) {
        JsonReader in = in_.child(key);
        Webhook webhook;
        webhook.id = id;
        webhook.url = text(in, "url", std::string(key) + ".url");
        webhook.types = list<EventType>(in, "types", parse_event_type);
        webhook.properties = list<PropertyId>(in, "properties", PropertyId::parse);
        webhook.active = in.boolean("active");
        webhook.alerts = in.boolean("alerts") ? WebhookAlerts::all : WebhookAlerts::none;
        webhook.deleted = in.boolean("deleted");
        webhook.made_by = in.parsed("madeBy", UserId::parse);
        webhook.made_via = in.parsed("madeVia", parse_via);
        webhook.created_at = in.parsed("createdAt", Instant::parse);
        webhook.version = in.integer("version");
        return webhook;
    }

    DeliveryChanged delivery() {
        DeliveryChanged changed;
        changed.subscription = in_.string("subscription");
        changed.act = in_.parsed("change", parse_delivery_act);
        if (in_.has("toPosition")) changed.to = in_.integer("toPosition");
        if (in_.has("deadLetterId"))
            changed.dead_letter = in_.parsed("deadLetterId", DeadLetterId::parse);
        changed.reason = text("reason");
        return changed;
    }

    TextErased erased() { return {in_.integer("version"), text("reason")}; }

    DayClosed closed(PropertyId property) {
        DayClosed closed;
        Closing& closing = closed.closing;
        closing.property = property;
        closing.date = in_.parsed("businessDate", BusinessDate::parse);
        closing.number = in_.integer("number");
        closing.revision = in_.integer("revision");
        closing.counted = {counted("countedMinor", "varianceMinor"),
                           counted("bankCountedMinor", "bankVarianceMinor")};
        closing.expected_minor = in_.integer("expectedMinor");
        closing.pending_cash_minor = in_.integer("pendingCashMinor");
        if (in_.has("countedBy")) closing.counted_by = in_.parsed("countedBy", UserId::parse);
        closing.needs_acknowledgement =
            in_.has("needsAcknowledgement") && in_.boolean("needsAcknowledgement");
        closing.report = in_.parsed("reportSha256", parse_hash);
        closed.currency = in_.parsed("currency", Currency::parse);
        if (in_.has("sealedFrom")) {
            closed.sealed_from = in_.parsed("sealedFrom", BusinessDate::parse);
        }
        return closed;
    }

    DayReopened reopened() {
        DayReopened reopened;
        reopened.date = in_.parsed("businessDate", BusinessDate::parse);
        reopened.number = optional_integer(in_, "number");
        reopened.revision = optional_integer(in_, "revision");
        if (!in_.is_null("closedThrough")) {
            reopened.closed_through = in_.parsed("closedThrough", BusinessDate::parse);
        }
        reopened.reason = text("reason");
        return reopened;
    }

    VarianceAcknowledged acknowledged() {
        return {in_.parsed("businessDate", BusinessDate::parse),
                in_.integer("number"),
                in_.integer("revision"),
                in_.integer("varianceMinor"),
                in_.parsed("currency", Currency::parse),
                text("reason")};
    }

    LockChanged lock(std::optional<PropertyId> property) {
        LockChanged changed{lock_in(in_, property, "reason"), std::nullopt};
        if (in_.has("before")) {
            changed.before = lock_in(in_.child("before"), property, "before.reason");
        }
        return changed;
    }

    LockExceptionChanged lock_exception(std::optional<PropertyId> property) {
        LockException exception;
        exception.property = property;
        exception.user = in_.parsed("exceptedUserId", UserId::parse);
        exception.until = in_.parsed("until", Instant::parse);
        exception.reason = text("reason");
        exception.revoked = in_.boolean("revoked");
        return {std::move(exception)};
    }

    DailyApprovalChanged daily_approval(PropertyId property) {
        DailyApproval approval;
        approval.property = property;
        approval.user = in_.parsed("approvedUserId", UserId::parse);
        approval.date = in_.parsed("businessDate", BusinessDate::parse);
        if (in_.has("reason")) approval.reason = text("reason");
        approval.revoked = in_.boolean("revoked");
        return {std::move(approval)};
    }

    bool has(std::string_view key) const { return in_.has(key); }
    std::string_view change() { return in_.string("change"); }

 private:
    template <class Value, class Parse>
    std::vector<Value> list(JsonReader& in, std::string_view key, Parse parse) {
        std::vector<Value> values;
        for (const json::value& each : in.array(key)) {
            const auto value =
                each.is_string() ? parse(std::string_view(each.get_string())) : std::nullopt;
            if (!value) in.wrong(key);
            values.push_back(value.value_or(Value{}));
        }
        return values;
    }

    Scope scope(JsonReader& in) {
        Scope scope;
        scope.all = in.is_null("properties");
        if (!scope.all) scope.properties = list<PropertyId>(in, "properties", PropertyId::parse);
        return scope;
    }

    // The members that both the entry and its `before` may have. Those that are missing stay as
    // they are.
    void content(JsonReader& in, EntryKind kind, EntryContent& content) {
        if (in.has("amountMinor")) content.amount.minor = in.integer("amountMinor");
        if (in.has("businessDate"))
            content.business_date = in.parsed("businessDate", BusinessDate::parse);
        if (in.has("category")) content.key = in.string("category");
        if (in.has("source")) content.key = in.string("source");
        if (in.has("from")) content.from = in.parsed("from", parse_transfer_end);
        if (in.has("to")) content.to = in.parsed("to", parse_transfer_end);
        if (in.has("method")) content.method = in.string("method");
        if (in.is_null("occurredOn")) {
            content.occurred_on.reset();
        } else if (in.has("occurredOn")) {
            content.occurred_on = in.parsed("occurredOn", BusinessDate::parse);
        }
        if (in.has("paymentMode")) content.payment_mode = in.parsed("paymentMode", parse_account);
        if (in.has("taxMinor")) content.tax_minor = in.integer("taxMinor");
        const bool is_transfer = kind == EntryKind::transfer;
        if (is_transfer == content.key.empty()) return;
        in.wrong(is_transfer ? "from" : "category");
    }

    EntryContent before(EntryKind kind, const EntryContent& after) {
        EntryContent before = after;
        JsonReader in = in_.child("before");
        content(in, kind, before);
        before.party = text(in, "party", "before.party");
        before.description = text(in, "description", "before.description");
        before.reference = text(in, "reference", "before.reference");
        return before;
    }

    static std::optional<std::int64_t> optional_integer(JsonReader& in, std::string_view key) {
        if (!in.has(key)) return std::nullopt;
        return in.integer(key);
    }

    std::optional<CountedAccount> counted(std::string_view sum, std::string_view variance) {
        if (!in_.has(sum)) return std::nullopt;
        return CountedAccount{in_.integer(sum), in_.integer(variance)};
    }

    PeriodLock lock_in(JsonReader in, std::optional<PropertyId> property,
                       std::string_view reason_path) {
        PeriodLock lock;
        lock.property = property;
        lock.through = in.parsed("through", BusinessDate::parse);
        lock.reason = text(in, "reason", reason_path);
        lock.lifted = in.boolean("lifted");
        lock.version = in.integer("version");
        return lock;
    }

    ClockRule clock(JsonReader in) {
        return {in.parsed("timeZone", as_string), static_cast<int>(in.integer("cutoffMinutes")),
                in.parsed("from", BusinessDate::parse)};
    }

    JsonReader in_;
    const json::object& privates_;
    std::optional<Error>& first_error_;
};

}  // namespace daybook::app
