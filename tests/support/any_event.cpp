// Draws events member by member.
#include "support/any_event.h"

#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "support/sample_books.h"

namespace daybook::test {
namespace {

using namespace domain;

int any(int from, int below) {
    return *rc::gen::inRange(from, below);
}
bool maybe() {
    return any(0, 2) == 1;
}
template <class Enum>
Enum any_of(int count) {
    return static_cast<Enum>(any(0, count));
}
std::int64_t any_integer() {
    constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
    return *rc::gen::inRange<std::int64_t>(-kMost, kMost);
}
Uuid any_uuid() {
    Uuid uuid;
    for (std::uint8_t& byte : uuid.bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
    return uuid;
}
template <class IdType>
IdType any_id() {
    return IdType{any_uuid()};
}
BusinessDate any_date() {
    return BusinessDate::from_days(any(0, day("2199-12-31").days() + 1));
}
Instant any_instant() {
    return Instant{*rc::gen::inRange<std::int64_t>(-2'000'000'000'000, 253'402'300'800'000)};
}
// Everything that JSON must escape or may not, up to the last character there is.
std::string any_words() {
    constexpr std::array<std::string_view, 18> kPieces{"a",
                                                       "Z",
                                                       "\"",
                                                       "\\",
                                                       "/",
                                                       "\b",
                                                       "\f",
                                                       "\n",
                                                       "\r",
                                                       "\t",
                                                       "\x01",
                                                       "\x1F",
                                                       "\x7F",
                                                       "é",
                                                       "€",
                                                       "😀",
                                                       "\xF4\x8F\xBF\xBF",
                                                       "</script>"};
    std::string words;
    for (int i = any(0, 12); i > 0; --i) words += kPieces.at(static_cast<std::size_t>(any(0, 18)));
    return words;
}
std::string some_words() {
    return "x" + any_words();
}
Text any_text() {
    return Text{maybe() ? any_words() : std::string(), false};
}
Currency any_currency() {
    const auto all = all_currencies();
    return all.at(static_cast<std::size_t>(any(0, static_cast<int>(all.size()))));
}

EntryContent any_content(EntryKind kind) {
    EntryContent content;
    content.business_date = any_date();
    content.amount = {any_integer(), any_currency()};
    if (kind == EntryKind::transfer) {
        content.from = any_of<TransferEnd>(7);
        content.to = any_of<TransferEnd>(7);
    } else {
        content.payment_mode = any_of<Account>(2);
        content.key = some_words();
    }
    if (maybe()) content.method = any_words();
    if (maybe()) content.tax_minor = any_integer();
    if (maybe()) content.occurred_on = any_date();
    if (maybe()) content.external_id = any_words();
    content.reversal = maybe();
    if (content.reversal && maybe()) content.reverses = any_id<EntryId>();
    return content;
}

EntryChanged any_entry_change(EntryKind kind) {
    EntryChanged change;
    change.number = any_integer();
    change.version = any_integer();
    if (maybe()) change.status_before = any_of<EntryStatus>(4);
    change.status_after = any_of<EntryStatus>(4);
    change.content = any_content(kind);
    change.texts = {maybe(), maybe(), maybe()};
    if (maybe()) {
        EntryContent before = any_content(kind);
        before.amount.currency = change.content.amount.currency;
        before.external_id = change.content.external_id;
        before.reversal = change.content.reversal;
        before.reverses = change.content.reverses;
        change.before = std::move(before);
    }
    for (EntryContent* content : {&change.content, change.before ? &*change.before : nullptr}) {
        if (content == nullptr) continue;
        if (change.texts.party) content->party = any_text();
        if (change.texts.description) content->description = any_text();
        if (change.texts.reference) content->reference = any_text();
    }
    change.reason = any_text();
    return change;
}

Org any_org(OrgId id) {
    return {id,           any_words(), any(-9, 99), any(-9, 9'999), any_id<UserId>(), any_instant(),
            any_integer()};
}
ClockRule any_clock() {
    return {any_words(), any(0, 721), any_date()};
}
Property any_property(PropertyId id) {
    Property property;
    property.id = id;
    property.name = any_words();
    property.kind = any_of<PropertyKind>(5);
    property.group = any_words();
    property.currency = any_currency();
    property.clock = any_clock();
    if (maybe()) property.next_clock = any_clock();
    property.fiscal_start_month = any(1, 13);
    property.books_start_on = any_date();
    property.opening_minor = {any_integer(), any_integer()};
    property.active = maybe();
    property.version = any_integer();
    property.created_at = any_instant();
    return property;
}
Category any_category(CategoryId id) {
    return {id,      any_of<CategoryKind>(2), any_words(), any_words(),  any_words(),
            maybe(), any(-1'000, 1'000),      any_words(), any_integer()};
}
Token any_token(TokenId id) {
    Token token;
    token.id = id;
    token.name = some_words();
    token.user = any_id<UserId>();
    token.role = any_of<Role>(4);
    token.scope.all = maybe();
    for (int i = token.scope.all ? 0 : any(0, 4); i > 0; --i)
        token.scope.properties.push_back(any_id<PropertyId>());
    if (maybe()) token.expires_at = any_instant();
    token.revoked = maybe();
    token.created_at = any_instant();
    token.version = any_integer();
    return token;
}

template <class Draw>
auto perhaps(Draw&& draw) -> std::optional<decltype(draw())> {
    if (!maybe()) return std::nullopt;
    return draw();
}

void draw_balance(Event& event) {
    const PropertyId property = *event.property;
    switch (any(0, 3)) {
        case 0: {
            CountRecorded recorded;
            Count& count = recorded.count;
            count.id = CountId{event.entity.id};
            count.property = property;
            count.account = any_of<Account>(2);
            count.date = any_date();
            count.counted_minor = any_integer();
            for (int i = any(0, 4); i > 0; --i)
                count.denominations.push_back({any_integer(), any_integer()});
            count.note = any_text();
            recorded.currency = any_currency();
            event.payload = std::move(recorded);
            return;
        }
        case 1: {
            AdjustmentPosted posted;
            Adjustment& adjustment = posted.adjustment;
            adjustment.id = AdjustmentId{event.entity.id};
            adjustment.property = property;
            adjustment.account = any_of<Account>(2);
            adjustment.date = any_date();
            adjustment.kind = any_of<AdjustmentKind>(2);
            adjustment.amount_minor = any_integer();
            adjustment.reason = any_text();
            posted.currency = any_currency();
            event.payload = std::move(posted);
            return;
        }
        default:
            event.payload = OpeningDeclared{any_date(),     {any_integer(), any_integer()},
                                            any_date(),     {any_integer(), any_integer()},
                                            any_currency(), any_integer()};
    }
}

void draw_payload(Event& event, OrgId org) {
    const Uuid id = event.entity.id;
    if (const auto type = as_entry_event(event.type)) {
        EntryChanged change = any_entry_change(type->kind);
        change.id = EntryId{id};
        event.payload = std::move(change);
        return;
    }
    switch (event.type) {
        case EventType::cash_balance_updated: draw_balance(event); return;
        case EventType::org_created: event.payload = OrgCreated{any_org(org)}; return;
        case EventType::setting_changed:
            event.payload = SettingChanged{any_org(org), any_org(org)};
            return;
        case EventType::property_added:
        case EventType::property_updated: {
            const auto draw = [&] { return any_property(PropertyId{id}); };
            event.payload = PropertyChanged{draw(), perhaps(draw)};
            return;
        }
        case EventType::category_added:
        case EventType::category_updated:
        case EventType::category_merged: {
            const auto draw = [&] { return any_category(CategoryId{id}); };
            event.payload = CategoryChanged{draw(), perhaps(draw)};
            return;
        }
        case EventType::token_created:
        case EventType::token_revoked:
        case EventType::token_scoped: {
            const auto draw = [&] { return any_token(TokenId{id}); };
            event.payload = TokenChanged{draw(), perhaps(draw)};
            return;
        }
        case EventType::import_committed:
            event.payload = ImportCommitted{
                id, any_words(), any_words(), any_integer(), any_integer(), any_integer()};
            return;
        default: event.payload = TextErased{any_integer(), any_text()};
    }
}

void erase(Text& text) {
    if (!text.empty()) text = Text{{}, true};
}
void erase(EntryContent& content) {
    erase(content.party);
    erase(content.description);
    erase(content.reference);
}

}  // namespace

RecordedEvent any_event() {
    const auto types = all_event_types();
    RecordedEvent event;
    event.id = any_id<EventId>();
    event.org = any_id<OrgId>();
    event.position = any_integer();
    event.at = any_instant();
    event.user = any_id<UserId>();
    event.via.kind = any_of<ViaKind>(3);
    if (event.via.kind == ViaKind::token) event.via.token = any_id<TokenId>();
    event.address = any_text();
    event.correlation = any_words();
    Event& what = event.event;
    what.type = types.at(static_cast<std::size_t>(any(0, static_cast<int>(types.size()))));
    if (audience_of(what.type) == Audience::books) what.property = any_id<PropertyId>();
    what.entity = {any_of<EntityType>(8), any_uuid()};
    for (int i = any(0, 4); i > 0; --i) what.affected_report_dates.push_back(any_date());
    draw_payload(what, event.org);
    return event;
}

RecordedEvent erased(RecordedEvent event) {
    struct Visit {
        void operator()(EntryChanged& change) const {
            erase(change.content);
            if (change.before) erase(*change.before);
            erase(change.reason);
        }
        void operator()(CountRecorded& recorded) const { erase(recorded.count.note); }
        void operator()(AdjustmentPosted& posted) const { erase(posted.adjustment.reason); }
        void operator()(TextErased& text) const { erase(text.reason); }
        void operator()(TokenChanged& changed) const {
            changed.after.name = kErasedText;
            if (changed.before) changed.before->name = kErasedText;
        }
        void operator()(auto&) const {}
    };
    erase(event.address);
    std::visit(Visit{}, event.event.payload);
    return event;
}

}  // namespace daybook::test
