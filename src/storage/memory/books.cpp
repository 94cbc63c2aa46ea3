// Changes to rows, as INSERT OR REPLACE and its unique indexes would do it.
#include "storage/memory/books.h"

#include "base/check.h"
#include "base/limits.h"

namespace daybook::storage::memory {
namespace {

// Copies the rows of one org, by the part of their key that names the row within it.
template <class Rows, class Id>
void put_all(std::map<Id, typename Rows::mapped_type>& table, OrgId org, const Rows& rows) {
    for (const auto& [key, row] : rows) {
        if (key.org == org) table[key.id] = row;
    }
}

// Copies the rows of one org under their whole keys.
template <class Rows>
void put_whole(Rows& table, OrgId org, const Rows& rows) {
    for (const auto& [key, row] : rows) {
        if (key.org == org) table[key] = row;
    }
}

// Rows that have ended, or were used or taken away, go.
template <class Rows, class Id>
void put_or_drop(std::map<Id, typename Rows::mapped_type>& table, OrgId org, const Rows& rows,
                 auto&& is_gone) {
    put_all(table, org, rows);
    for (const auto& [key, row] : rows) {
        if (key.org == org && is_gone(row)) table.erase(key.id);
    }
}

// Names may change hands within a batch, so the index is made after all rows are written.
void put_properties(Books& books, OrgId org, const app::Changes& changes) {
    for (const auto& [key, row] : changes.properties) {
        if (key.org != org) continue;
        const auto before = books.properties.find(key.id);
        if (before != books.properties.end()) books.property_names.erase(before->second.name);
    }
    put_all(books.properties, org, changes.properties);
    for (const auto& [key, row] : changes.properties) {
        if (key.org != org) continue;
        const auto [found, is_new] = books.property_names.emplace(row.name, key.id);
        CHECK(is_new || found->second == key.id);
    }
    put_all(books.counters, org, changes.counters);
}

void put_categories(Books& books, OrgId org, const app::Changes& changes) {
    put_all(books.categories, org, changes.categories);
    for (const auto& [key, row] : changes.categories) {
        if (key.org != org) continue;
        const auto [found, is_new] =
            books.category_keys.emplace(app::CategoryKey{org, row.kind, row.key}, key.id);
        CHECK(is_new || found->second == key.id);
    }
}

void put_entries(Books& books, OrgId org, const app::Changes& changes) {
    put_all(books.entries, org, changes.entries);
    put_all(books.reversed_minor, org, changes.reversed_minor);
    put_or_drop(books.change_requests, org, changes.change_requests,
                [](const domain::ChangeRequest& row) { return row.closed; });
    for (const auto& [key, row] : changes.entries) {
        if (key.org != org) continue;
        const auto [number, number_is_new] =
            books.entry_numbers.emplace(std::pair{row.property, row.number}, key.id);
        CHECK(number_is_new || number->second == key.id);
        if (row.content.external_id.empty()) continue;
        const app::ExternalIdKey external{org, row.property, row.kind, row.content.external_id};
        const auto [found, is_new] = books.external_ids.emplace(external, key.id);
        CHECK(is_new || found->second == key.id);
    }
}

void append_events(Books& books, OrgId org, const app::Changes& changes) {
    for (const app::EventRow& event : changes.events) {
        if (event.org != org) continue;
        CHECK(event.position == static_cast<Position>(books.log.size()) + 1);
        CHECK(books.log.empty() || books.log.back()->stored.hash == event.stored.prev_hash);
        books.log.push_back(std::make_shared<const app::EventRow>(event));
        books.entity_events[{event.entity.type, event.entity.id}].push_back(event.position);
    }
    const auto head = changes.heads.find(org);
    if (head != changes.heads.end()) books.head = head->second;
    if (books.log.empty()) return;
    CHECK(books.head && books.head->position == books.log.back()->position);
    CHECK(books.head->hash == books.log.back()->stored.hash);
}

// After the events: one of them may be erased in the batch that appends it.
void erase_texts(Books& books, OrgId org, const app::Changes& changes) {
    for (const app::Changes::Erasure& erasure : changes.erasures) {
        if (erasure.org != org) continue;
        for (const Position position :
             books.entity_events[{erasure.entity.type, erasure.entity.id}]) {
            if (position > erasure.up_to) break;
            auto& event = books.log.at(static_cast<std::size_t>(position) - 1);
            auto erased = std::make_shared<app::EventRow>(*event);
            erased->stored.private_json.clear();
            event = std::move(erased);
        }
    }
}

void put_sign_ins(Books& books, OrgId org, const app::Changes& changes) {
    put_or_drop(books.passwords, org, changes.passwords,
                [](const app::Password& row) { return row.hash.empty(); });
    for (const auto& [key, at] : changes.last_uses) {
        if (key.org == org) books.last_uses[key.credential] = at;
    }
    for (const auto& [key, row] : changes.sessions) {
        if (key.org == org && row.ended) books.last_uses.erase(key.id.value);
    }
    put_or_drop(books.sessions, org, changes.sessions,
                [](const app::SignInSession& row) { return row.ended; });
    put_all(books.read_marks, org, changes.read_marks);
    put_or_drop(books.links, org, changes.links,
                [](const app::SignInLink& row) { return row.used; });
}

void put_accesses(Books& books, OrgId org, const app::Changes& changes) {
    constexpr std::int64_t kHourMs = 3'600'000;
    for (const auto& [key, row] : changes.accesses) {
        if (key.org != org) continue;
        const std::int64_t oldest = key.hour - limits::kAccessKeptMs / kHourMs;
        std::erase_if(books.accesses, [&](const auto& each) { return each.first.hour < oldest; });
        books.accesses.emplace(key, row);
    }
}

void put_idempotency(Books& books, OrgId org, const app::Changes& changes) {
    for (const auto& [key, record] : changes.idempotency) {
        if (key.org != org) continue;
        auto& ages = books.idempotency_ages;
        while (!ages.empty() && ages.front().first.ms + limits::kIdempotencyKeptMs < record.at.ms) {
            const auto found = books.idempotency.find(ages.front().second);
            const bool is_that_one =
                found != books.idempotency.end() && found->second.at == ages.front().first;
            if (is_that_one) books.idempotency.erase(found);
            ages.pop_front();
        }
        books.idempotency[key.key] = record;
        ages.emplace_back(record.at, key.key);
    }
}

void put_delivery(Books& books, OrgId org, const app::Changes& changes) {
    for (const app::WebhookSecret& each : changes.webhook_secrets) {
        if (each.key.org == org) books.webhook_secrets[each.key.id] = each.secret;
    }
    for (const auto& [key, row] : changes.deliveries) {
        if (key.org == org) books.deliveries[key.subscription] = row;
    }
    for (const auto& [key, letter] : changes.dead_letters) {
        if (key.org != org) continue;
        books.dead_letters[key.id] = letter;
        if (letter.state == app::DeadLetterState::removed) books.dead_letters.erase(key.id);
    }
    for (const auto& line : changes.webhook_attempts) {
        if (line.org != org) continue;
        auto& attempts = books.webhook_attempts[line.attempt.webhook];
        attempts.push_front(line.attempt);
        if (attempts.size() > limits::kWebhookLogMax) attempts.pop_back();
    }
    for (const auto& erasure : changes.erasures) {
        if (erasure.org == org) books.webhook_attempts.clear();
    }
    for (const app::DeliveryKey& key : changes.forgotten) {
        if (key.org != org) continue;
        books.deliveries.erase(key.subscription);
        std::erase_if(books.dead_letters, [&](const auto& each) {
            return each.second.subscription == key.subscription;
        });
        const auto webhook = domain::webhook_of_subscription(key.subscription);
        if (!webhook) continue;
        books.webhook_secrets.erase(*webhook);
        books.webhook_attempts.erase(*webhook);
    }
}

}  // namespace

void apply(Books& books, OrgId org, const app::Changes& changes) {
    append_events(books, org, changes);
    const auto settings = changes.orgs.find(org);
    if (settings != changes.orgs.end()) books.org = settings->second;
    put_properties(books, org, changes);
    put_categories(books, org, changes);
    put_all(books.tokens, org, changes.tokens);
    put_all(books.webhooks, org, changes.webhooks);
    put_all(books.users, org, changes.users);
    put_sign_ins(books, org, changes);
    put_accesses(books, org, changes);
    put_entries(books, org, changes);
    put_all(books.counts, org, changes.counts);
    put_all(books.adjustments, org, changes.adjustments);
    put_whole(books.closings, org, changes.closings);
    put_whole(books.locks, org, changes.locks);
    put_whole(books.lock_exceptions, org, changes.lock_exceptions);
    put_whole(books.undecided, org, changes.undecided);
    std::erase_if(books.undecided, [](const auto& each) { return each.second == 0; });
    put_whole(books.daily_approvals, org, changes.daily_approvals);
    put_whole(books.notifications, org, changes.notifications);
    put_whole(books.account_totals, org, changes.account_totals);
    put_whole(books.category_totals, org, changes.category_totals);
    put_whole(books.pending_totals, org, changes.pending_totals);
    for (const app::FrozenReport& report : changes.frozen_reports) {
        if (report.org == org) books.frozen_reports.emplace(report.hash, report.bytes);
    }
    erase_texts(books, org, changes);
    put_idempotency(books, org, changes);
    put_delivery(books, org, changes);
}

}  // namespace daybook::storage::memory
