// Steps to commands.
#include "support/books_player.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

namespace daybook::test {
namespace {

using domain::Account;
using domain::EntryKind;
using domain::TransferEnd;

constexpr std::array<std::int64_t, 9> kAmounts{1, 500, 12'345,           2, 999'999'999'999, 70,
                                               0, -5,  1'000'000'000'001};
// Days before kTestToday: today, months and a year before, the ends of what is allowed, and beyond.
constexpr std::array kDaysBack{0, 1, 14, 15, 40, 73, -1, 74, -2, 32};
constexpr std::array<std::pair<TransferEnd, TransferEnd>, 6> kEnds{{
    {TransferEnd::cash, TransferEnd::bank},
    {TransferEnd::bank, TransferEnd::cash},
    {TransferEnd::owner, TransferEnd::cash},
    {TransferEnd::bank, TransferEnd::loan},
    {TransferEnd::cash, TransferEnd::cash},
    {TransferEnd::owner, TransferEnd::loan},
}};
constexpr std::size_t kBatchMax = 12;
constexpr int kActOfTime = 26;
constexpr int kActOfGate = 31;

template <class Table>
auto pick(const Table& table, int index) {
    return table.at(static_cast<std::size_t>(index) % table.size());
}

domain::BusinessDate date_of(const Step& step) {
    return day(kTestToday).plus(-pick(kDaysBack, step.day));
}

// Whether a choice that is rarer than others was made.
bool rarely(const Step& step, int one_in) {
    return step.variant % one_in == one_in - 1;
}

domain::Text text(std::string value) {
    return domain::Text{std::move(value), false};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Step& step) {
    return out << "{act " << step.act << ", who " << step.who << ", place " << step.place
               << ", target " << step.target << ", amount " << step.amount << ", day " << step.day
               << ", variant " << step.variant << ", hold " << step.hold << '}';
}

void showValue(const Step& step, std::ostream& out) {
    out << step;
}

BooksPlayer::BooksPlayer(app::Store& store, ManualClock& clock) : clock_(clock), org_(store, 1) {
    for (const char* currency_code : {"EUR", "JPY", "KWD"}) {
        properties_.push_back(org_.add_property(currency_code, currency_code));
    }
    properties_.push_back(org_.add_property("EUR again", "EUR"));
}

void BooksPlayer::play(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
        if (step.act == kActOfTime) clock_.advance_ms(pick(kAmounts, step.amount) % 100'000'000);
        app::CommandBody body = body_of(step);
        waiting_.push_back(org_.command(actor(step), std::move(body)));
        waiting_.back().correlation = "request-" + std::to_string(step.variant);
        if (step.hold == 0 || waiting_.size() == kBatchMax) flush();
    }
    flush();
}

void BooksPlayer::flush() {
    const auto outcomes = run_together(org_.store(), std::exchange(waiting_, {}));
    for (const auto& outcome : outcomes) {
        if (!outcome) continue;
        for (const app::Item& item : outcome->items) {
            const auto* entry = item.result ? std::get_if<domain::Entry>(&*item.result) : nullptr;
            const bool is_new =
                entry != nullptr && std::ranges::find(entries_, entry->id) == entries_.end();
            if (is_new) entries_.push_back(entry->id);
        }
    }
}

domain::Principal BooksPlayer::who(int index) const {
    domain::Principal by = role_of(index);
    by.user = UserId{numbered_uuid(static_cast<std::uint8_t>(200 + index % 6))};
    return by;
}

domain::Principal BooksPlayer::role_of(int index) const {
    switch (index % 6) {
        case 1: return org_.manager();
        case 2: return org_.who(domain::Role::admin, {});
        case 3: return org_.limited(domain::Role::admin, {properties_[0]});
        case 4: return org_.limited(domain::Role::manager, {properties_[0], properties_[1]});
        case 5: return org_.who(domain::Role::auditor, {});
        default: return org_.owner();
    }
}

PropertyId BooksPlayer::place(int index) const {
    return pick(properties_, index);
}

EntryId BooksPlayer::target(int index) {
    return entries_.empty() ? org_.new_id<EntryId>() : pick(entries_, index);
}

std::int64_t BooksPlayer::version(EntryId id, const Step& step) const {
    const auto entry = org_.snapshot()->entry(id).value();
    return entry ? entry->version + (rarely(step, 13) ? 1 : 0) : 1;
}

app::CommandBody BooksPlayer::body_of(const Step& step) {
    if (step.act < 9) return entry_command(step);
    if (step.act < 14) return bulk_command(step);
    if (step.act < 17) return cash_command(step);
    if (step.act < 22) return day_command(step);
    if (step.act == kActs - 1) return decide_change(step);
    if (step.act >= kActOfGate) return gate_command(step);
    if (step.act > kActOfTime) return people_command(step);
    return other_command(step);
}

app::CommandBody BooksPlayer::entry_command(const Step& step) {
    const EntryId id = target(step.target);
    switch (step.act) {
        case 0: return single(add_entry(step, EntryKind::expense));
        case 1: return single(add_entry(step, EntryKind::revenue));
        case 2: return single(add_entry(step, EntryKind::transfer));
        case kActUpdate: return update(step);
        case 4: return decide(step);
        case 5: return domain::DeleteEntry{id, version(id, step), step.variant % 2 ? "Twice." : ""};
        case 6: return domain::RestoreEntry{id, version(id, step)};
        case 7: return reverse(step);
        default:
            return domain::MoveEntry{id, version(id, step), place(step.place),
                                     org_.new_id<EntryId>(), "Wrong house."};
    }
}

app::CommandBody BooksPlayer::bulk_command(const Step& step) {
    switch (step.act) {
        case 9: return bulk(step, app::BatchMode::atomic);
        case 10: return bulk(step, app::BatchMode::per_item);
        case 11: return bulk(step, app::BatchMode::skip_existing);
        case 12: return linked(step);
        default: break;
    }
    app::DecideMany many;
    for (int i = 0; i < 3; ++i) {
        Step each = step;
        each.target += i;
        each.variant += i;
        many.decisions.emplace_back(decide(each));
        if (rarely(each, 3)) many.decisions.emplace_back(decide_change(each));
    }
    return many;
}

app::CommandBody BooksPlayer::cash_command(const Step& step) {
    const Account account = step.variant % 2 == 0 ? Account::cash : Account::bank;
    const std::int64_t minor = pick(kAmounts, step.amount);
    const std::int64_t signed_minor = step.variant % 3 == 0 ? minor : -minor;
    if (step.act == 14) {
        domain::RecordCount count{org_.new_id<CountId>(),
                                  place(step.place),
                                  account,
                                  date_of(step),
                                  minor,
                                  {},
                                  "Counted"};
        if (!rarely(step, 3)) return count;
        count.counted_minor.reset();
        count.denominations = {{100, 3}, {minor, 2}};
        return count;
    }
    if (step.act == 15) {
        return domain::PostCorrection{org_.new_id<AdjustmentId>(),
                                      place(step.place),
                                      account,
                                      date_of(step),
                                      signed_minor,
                                      "A reason"};
    }
    return domain::DeclareOpening{place(step.place), account, date_of(step).plus(-60),
                                  signed_minor};
}

app::CommandBody BooksPlayer::day_command(const Step& step) {
    const PropertyId at = place(step.place);
    switch (step.act) {
        case 17: {
            domain::CloseDay close;
            close.property = at;
            close.date = date_of(step);
            close.count_id = org_.new_id<CountId>();
            if (!rarely(step, 5)) close.counted_minor = pick(kAmounts, step.amount);
            if (rarely(step, 2)) close.note = "Counted twice";
            close.accept_pending = !rarely(step, 4);
            close.close_earlier = rarely(step, 3);
            close.seal_before = !rarely(step, 3);
            close.accept_stale = rarely(step, 7);
            return close;
        }
        case 18: return domain::ReopenDay{at, date_of(step), rarely(step, 3) ? "" : "A mistake."};
        case 19: return domain::AcknowledgeVariance{at, date_of(step), "Seen."};
        case 20: {
            domain::SetLock lock;
            if (!rarely(step, 3)) lock.property = at;
            if (!rarely(step, 2)) lock.through = date_of(step).plus(-30);
            lock.reason = "The accountant has it.";
            return lock;
        }
        default: {
            domain::ExceptFromLock except;
            if (!rarely(step, 3)) except.property = at;
            except.user = who(step.target).user;
            if (!rarely(step, 2)) except.until = Instant{clock_.now().ms + 3'600'000};
            except.reason = "One invoice was late.";
            return except;
        }
    }
}

app::CommandBody BooksPlayer::other_command(const Step& step) {
    if (step.act == 22) {
        const EntryId id = target(step.target);
        return domain::EraseText{id, version(id, step), "Asked for."};
    }
    if (step.act == 23) return update_property(step);
    if (step.act == 24) return update_category(step);
    if (step.act == 25) return webhook_command(step);
    domain::ChangeSettings settings;
    settings.manager_days_back = step.variant % 100;
    settings.blind_count = rarely(step, 2);
    settings.daily_gate = rarely(step, 3);
    if (rarely(step, 3)) settings.variance_tolerance_minor.emplace(pick(kAmounts, step.amount));
    if (rarely(step, 4)) settings.four_eyes_above_minor.emplace(pick(kAmounts, step.amount));
    return settings;
}

app::CommandBody BooksPlayer::gate_command(const Step& step) {
    if (step.act == 32) {
        app::MarkRead mark;
        if (rarely(step, 2)) mark.through = step.target;
        if (!mark.through || rarely(step, 3)) mark.positions = {step.target * 5 + 1};
        return mark;
    }
    domain::SetDailyApproval set;
    set.property = place(step.place);
    set.user = rarely(step, 2) ? person(step.target) : org_.owner().user;
    if (!rarely(step, 3)) set.date = day(kTestToday).plus(step.day);
    if (rarely(step, 4)) set.grant = domain::DailyGrant::taken;
    if (rarely(step, 5)) set.reason = "Asked for.";
    return set;
}

domain::AddEntry BooksPlayer::add_entry(const Step& step, EntryKind kind) {
    const PropertyId at = place(step.place);
    const std::int64_t minor = pick(kAmounts, step.amount);
    domain::AddEntry add = kind == EntryKind::expense   ? org_.expense(at, minor)
                           : kind == EntryKind::revenue ? org_.revenue(at, minor)
                                                        : org_.transfer(at, minor);
    add.business_date = date_of(step);
    domain::EntryContent& content = add.content;
    if (kind == EntryKind::transfer) {
        std::tie(content.from, content.to) = pick(kEnds, step.variant);
    } else {
        content.payment_mode = step.variant % 2 == 0 ? Account::cash : Account::bank;
        if (rarely(step, 3)) content.key = "other";
        if (rarely(step, 17)) content.key = "unknown";
    }
    if (rarely(step, 4)) content.description = text("Item " + std::to_string(step.variant));
    if (rarely(step, 5)) content.party = text("Maria");
    if (rarely(step, 6)) content.external_id = "R-" + std::to_string(step.target % 3);
    if (rarely(step, 7)) content.reversal = true;
    if (rarely(step, 14)) content.reverses = target(step.target);
    if (rarely(step, 9)) content.tax_minor = minor / 5;
    if (rarely(step, 10)) content.occurred_on = add.business_date->plus(-3);
    if (rarely(step, 11)) content.method = "card";
    if (rarely(step, 19)) content.amount.currency = currency("USD");
    return add;
}

app::AddEntries BooksPlayer::bulk(const Step& step, app::BatchMode mode) {
    app::AddEntries add;
    add.mode = mode;
    for (int i = 0; i < 3; ++i) {
        Step each = step;
        each.amount += i * (step.variant % 4);
        each.place += i * (step.variant % 2);
        each.variant += i;
        each.target += i;
        add.entries.push_back(add_entry(each, static_cast<EntryKind>((step.variant + i) % 3)));
    }
    return add;
}

app::AddLinkedTransfer BooksPlayer::linked(const Step& step) {
    app::AddLinkedTransfer linked{add_entry(step, EntryKind::transfer), {}};
    linked.there = linked.here;
    linked.there.id = add_entry(step, EntryKind::transfer).id;
    linked.there.property = place(step.place + step.variant);
    linked.here.content.to = TransferEnd::in_transit;
    linked.there.content.from = TransferEnd::in_transit;
    return linked;
}

domain::UpdateEntry BooksPlayer::update(const Step& step) {
    domain::UpdateEntry update;
    update.id = target(step.target);
    update.version = version(update.id, step);
    if (!rarely(step, 4)) update.reason = "A reason";
    domain::EntryPatch& patch = update.patch;
    switch (step.variant % 11) {
        case 0: patch.amount_minor = pick(kAmounts, step.amount); break;
        case kVariantDate: patch.business_date = date_of(step); break;
        case 2: patch.payment_mode = Account::bank; break;
        case 3: patch.key = "other"; break;
        case 4: patch.description = "Changed " + std::to_string(step.variant); break;
        case 5: patch.description = ""; break;
        case 6: std::tie(patch.from, patch.to) = pick(kEnds, step.amount); break;
        case 7: patch.tax_minor = pick(kAmounts, step.amount); break;
        case 8:
            patch.party = "Another";
            patch.reference = "Invoice";
            break;
        case 9: patch.occurred_on = std::optional<domain::BusinessDate>{}; break;
        default:
            patch.amount_minor = pick(kAmounts, step.amount);
            patch.business_date = date_of(step);
            patch.payment_mode = Account::cash;
    }
    return update;
}

domain::DecideEntry BooksPlayer::decide(const Step& step) {
    const EntryId id = target(step.target);
    return {id, version(id, step), static_cast<domain::Decision>(step.variant % 3),
            rarely(step, 7) ? "" : "A reason",
            rarely(step, 2) ? domain::OnClosedDay::first_open_date : domain::OnClosedDay::refuse};
}

domain::DecideChange BooksPlayer::decide_change(const Step& step) {
    const EntryId id = target(step.target);
    return {id, version(id, step), static_cast<domain::ChangeDecision>(step.variant % 3),
            rarely(step, 7) ? "" : "A reason", org_.new_id<EntryId>()};
}

domain::ReverseEntry BooksPlayer::reverse(const Step& step) {
    domain::ReverseEntry reverse;
    reverse.id = target(step.target);
    reverse.reversal_id = org_.new_id<EntryId>();
    reverse.business_date = date_of(step);
    if (step.variant % 3 != 0) reverse.amount_minor = pick(kAmounts, step.amount);
    if (rarely(step, 4)) reverse.payment_mode = Account::bank;
    return reverse;
}

domain::UpdateProperty BooksPlayer::update_property(const Step& step) {
    domain::UpdateProperty update;
    update.id = place(step.place);
    update.version = org_.snapshot()->property(update.id).value()->version;
    switch (step.variant % 5) {
        case 0: update.name = "Name " + std::to_string(step.target % 4); break;
        case 1: update.cutoff_minutes = step.target % 3 * 240; break;
        case 2: update.active = step.target % 2 == 0; break;
        case 3: update.currency = currency("CHF"); break;
        default: update.group = "Group " + std::to_string(step.target);
    }
    return update;
}

domain::UpdateCategory BooksPlayer::update_category(const Step& step) {
    const auto categories = org_.snapshot()->categories().value();
    const domain::Category category = pick(categories, step.target);
    domain::UpdateCategory update;
    update.id = category.id;
    update.version = category.version;
    switch (step.variant % 3) {
        case 0: update.name = "Name " + std::to_string(step.variant); break;
        case 1: update.active = !category.active; break;
        default: update.merge_into = "other";
    }
    return update;
}

app::CommandBody BooksPlayer::webhook_command(const Step& step) {
    const auto webhooks = org_.snapshot()->webhooks().value();
    if (webhooks.empty() || step.variant % 3 == 0) {
        app::AddWebhookWithSecret add;
        add.webhook.id = org_.new_id<WebhookId>();
        add.webhook.url = rarely(step, 4) ? "nowhere" : "https://example.net/in";
        if (rarely(step, 2)) add.webhook.types = {domain::EventType::expense_added};
        if (rarely(step, 5)) add.webhook.properties = {place(step.place)};
        add.secret = "secret";
        return add;
    }
    const domain::Webhook webhook = pick(webhooks, step.target);
    if (step.variant % 3 == 1) return domain::DeleteWebhook{webhook.id, webhook.version};
    domain::UpdateWebhook update;
    update.id = webhook.id;
    if (!rarely(step, 13)) update.version = webhook.version;
    if (step.variant % 2 == 0) {
        update.active = !webhook.active;
    } else {
        update.url = "https://example.net/" + std::to_string(step.target);
    }
    return update;
}

}  // namespace daybook::test
