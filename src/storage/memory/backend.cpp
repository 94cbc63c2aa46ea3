// Loads, commits, clones, and faults on demand.
#include "storage/memory/backend.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>

#include "base/limits.h"
#include "storage/memory/snapshot.h"

namespace daybook::storage::memory {

Result<app::WriteTransaction*> MemoryBackend::begin() {
    TRY(check(Operation::begin));
    return static_cast<app::WriteTransaction*>(this);
}

Status MemoryBackend::write(const app::Changes& changes) {
    TRY(check(Operation::write));
    written_ = changes;
    return {};
}

Status MemoryBackend::commit() {
    TRY(check(Operation::commit));
    {
        const Lock lock(mutex_);
        std::set<OrgId> orgs;
        for (const app::EventRow& event : written_->events) orgs.insert(event.org);
        // What delivery saves, and what somebody has read, comes without an event.
        for (const auto& [key, row] : written_->deliveries) orgs.insert(key.org);
        for (const auto& [key, letter] : written_->dead_letters) orgs.insert(key.org);
        for (const auto& line : written_->webhook_attempts) orgs.insert(line.org);
        for (const auto& [key, marks] : written_->read_marks) orgs.insert(key.org);
        for (const auto& [key, at] : written_->last_uses) orgs.insert(key.org);
        for (const auto& [key, access] : written_->accesses) orgs.insert(key.org);
        for (const OrgId org : orgs) apply(own_books(org), org, *written_);
        credentials_.insert(credentials_.end(), written_->credentials.begin(),
                            written_->credentials.end());
        for (const auto& [slot, failed] : written_->failed_sign_ins) {
            failed_sign_ins_.insert_or_assign(slot, failed);
        }
        written_.reset();
    }
    return check(Operation::sync);
}

Status MemoryBackend::rollback() {
    written_.reset();
    return {};
}

Status MemoryBackend::after_batch() {
    return check(Operation::after_batch);
}

// The books to change: a clone if anybody else reads them.
Books& MemoryBackend::own_books(OrgId org) {
    std::shared_ptr<Books>& books = books_[org];
    if (!books) books = std::make_shared<Books>();
    if (books.use_count() > 1) books = std::make_shared<Books>(*books);
    return *books;
}

std::unique_ptr<app::Snapshot> MemoryBackend::snapshot(OrgId org) {
    const Lock lock(mutex_);
    const auto found = books_.find(org);
    std::shared_ptr<const Books> books =
        found == books_.end() ? std::make_shared<const Books>() : found->second;
    return std::make_unique<MemorySnapshot>(org, std::move(books), mutex_);
}

std::vector<domain::Org> MemoryBackend::orgs() {
    const Lock lock(mutex_);
    std::vector<domain::Org> orgs;
    for (const auto& [id, books] : books_) {
        if (books->org) orgs.push_back(*books->org);
    }
    return orgs;
}

std::vector<app::Credential> MemoryBackend::credentials() {
    const Lock lock(mutex_);
    return credentials_;
}

std::vector<std::pair<OrgId, domain::User>> MemoryBackend::users() {
    const Lock lock(mutex_);
    std::vector<std::pair<OrgId, domain::User>> users;
    for (const auto& [org, books] : books_) {
        for (const auto& [id, user] : books->users) users.emplace_back(org, user);
    }
    return users;
}

std::string MemoryBackend::webhook_secret(const app::WebhookKey& key) {
    const Lock lock(mutex_);
    const auto books = books_.find(key.org);
    if (books == books_.end()) return {};
    const auto found = books->second->webhook_secrets.find(key.id);
    return found == books->second->webhook_secrets.end() ? std::string() : found->second;
}

app::SignInState MemoryBackend::sign_in_state() {
    const Lock lock(mutex_);
    app::SignInState state;
    for (const auto& [org, books] : books_) {
        for (const auto& [id, session] : books->sessions) state.sessions.emplace_back(org, session);
        for (const auto& [id, link] : books->links) {
            state.links.emplace_back(app::UserKey{org, id}, link);
        }
        for (const auto& [id, at] : books->last_uses) {
            state.last_uses.emplace_back(app::LastUseKey{org, id}, at);
        }
    }
    state.failed_sign_ins.assign(failed_sign_ins_.begin(), failed_sign_ins_.end());
    return state;
}

void MemoryBackend::fail_later(Operation operation, int nth, ErrorCode code) {
    const Lock lock(mutex_);
    faults_.push_back({operation, nth, code});
}

void MemoryBackend::fail_no_more() {
    const Lock lock(mutex_);
    faults_.clear();
}

Status MemoryBackend::check(Operation operation) {
    const Lock lock(mutex_);
    // Each counts from when it was asked for, whichever of them fires.
    for (Fault& fault : faults_) {
        if (fault.operation == operation) --fault.nth;
    }
    const auto due = std::ranges::find_if(
        faults_, [&](const Fault& each) { return each.operation == operation && each.nth <= 0; });
    if (due == faults_.end()) return {};
    const ErrorCode code = due->code;
    faults_.erase(due);
    return fail(code, "A fault that was asked for.");
}

// Only the writer's thread changes books, and it does not while it loads: reading needs no lock.
Result<const Books*> MemoryBackend::load(OrgId org) {
    static const Books kNone;
    TRY(check(Operation::load));
    const Lock lock(mutex_);
    const auto found = books_.find(org);
    return found == books_.end() ? &kNone : found->second.get();
}

template <class Table>
Result<std::optional<typename Table::mapped_type>> MemoryBackend::load_row(
    OrgId org, Table Books::* table, const typename Table::key_type& key) {
    const Books& books = *TRY(load(org));
    const auto found = (books.*table).find(key);
    if (found == (books.*table).end()) return std::nullopt;
    return found->second;
}

Status MemoryBackend::prefetch(const std::vector<const app::Command*>& commands) {
    (void)commands;
    return {};
}

Result<std::optional<app::Head>> MemoryBackend::head(OrgId org) {
    return TRY(load(org))->head;
}

Result<std::optional<domain::Org>> MemoryBackend::org(OrgId org) {
    return TRY(load(org))->org;
}

Result<std::optional<domain::Property>> MemoryBackend::property(const app::PropertyKey& key) {
    return load_row(key.org, &Books::properties, key.id);
}

Result<std::optional<PropertyId>> MemoryBackend::property_by_name(const app::PropertyNameKey& key) {
    return load_row(key.org, &Books::property_names, key.name);
}

Result<std::optional<domain::Counters>> MemoryBackend::counters(const app::PropertyKey& key) {
    return load_row(key.org, &Books::counters, key.id);
}

Result<std::optional<domain::Category>> MemoryBackend::category(const app::CategoryIdKey& key) {
    return load_row(key.org, &Books::categories, key.id);
}

Result<std::optional<CategoryId>> MemoryBackend::category_by_key(const app::CategoryKey& key) {
    return load_row(key.org, &Books::category_keys, key);
}

Result<std::optional<domain::Token>> MemoryBackend::token(const app::TokenKey& key) {
    return load_row(key.org, &Books::tokens, key.id);
}

Result<std::optional<domain::User>> MemoryBackend::user(const app::UserKey& key) {
    return load_row(key.org, &Books::users, key.id);
}

Result<std::vector<domain::User>> MemoryBackend::users(OrgId org) {
    std::vector<domain::User> users;
    for (const auto& [id, user] : TRY(load(org))->users) users.push_back(user);
    return users;
}

Result<std::optional<app::Password>> MemoryBackend::password(const app::UserKey& key) {
    return load_row(key.org, &Books::passwords, key.id);
}

Result<std::optional<app::SignInSession>> MemoryBackend::session(const app::SessionKey& key) {
    return load_row(key.org, &Books::sessions, key.id);
}

Result<std::vector<app::SignInSession>> MemoryBackend::sessions(const app::UserKey& key) {
    std::vector<app::SignInSession> sessions;
    for (const auto& [id, session] : TRY(load(key.org))->sessions) {
        if (session.user == key.id) sessions.push_back(session);
    }
    return sessions;
}

Result<std::optional<app::SignInLink>> MemoryBackend::link(const app::UserKey& key) {
    return load_row(key.org, &Books::links, key.id);
}

Result<std::optional<domain::Entry>> MemoryBackend::entry(const app::EntryKey& key) {
    return load_row(key.org, &Books::entries, key.id);
}

Result<std::optional<EntryId>> MemoryBackend::entry_by_external_id(const app::ExternalIdKey& key) {
    return load_row(key.org, &Books::external_ids, key);
}

Result<std::optional<std::int64_t>> MemoryBackend::reversed_minor(const app::EntryKey& original) {
    return load_row(original.org, &Books::reversed_minor, original.id);
}

Result<std::optional<domain::ChangeRequest>> MemoryBackend::change_request(
    const app::EntryKey& key) {
    return load_row(key.org, &Books::change_requests, key.id);
}

Result<std::optional<domain::AccountTotals>> MemoryBackend::account_totals(
    const app::AccountTotalsKey& key) {
    return load_row(key.org, &Books::account_totals, key);
}

Result<std::optional<domain::CategoryTotals>> MemoryBackend::category_totals(
    const app::CategoryTotalsKey& key) {
    return load_row(key.org, &Books::category_totals, key);
}

Result<std::optional<domain::PendingTotals>> MemoryBackend::pending_totals(
    const app::PendingTotalsKey& key) {
    return load_row(key.org, &Books::pending_totals, key);
}

Result<std::optional<domain::Closing>> MemoryBackend::latest_closing(
    const app::PropertyKey& property, domain::BusinessDate date) {
    const Books& books = *TRY(load(property.org));
    const auto after = books.closings.lower_bound({property.org, property.id, date.plus(1), 0});
    if (after == books.closings.begin()) return std::nullopt;
    const domain::Closing& last = std::prev(after)->second;
    if (last.property != property.id || last.date != date) return std::nullopt;
    return last;
}

Result<std::optional<domain::PeriodLock>> MemoryBackend::lock(const app::LockKey& key) {
    return load_row(key.org, &Books::locks, key);
}

Result<std::optional<domain::LockException>> MemoryBackend::lock_exception(
    const app::LockExceptionKey& key) {
    return load_row(key.org, &Books::lock_exceptions, key);
}

Result<std::optional<std::int64_t>> MemoryBackend::undecided(const app::UndecidedKey& key) {
    return load_row(key.org, &Books::undecided, key);
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> MemoryBackend::undecided_before(
    const app::UndecidedKey& key) {
    std::vector<std::pair<domain::BusinessDate, std::int64_t>> before;
    for (const auto& [at, count] : TRY(load(key.org))->undecided) {
        const bool is_theirs = at.property == key.property && at.user == key.user;
        if (is_theirs && at.date < key.date) before.emplace_back(at.date, count);
    }
    return before;
}

Result<std::optional<domain::DailyApproval>> MemoryBackend::daily_approval(
    const app::DailyApprovalKey& key) {
    return load_row(key.org, &Books::daily_approvals, key);
}

Result<std::optional<app::Notification>> MemoryBackend::notification(
    const app::NotificationKey& key) {
    return load_row(key.org, &Books::notifications, key);
}

Result<std::optional<app::ReadMarks>> MemoryBackend::read_marks(const app::UserKey& key) {
    return load_row(key.org, &Books::read_marks, key.id);
}

Result<Position> MemoryBackend::newest_event(const app::PropertyKey& property) {
    const Books& books = *TRY(load(property.org));
    for (const auto& event : std::views::reverse(books.log)) {
        if (event->property == property.id) return event->position;
    }
    return 0;
}

Result<std::unique_ptr<reports::Source>> MemoryBackend::source(OrgId org) {
    TRY(check(Operation::load));
    return std::unique_ptr<reports::Source>(snapshot(org));
}

Result<std::optional<app::IdempotencyRecord>> MemoryBackend::idempotency(
    const app::IdempotencyKey& key, Instant now) {
    auto found = TRY(load_row(key.org, &Books::idempotency, key.key));
    if (found && now.ms - found->at.ms > limits::kIdempotencyKeptMs) return std::nullopt;
    return found;
}

Result<std::optional<domain::Webhook>> MemoryBackend::webhook(const app::WebhookKey& key) {
    return load_row(key.org, &Books::webhooks, key.id);
}

Result<std::int64_t> MemoryBackend::webhooks_alive(OrgId org) {
    const Books& books = *TRY(load(org));
    return std::ranges::count_if(books.webhooks,
                                 [](const auto& each) { return !each.second.deleted; });
}

Result<std::optional<app::DeliveryRow>> MemoryBackend::delivery(const app::DeliveryKey& key) {
    return load_row(key.org, &Books::deliveries, key.subscription);
}

Result<std::optional<app::DeadLetter>> MemoryBackend::dead_letter(const app::DeadLetterKey& key) {
    return load_row(key.org, &Books::dead_letters, key.id);
}

Result<std::vector<domain::StoredEvent>> MemoryBackend::events(OrgId org, Position first,
                                                               std::int64_t count) {
    const Books& books = *TRY(load(org));
    std::vector<domain::StoredEvent> events;
    const Position end = std::min(first + count - 1, static_cast<Position>(books.log.size()));
    for (Position position = first; position <= end; ++position) {
        events.push_back(books.log.at(static_cast<std::size_t>(position) - 1)->stored);
    }
    return events;
}

Result<std::vector<domain::StoredEvent>> MemoryBackend::events_of(OrgId org,
                                                                  domain::EntityRef entity,
                                                                  Position up_to) {
    const Books& books = *TRY(load(org));
    std::vector<domain::StoredEvent> events;
    const auto found = books.entity_events.find({entity.type, entity.id});
    if (found == books.entity_events.end()) return events;
    for (const Position position : found->second) {
        if (position > up_to) break;
        events.push_back(books.log.at(static_cast<std::size_t>(position) - 1)->stored);
    }
    return events;
}

}  // namespace daybook::storage::memory
