// A small hotel's story: its names, people, entries and money, and all of its stories in order.
#include "support/event_samples.h"

#include <array>
#include <utility>

#include "support/event_story.h"
#include "support/sample_books.h"

namespace daybook::test {

using namespace domain;

void Story::org_and_names() {
    Org org{org_, "Casa Alfama", 1, 31, user_, kStart, 1};
    add(EventType::org_created, "", std::nullopt, {EntityType::org, org_.value}, OrgCreated{org});
    Org after = org;
    after.manager_days_back = 7;
    after.version = 2;
    add(EventType::setting_changed, "", std::nullopt, {EntityType::org, org_.value},
        SettingChanged{org, after});
    Property property = this->property();
    const EntityRef place{EntityType::property, property_.value};
    add(EventType::property_added, "", property_, place, PropertyChanged{property, std::nullopt});
    Property renamed = property;
    renamed.name = "Alfama \"Velha\"";
    renamed.next_clock = ClockRule{"Atlantic/Azores", 300, day("2026-03-30")};
    renamed.version = 2;
    add(EventType::property_updated, "", property_, place, PropertyChanged{renamed, property});
}

void Story::categories() {
    const CategoryId id{numbered_uuid(20)};
    const EntityRef entity{EntityType::category, id.value};
    const Category spa{id, CategoryKind::source, "spa", "Spa", "Rooms", true, 50, {}, 1};
    add(EventType::category_added, "", std::nullopt, entity, CategoryChanged{spa, std::nullopt});
    Category renamed = spa;
    renamed.name = "Spa & Sauna";
    renamed.version = 2;
    add(EventType::category_updated, "", std::nullopt, entity, CategoryChanged{renamed, spa});
    Category merged = renamed;
    merged.active = false;
    merged.merged_into = "addon";
    merged.version = 3;
    add(EventType::category_merged, "", std::nullopt, entity, CategoryChanged{merged, renamed});
}

void Story::tokens() {
    const TokenId id{numbered_uuid(21)};
    const EntityRef entity{EntityType::token, id.value};
    const Token made{id,
                     "Front desk",
                     user_,
                     Role::manager,
                     Scope{false, {property_}},
                     Instant{kStart.ms + 86'400'000},
                     false,
                     kStart,
                     1};
    add(EventType::token_created, "", std::nullopt, entity, TokenChanged{made, std::nullopt});
    Token wider = made;
    wider.scope = Scope{};
    wider.version = 2;
    add(EventType::token_scoped, "", std::nullopt, entity, TokenChanged{wider, made});
    Token revoked = wider;
    revoked.revoked = true;
    revoked.version = 3;
    add(EventType::token_revoked, "", std::nullopt, entity, TokenChanged{revoked, wider});
}

void Story::people() {
    const UserId id{numbered_uuid(22)};
    const EntityRef entity{EntityType::user, id.value};
    User invited;
    invited.id = id;
    invited.name = Text{"Ana Sá", false};
    invited.email = Text{"ana@example.com", false};
    invited.grant = {Role::manager, Scope{false, {property_}}, Instant{kStart.ms + 9'000'000}};
    invited.created_at = kStart;
    add(EventType::user_invited, "", std::nullopt, entity, UserChanged{invited, std::nullopt});
    add(EventType::user_link_created, "", std::nullopt, entity,
        CredentialChanged{CredentialKind::invitation, numbered_uuid(23)});
    User joined = invited;
    joined.status = UserStatus::active;
    joined.version = 2;
    add(EventType::user_joined, "", std::nullopt, entity, UserChanged{joined, invited});
    add(EventType::user_password_changed, "", std::nullopt, entity,
        CredentialChanged{CredentialKind::password, numbered_uuid(24)});
    const CredentialChanged session{CredentialKind::session, numbered_uuid(25)};
    add(EventType::user_signed_in, "", std::nullopt, entity, session);
    add(EventType::user_signed_out, "", std::nullopt, entity, session);
    User renamed = joined;
    renamed.name = Text{"Ana Sá Lopes", false};
    renamed.language = "pt-PT";
    renamed.theme = Theme::dark;
    renamed.version = 3;
    add(EventType::user_updated, "", std::nullopt, entity, UserChanged{renamed, joined});
    User admin = renamed;
    admin.grant = {Role::admin, Scope{}, std::nullopt};
    admin.version = 4;
    add(EventType::grant_changed, "", std::nullopt, entity, UserChanged{admin, renamed});
    User removed = admin;
    removed.status = UserStatus::removed;
    removed.version = 5;
    add(EventType::user_removed, "", std::nullopt, entity, UserChanged{removed, admin});
    trusted_token();
}

void Story::trusted_token() {
    const TokenId id{numbered_uuid(26)};
    Token token{id, "Till", user_, Role::manager, Scope{}, std::nullopt, false, kStart, 1, true};
    add(EventType::token_created, "trusted", std::nullopt, {EntityType::token, id.value},
        TokenChanged{std::move(token), std::nullopt});
}

void Story::balances() {
    const Currency euro = currency("EUR");
    add(EventType::cash_balance_updated, "opening", property_,
        {EntityType::property, property_.value},
        OpeningDeclared{day("2026-03-01"), {20'000, -1'050}, day("2026-03-15"), {0, 0}, euro, 3},
        {kFirstBusinessDate, day("2026-03-01"), day("2026-03-15")});
    Count count;
    count.id = CountId{numbered_uuid(22)};
    count.property = property_;
    count.date = day("2026-03-28");
    count.counted_minor = 15'250;
    count.denominations = {{5'000, 3}, {50, 5}};
    count.note = Text{"drawer 2", false};
    add(EventType::cash_balance_updated, "count", property_, {EntityType::count, count.id.value},
        CountRecorded{count, euro}, {count.date});
    Adjustment adjustment;
    adjustment.id = AdjustmentId{numbered_uuid(23)};
    adjustment.property = property_;
    adjustment.account = Account::bank;
    adjustment.date = day("2026-03-27");
    adjustment.amount_minor = -350;
    adjustment.reason = Text{"bank charge", false};
    add(EventType::cash_balance_updated, "correction", property_,
        {EntityType::adjustment, adjustment.id.value}, AdjustmentPosted{adjustment, euro},
        {adjustment.date});
    adjustment.id = AdjustmentId{numbered_uuid(24)};
    adjustment.account = Account::cash;
    adjustment.kind = AdjustmentKind::over_short;
    adjustment.reason = {};
    add(EventType::cash_balance_updated, "over_short", property_,
        {EntityType::adjustment, adjustment.id.value}, AdjustmentPosted{adjustment, euro},
        {adjustment.date});
}

void Story::entries(EntryKind kind) {
    const auto number = static_cast<std::uint8_t>(30 + 2 * static_cast<int>(kind));
    const EntryId id{numbered_uuid(number)};
    EntryContent content = this->content(kind);
    EntryChanged added{id,
                       1 + static_cast<int>(kind),
                       1,
                       std::nullopt,
                       EntryStatus::pending,
                       content,
                       {true, true, true},
                       {},
                       {}};
    entry(kind, EntryVerb::added, added);

    EntryChanged edited = step(added, EntryStatus::pending, EntryStatus::pending, "");
    edited.before = edited.content;
    edited.content.business_date = day("2026-03-30");
    edited.content.amount.minor = 124'000;
    edited.content.occurred_on.reset();
    edited.texts = {true, true, false};
    edited.content.party = Text{"Padaria São Jorge", false};
    edited.before->party = content.party;
    edited.before->description = content.description;  // cleared
    entry(kind, EntryVerb::updated, edited);

    using enum EntryStatus;
    EntryChanged last = edited;
    const auto next = [&](EntryVerb verb, EntryStatus after, std::string_view reason) {
        last = step(last, last.status_after, after, reason);
        entry(kind, verb, last);
    };
    next(EntryVerb::rejected, rejected, "no paper");
    next(EntryVerb::returned, pending, "the paper came");
    next(EntryVerb::deleted, deleted, "twice");
    next(EntryVerb::restored, pending, "");
    next(EntryVerb::approved, approved, "");

    EntryChanged reversal = last;
    reversal.id = EntryId{numbered_uuid(static_cast<std::uint8_t>(number + 1))};
    reversal.number = 4 + static_cast<int>(kind);
    reversal.version = 1;
    reversal.status_before.reset();
    reversal.content.amount.minor = 4'000;
    reversal.content.tax_minor = 0;
    reversal.content.external_id.clear();
    reversal.content.reversal = true;
    reversal.content.reverses = id;
    entry(kind, EntryVerb::reversed, reversal);
}

void Story::import_and_erasure() {
    const Uuid id = numbered_uuid(25);
    add(EventType::import_committed, "", std::nullopt, {EntityType::import, id},
        ImportCommitted{id, "hotel_bookings", std::string(64, 'a'), 120, 3, 7});
    add(EventType::text_erased, "", property_, {EntityType::entry, numbered_uuid(30)},
        TextErased{8, Text{"asked to by the guest", false}}, {day("2026-03-30")});
}

void Story::webhooks_and_delivery() {
    Webhook webhook;
    webhook.id = WebhookId{numbered_uuid(60)};
    webhook.url = Text{"https://example.net/in?key=1", false};
    webhook.types = {EventType::expense_added, EventType::revenue_added};
    webhook.properties = {property_};
    webhook.made_by = UserId{numbered_uuid(3)};
    webhook.made_via = Via{ViaKind::token, TokenId{numbered_uuid(24)}};
    webhook.created_at = kStart;
    const EntityRef entity{EntityType::webhook, webhook.id.value};
    add(EventType::webhook_added, "", std::nullopt, entity, WebhookChanged{webhook, std::nullopt});
    Webhook changed = webhook;
    changed.types.clear();
    changed.alerts = WebhookAlerts::all;
    changed.version = 2;
    add(EventType::webhook_updated, "", std::nullopt, entity, WebhookChanged{changed, webhook});
    Webhook deleted = changed;
    deleted.active = false;
    deleted.deleted = true;
    deleted.version = 3;
    add(EventType::webhook_deleted, "", std::nullopt, entity, WebhookChanged{deleted, changed});
    const std::string name = webhook_subscription(webhook.id);
    add(EventType::subscription_changed, "", std::nullopt,
        {EntityType::subscription, numbered_uuid(61)},
        DeliveryChanged{name, DeliveryAct::reset, 7, std::nullopt, {}});
    const DeadLetterId letter{numbered_uuid(62)};
    add(EventType::dead_letter_discarded, "", std::nullopt, {EntityType::dead_letter, letter.value},
        DeliveryChanged{name, DeliveryAct::discarded, std::nullopt, letter,
                        Text{"the receiver is gone", false}});
}

Property Story::property() const {
    Property property;
    property.id = property_;
    property.name = "Alfama";
    property.kind = PropertyKind::hostel;
    property.group = "Lisboa";
    property.currency = currency("EUR");
    property.clock = ClockRule{"Europe/Lisbon", 240, day("2026-03-15")};
    property.fiscal_start_month = 4;
    property.books_start_on = day("2026-03-15");
    property.created_at = kStart;
    return property;
}

EntryContent Story::content(EntryKind kind) {
    EntryContent content;
    content.business_date = day("2026-03-28");
    content.amount = {123'450, currency("EUR")};
    if (kind == EntryKind::expense) content.key = "supplies";
    if (kind == EntryKind::revenue) content.key = "room";
    if (kind == EntryKind::transfer) content.to = TransferEnd::in_transit;
    if (kind != EntryKind::transfer) content.payment_mode = Account::bank;
    content.method = "card";
    content.tax_minor = 1'250;
    content.occurred_on = day("2026-03-27");
    content.external_id = "till-7/0042";
    content.party = Text{"Padaria S. Jorge", false};
    content.description = Text{"Pão, \"manteiga\"\n2 × 1 kg", false};
    content.reference = Text{"FT 2026/118", false};
    return content;
}

EntryChanged Story::step(const EntryChanged& last, EntryStatus before, EntryStatus after,
                         std::string_view reason) {
    EntryChanged next = last;
    ++next.version;
    next.status_before = before;
    next.status_after = after;
    next.texts = {};
    next.content.party = {};
    next.content.description = {};
    next.content.reference = {};
    next.before.reset();
    next.reason = Text{std::string(reason), false};
    return next;
}

void Story::entry(EntryKind kind, EntryVerb verb, const EntryChanged& change,
                  std::string_view variant) {
    std::vector<BusinessDate> dates{change.content.business_date};
    const bool moves = change.before && change.before->business_date != dates.front();
    if (moves) dates.insert(dates.begin(), change.before->business_date);
    add(entry_event_type(kind, verb), variant, property_, {EntityType::entry, change.id.value},
        change, std::move(dates));
}

void Story::add(EventType type, std::string_view variant, std::optional<PropertyId> property,
                EntityRef entity, Payload payload, std::vector<BusinessDate> dates) {
    RecordedEvent event;
    event.position = static_cast<Position>(samples_.size()) + 1;
    event.at = Instant{kStart.ms + event.position * 1'001};
    event.id = EventId{numbered_uuid(static_cast<std::uint8_t>(100 + event.position))};
    event.org = org_;
    event.user = user_;
    constexpr std::array kWays{ViaKind::cli, ViaKind::token, ViaKind::console};
    event.via.kind = kWays.at(static_cast<std::size_t>(event.position) % kWays.size());
    if (event.via.kind == ViaKind::token) event.via.token = TokenId{numbered_uuid(21)};
    if (event.via.kind != ViaKind::cli) event.address = Text{"192.0.2.7", false};
    event.correlation = "req-" + std::to_string(event.position);
    event.event = Event{type, property, entity, std::move(payload), std::move(dates)};
    std::string name(event_type_name(type));
    if (!variant.empty()) name += "." + std::string(variant);
    samples_.push_back({std::move(name), std::move(event)});
}

std::vector<EventSample> event_samples() {
    Story story;
    story.org_and_names();
    story.categories();
    story.tokens();
    story.balances();
    for (const EntryKind kind : {EntryKind::expense, EntryKind::revenue, EntryKind::transfer})
        story.entries(kind);
    story.import_and_erasure();
    story.webhooks_and_delivery();
    story.days();
    story.locks();
    story.rules_of_days();
    story.people();
    story.daily_gate();
    for (const EntryKind kind : {EntryKind::expense, EntryKind::revenue, EntryKind::transfer})
        story.changes(kind);
    story.policy();
    story.moves();
    return story.take();
}

app::EncodedEvent encode_sample(const RecordedEvent& event) {
    SeededRandom random(static_cast<std::uint64_t>(event.position));
    return app::encode(event, random);
}

}  // namespace daybook::test
