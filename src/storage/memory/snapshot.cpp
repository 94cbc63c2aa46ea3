// Queries as loops over maps.
#include "storage/memory/snapshot.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

#include "base/limits.h"
#include "storage/matching.h"

namespace daybook::storage::memory {
namespace {

template <class Table>
auto find_row(const Table& table, const typename Table::key_type& key)
    -> std::optional<typename Table::mapped_type> {
    const auto found = table.find(key);
    if (found == table.end()) return std::nullopt;
    return found->second;
}

template <class Table>
auto all_rows(const Table& table) {
    std::vector<typename Table::mapped_type> rows;
    for (const auto& [key, row] : table) rows.push_back(row);
    return rows;
}

// Rows of a property and dates, in order of date, then of recording; of one instant, by id.
template <class Table>
auto dated_rows(const Table& table, PropertyId property, domain::DateRange dates) {
    std::vector<typename Table::mapped_type> rows;
    for (const auto& [key, row] : table) {
        if (row.property == property && dates.contains(row.date)) rows.push_back(row);
    }
    std::ranges::sort(rows, {},
                      [](const auto& row) { return std::tuple(row.date, row.at, row.id); });
    return rows;
}

// Calls visit(key, row) for the rows of a property and range, in order of the keys.
template <class Table, class Visit>
void visit_totals(const Table& table, PropertyId property, reports::PeriodRange range,
                  Visit visit) {
    for (const auto& [key, row] : table) {
        const bool in_range = range.from <= key.period && key.period <= range.to;
        if (key.property == property && in_range) visit(key, row);
    }
}

}  // namespace

MemorySnapshot::MemorySnapshot(OrgId org, std::shared_ptr<const Books> books, Mutex& sharing)
    : org_(org), books_(std::move(books)), sharing_(sharing) {}

MemorySnapshot::~MemorySnapshot() {
    const Lock lock(sharing_);
    books_.reset();
}

Result<Position> MemorySnapshot::head() {
    return books_->head ? books_->head->position : 0;
}

Result<domain::Org> MemorySnapshot::org() {
    if (!books_->org) return fail(ErrorCode::not_found, "There is no such org.");
    return *books_->org;
}

Result<std::optional<domain::Property>> MemorySnapshot::property(PropertyId id) {
    return find_row(books_->properties, id);
}

Result<std::vector<domain::Property>> MemorySnapshot::properties() {
    auto rows = all_rows(books_->properties);
    std::ranges::sort(rows, {}, &domain::Property::name);
    return rows;
}

Result<std::vector<domain::Category>> MemorySnapshot::categories() {
    auto rows = all_rows(books_->categories);
    std::ranges::sort(rows, {}, [](const domain::Category& row) {
        return std::tuple(row.kind, row.order, row.key);
    });
    return rows;
}

Result<std::vector<reports::AccountRow>> MemorySnapshot::account_rows(PropertyId id,
                                                                      reports::PeriodRange range) {
    std::vector<reports::AccountRow> rows;
    visit_totals(books_->account_totals, id, range, [&](const auto& key, const auto& totals) {
        rows.push_back({key.period, key.account, totals});
    });
    std::ranges::sort(rows, {}, [](const reports::AccountRow& row) {
        return std::tuple(row.period, row.account);
    });
    return rows;
}

Result<std::vector<reports::CategoryRow>> MemorySnapshot::category_rows(
    PropertyId id, reports::PeriodRange range) {
    std::vector<reports::CategoryRow> rows;
    visit_totals(books_->category_totals, id, range, [&](const auto& key, const auto& totals) {
        rows.push_back({key.period, key.kind, key.key, totals});
    });
    return rows;
}

Result<std::vector<reports::PendingRow>> MemorySnapshot::pending_rows(PropertyId id,
                                                                      reports::PeriodRange range) {
    std::vector<reports::PendingRow> rows;
    visit_totals(books_->pending_totals, id, range, [&](const auto& key, const auto& totals) {
        rows.push_back({key.period, key.kind, totals});
    });
    return rows;
}

Result<std::vector<domain::Count>> MemorySnapshot::last_counts(PropertyId id,
                                                               domain::DateRange dates) {
    std::map<std::pair<domain::BusinessDate, domain::Account>, domain::Count> last;
    for (domain::Count& count : dated_rows(books_->counts, id, dates)) {
        last[{count.date, count.account}] = std::move(count);
    }
    return all_rows(last);
}

Result<std::vector<domain::Closing>> MemorySnapshot::closings(PropertyId id,
                                                              domain::DateRange dates) {
    std::map<domain::BusinessDate, domain::Closing> latest;
    for (const auto& [key, closing] : books_->closings) {
        if (key.property == id && dates.contains(key.date)) latest[key.date] = closing;
    }
    return all_rows(latest);
}

Result<std::optional<domain::BusinessDate>> MemorySnapshot::closed_through(PropertyId id) {
    const auto counters = find_row(books_->counters, id);
    return counters ? counters->closed_through : std::nullopt;
}

Result<std::vector<domain::Entry>> MemorySnapshot::entries_of_day(PropertyId id,
                                                                  domain::BusinessDate date,
                                                                  std::size_t limit) {
    std::vector<domain::Entry> rows;
    auto number = books_->entry_numbers.lower_bound({id, 0});
    for (; number != books_->entry_numbers.end() && number->first.first == id; ++number) {
        if (rows.size() == limit) break;
        const domain::Entry& entry = books_->entries.at(number->second);
        const bool is_shown = entry.status != domain::EntryStatus::deleted;
        if (is_shown && entry.content.business_date == date) rows.push_back(entry);
    }
    return rows;
}

Result<std::optional<domain::Entry>> MemorySnapshot::entry(EntryId id) {
    return find_row(books_->entries, id);
}

Result<app::EntryPage> MemorySnapshot::entries(const app::EntryFilter& filter) {
    std::vector<std::pair<app::EntryCursor, const domain::Entry*>> found;
    for (const auto& [id, entry] : books_->entries) {
        const app::EntryCursor at = cursor_of(filter.sort, entry);
        const bool is_on = !filter.after || before(filter.order, *filter.after, at);
        if (is_on && matches(filter, entry)) found.emplace_back(at, &entry);
    }
    std::ranges::sort(found, [&](const auto& one, const auto& other) {
        return before(filter.order, one.first, other.first);
    });
    app::EntryPage page;
    const std::size_t count = std::min(filter.limit, found.size());
    for (std::size_t i = 0; i < count; ++i) page.entries.push_back(*found[i].second);
    if (count > 0 && count < found.size()) page.next = found[count - 1].first;
    return page;
}

Result<std::int64_t> MemorySnapshot::reversed_minor(EntryId original) {
    return find_row(books_->reversed_minor, original).value_or(0);
}

Result<std::optional<domain::ChangeRequest>> MemorySnapshot::change_request(EntryId id) {
    return find_row(books_->change_requests, id);
}

Result<std::vector<domain::ChangeRequest>> MemorySnapshot::change_requests(
    const app::ChangeFilter& filter) {
    std::vector<domain::ChangeRequest> found;
    for (const auto& [id, request] : books_->change_requests) {
        const bool is_asked_for =
            std::ranges::find(filter.properties, request.property) != filter.properties.end();
        const bool is_after = !filter.after || std::tuple(filter.after->value, filter.after->id) <
                                                   std::tuple(request.at.ms, id);
        if (is_asked_for && is_after) found.push_back(request);
    }
    std::ranges::sort(found, {}, [](const domain::ChangeRequest& each) {
        return std::tuple(each.at, each.entry);
    });
    if (found.size() > filter.limit) found.resize(filter.limit);
    return found;
}

Result<std::int64_t> MemorySnapshot::count_change_requests(PropertyId id) {
    return std::ranges::count_if(books_->change_requests,
                                 [&](const auto& each) { return each.second.property == id; });
}

Result<app::EventPage> MemorySnapshot::events(const app::EventFilter& filter) {
    app::EventPage page;
    const auto head = static_cast<Position>(books_->log.size());
    const Position end = std::min(head, filter.after + limits::kEventScanMax);
    Position position = std::max<Position>(filter.after, 0);
    while (position < end && page.events.size() < filter.limit) {
        const app::EventRow& event = *books_->log.at(static_cast<std::size_t>(position));
        if (matches(filter, columns_of(event))) page.events.push_back(event.stored);
        ++position;
    }
    if (position < head) page.next = position;
    return page;
}

Result<std::vector<domain::StoredEvent>> MemorySnapshot::log(Position after, std::size_t limit) {
    std::vector<domain::StoredEvent> events;
    const std::size_t first = static_cast<std::size_t>(std::max<Position>(after, 0));
    for (std::size_t i = first; i < books_->log.size() && events.size() < limit; ++i) {
        events.push_back(books_->log[i]->stored);
    }
    return events;
}

Result<std::vector<domain::Count>> MemorySnapshot::counts(PropertyId id, domain::DateRange dates) {
    return dated_rows(books_->counts, id, dates);
}

Result<std::vector<domain::Adjustment>> MemorySnapshot::adjustments(PropertyId id,
                                                                    domain::DateRange dates) {
    return dated_rows(books_->adjustments, id, dates);
}

Result<std::vector<domain::Closing>> MemorySnapshot::revisions(PropertyId id,
                                                               domain::BusinessDate date) {
    std::vector<domain::Closing> revisions;
    for (const auto& [key, closing] : books_->closings) {
        if (key.property == id && key.date == date) revisions.push_back(closing);
    }
    return revisions;
}

Result<std::vector<domain::Closing>> MemorySnapshot::unacknowledged() {
    std::vector<domain::Closing> waiting;
    for (const auto& [key, closing] : books_->closings) {
        if (closing.waits_for_acknowledgement()) waiting.push_back(closing);
    }
    return waiting;
}

Result<std::optional<std::string>> MemorySnapshot::frozen_report(const Hash& hash) {
    return find_row(books_->frozen_reports, hash);
}

Result<std::vector<domain::PeriodLock>> MemorySnapshot::locks() {
    return all_rows(books_->locks);
}

Result<std::vector<domain::LockException>> MemorySnapshot::lock_exceptions() {
    return all_rows(books_->lock_exceptions);
}

Result<std::vector<app::Undecided>> MemorySnapshot::undecided(PropertyId id) {
    std::vector<app::Undecided> rows;
    for (const auto& [key, count] : books_->undecided) {
        if (key.property == id) rows.push_back({key.user, key.date, count});
    }
    return rows;
}

Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> MemorySnapshot::undecided_before(
    PropertyId id, UserId user, domain::BusinessDate date) {
    std::vector<std::pair<domain::BusinessDate, std::int64_t>> before;
    for (const app::Undecided& each : TRY(undecided(id))) {
        if (each.user == user && each.date < date) before.emplace_back(each.date, each.count);
    }
    return before;
}

Result<std::vector<domain::DailyApproval>> MemorySnapshot::daily_approvals(
    PropertyId id, domain::BusinessDate date) {
    std::vector<domain::DailyApproval> rows;
    for (const auto& [key, approval] : books_->daily_approvals) {
        if (key.property == id && key.date == date) rows.push_back(approval);
    }
    return rows;
}

Result<std::vector<std::pair<Position, app::Notification>>> MemorySnapshot::notifications(
    UserId id, Position before, std::size_t limit) {
    std::vector<std::pair<Position, app::Notification>> rows;
    for (const auto& [key, notification] : std::views::reverse(books_->notifications)) {
        if (rows.size() == limit) break;
        if (key.user == id && key.position < before) rows.emplace_back(key.position, notification);
    }
    return rows;
}

Result<app::ReadMarks> MemorySnapshot::read_marks(UserId id) {
    return find_row(books_->read_marks, id).value_or(app::ReadMarks{});
}

Result<std::optional<domain::Category>> MemorySnapshot::category(CategoryId id) {
    return find_row(books_->categories, id);
}

Result<std::vector<domain::Token>> MemorySnapshot::tokens() {
    return all_rows(books_->tokens);
}

Result<std::vector<domain::Webhook>> MemorySnapshot::webhooks() {
    return all_rows(books_->webhooks);
}

Result<std::vector<app::DeliveryEntry>> MemorySnapshot::deliveries() {
    std::vector<app::DeliveryEntry> entries;
    for (const auto& [subscription, row] : books_->deliveries)
        entries.push_back({{org_, subscription}, row});
    return entries;
}

Result<app::DeadLetterPage> MemorySnapshot::dead_letters(const app::DeadLetterFilter& filter) {
    app::DeadLetterPage page;
    for (const auto& [id, letter] : books_->dead_letters) {
        const bool is_of_it =
            filter.subscription.empty() || letter.subscription == filter.subscription;
        if (!is_of_it || (filter.after && id <= *filter.after)) continue;
        if (page.letters.size() == filter.limit) {
            page.next = page.letters.back().id;
            return page;
        }
        page.letters.push_back(letter);
    }
    return page;
}

Result<std::optional<app::DeadLetter>> MemorySnapshot::dead_letter(DeadLetterId id) {
    return find_row(books_->dead_letters, id);
}

Result<std::vector<app::WebhookAttempt>> MemorySnapshot::webhook_attempts(WebhookId id) {
    const auto found = find_row(books_->webhook_attempts, id);
    if (!found) return std::vector<app::WebhookAttempt>{};
    return std::vector<app::WebhookAttempt>(found->begin(), found->end());
}

Result<std::vector<app::EventCount>> MemorySnapshot::event_counts(Instant from, Instant to) {
    constexpr std::int64_t kHourMs = 3'600'000;
    std::map<std::pair<std::string, std::int64_t>, std::int64_t> counts;
    for (const auto& event : books_->log) {
        if (event->at < from || event->at >= to) continue;
        ++counts[{std::string(domain::event_type_name(event->type)), event->at.ms / kHourMs}];
    }
    std::vector<app::EventCount> list;
    for (const auto& [key, count] : counts)
        list.push_back({key.first, Instant{key.second * kHourMs}, count});
    return list;
}

Result<std::optional<domain::User>> MemorySnapshot::user(UserId id) {
    return find_row(books_->users, id);
}

Result<std::vector<domain::User>> MemorySnapshot::users() {
    return all_rows(books_->users);
}

Result<std::optional<app::Password>> MemorySnapshot::password(UserId id) {
    return find_row(books_->passwords, id);
}

Result<std::vector<app::SignInSession>> MemorySnapshot::sessions(UserId id) {
    auto sessions = all_rows(books_->sessions);
    std::erase_if(sessions, [&](const app::SignInSession& each) { return each.user != id; });
    return sessions;
}

Result<std::map<Uuid, Instant>> MemorySnapshot::last_uses() {
    return books_->last_uses;
}

Result<std::vector<std::pair<app::AccessKey, app::Access>>> MemorySnapshot::accesses(
    const std::optional<app::AccessKey>& before, std::size_t limit) {
    std::vector<std::pair<app::AccessKey, app::Access>> found;
    for (auto each = books_->accesses.rbegin(); each != books_->accesses.rend(); ++each) {
        const bool is_after = !before || each->first < *before;
        if (is_after && found.size() < limit) found.push_back(*each);
    }
    return found;
}

}  // namespace daybook::storage::memory
