// Reads events: the mirror of event_encode.cpp.
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include "app/event_codec.h"
#include "app/json_reader.h"
#include "app/upcast.h"

namespace daybook::app {
namespace {

namespace json = boost::json;
using namespace domain;

std::optional<std::string> as_string(std::string_view text) {
    return std::string(text);
}

std::optional<Via> parse_via(std::string_view text) {
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

    ClockRule clock(JsonReader in) {
        return {in.parsed("timeZone", as_string), static_cast<int>(in.integer("cutoffMinutes")),
                in.parsed("from", BusinessDate::parse)};
    }

    JsonReader in_;
    const json::object& privates_;
    std::optional<Error>& first_error_;
};

Payload read_balance(Decoder& in, EntityRef entity, PropertyId property) {
    const std::string_view change = in.change();
    if (change == "count") return in.count(CountId{entity.id}, property);
    if (change == "opening") return in.opening();
    return in.adjustment(AdjustmentId{entity.id}, property);
}

template <class Whole>
std::optional<Whole> optional_before(Decoder& in, auto&& read) {
    if (!in.has("before")) return std::nullopt;
    return read("before");
}

Payload read_payload(Decoder& in, const Event& event, OrgId org) {
    const Uuid id = event.entity.id;
    if (const auto type = as_entry_event(event.type)) return in.entry(EntryId{id}, *type);
    switch (event.type) {
        case EventType::cash_balance_updated:
            return read_balance(in, event.entity, event.property.value_or(PropertyId{}));
        case EventType::org_created: return OrgCreated{in.org(org, "after")};
        case EventType::setting_changed:
            return SettingChanged{in.org(org, "before"), in.org(org, "after")};
        case EventType::property_added:
        case EventType::property_updated: {
            const auto read = [&](std::string_view key) {
                return in.property(PropertyId{id}, key);
            };
            return PropertyChanged{read("after"), optional_before<Property>(in, read)};
        }
        case EventType::category_added:
        case EventType::category_updated:
        case EventType::category_merged: {
            const auto read = [&](std::string_view key) {
                return in.category(CategoryId{id}, key);
            };
            return CategoryChanged{read("after"), optional_before<Category>(in, read)};
        }
        case EventType::token_created:
        case EventType::token_revoked:
        case EventType::token_scoped: {
            const auto read = [&](std::string_view key) { return in.token(TokenId{id}, key); };
            return TokenChanged{read("after"), optional_before<Token>(in, read)};
        }
        case EventType::user_invited:
        case EventType::user_joined:
        case EventType::user_updated:
        case EventType::user_removed:
        case EventType::grant_changed: {
            const auto read = [&](std::string_view key) { return in.user(UserId{id}, key); };
            return UserChanged{read("after"), optional_before<User>(in, read)};
        }
        case EventType::user_link_created:
        case EventType::user_password_changed:
        case EventType::user_signed_in:
        case EventType::user_signed_out: return in.credential();
        case EventType::import_committed: return in.import(id);
        case EventType::webhook_added:
        case EventType::webhook_updated:
        case EventType::webhook_deleted: {
            const auto read = [&](std::string_view key) { return in.webhook(WebhookId{id}, key); };
            return WebhookChanged{read("after"), optional_before<Webhook>(in, read)};
        }
        case EventType::subscription_changed:
        case EventType::dead_letter_discarded: return in.delivery();
        default: return in.erased();
    }
}

// Facts of the whole org name no property; all others must.
bool is_of_the_org(EventType type) {
    switch (type) {
        case EventType::org_created:
        case EventType::setting_changed:
        case EventType::category_added:
        case EventType::category_updated:
        case EventType::category_merged:
        case EventType::token_created:
        case EventType::token_revoked:
        case EventType::token_scoped:
        case EventType::user_invited:
        case EventType::user_joined:
        case EventType::user_updated:
        case EventType::user_removed:
        case EventType::grant_changed:
        case EventType::user_link_created:
        case EventType::user_password_changed:
        case EventType::user_signed_in:
        case EventType::user_signed_out:
        case EventType::import_committed:
        case EventType::webhook_added:
        case EventType::webhook_updated:
        case EventType::webhook_deleted:
        case EventType::subscription_changed:
        case EventType::dead_letter_discarded: return true;
        default: return false;
    }
}

}  // namespace

Result<RecordedEvent> decode(std::string_view bytes, std::string_view private_json) {
    std::array<unsigned char, 8192> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    json::value value = TRY(parse_object(bytes, &memory));
    const json::value kept =
        TRY(parse_object(private_json.empty() ? std::string_view("{}") : private_json, &memory));
    TRY(upcast(value.get_object(), kEventVersion, upcasts()));
    std::optional<Error> first_error;
    JsonReader in(value.get_object(), first_error);
    RecordedEvent event;
    event.id = in.parsed("eventId", EventId::parse);
    event.org = in.parsed("orgId", OrgId::parse);
    event.position = in.integer("position");
    event.at = in.parsed("timestamp", Instant::parse);
    event.user = in.parsed("userId", UserId::parse);
    event.via = in.parsed("via", parse_via);
    event.correlation = in.string("correlationId");
    const auto type = parse_event_type(in.string("eventType"));
    if (first_error) return fail(*std::move(first_error));
    if (!type)
        return fail(ErrorCode::newer_schema,
                    "An event has a type that this program does not know.");
    event.event.type = *type;
    if (!is_of_the_org(*type) || !in.is_null("propertyId"))
        event.event.property = in.parsed("propertyId", PropertyId::parse);
    event.event.entity = {in.parsed("entityType", parse_entity_type),
                          in.parsed("entityId", Uuid::parse)};
    Decoder metadata(in.child("metadata"), kept.get_object(), first_error);
    event.address = metadata.text(in, "address", "address");
    event.event.affected_report_dates = metadata.dates();
    event.event.payload = read_payload(metadata, event.event, event.org);
    if (first_error) return fail(*std::move(first_error));
    return event;
}

}  // namespace daybook::app
