// The batch loop: authorise, replay or run, accept or undo.
#include "app/command_service.h"

#include <algorithm>

#include "app/authorise.h"
#include "app/execution.h"
#include "app/half_hash.h"
#include "app/replay.h"
#include "app/unit_of_work.h"
#include "base/check.h"

namespace daybook::app {
namespace {

IdempotencyRecord record_of(const Command& command, Position first, Position last,
                            const std::vector<Item>& items, Instant now) {
    IdempotencyRecord record;
    record.request = command.idempotency->request;
    record.first = first;
    record.count = static_cast<std::int32_t>(last - first + 1);
    record.at = now;
    for (const Item& item : items) {
        if (item.position) {
            record.items.push_back(static_cast<std::int32_t>(*item.position - first));
        } else if (item.result) {
            record.items.push_back(IdempotencyRecord::kItemSkipped);
        } else {
            record.items.push_back(-1 - static_cast<std::int32_t>(item.result.error().code));
        }
    }
    return record;
}

Result<Outcome> execute(UnitOfWork& work, const Command& command) {
    const Instant now = work.environment().clock.now();
    const domain::Principal principal = TRY(authorise(work, command, now));
    const OrgId org = principal.org;
    if (command.idempotency) {
        const auto record = TRY(work.idempotency({org, command.idempotency->key}, now));
        if (record) return replay(work, principal, command, *record);
    }
    const Position before = TRY(work.head(org)).position;
    std::vector<Item> items = TRY(Execution(work, command, principal, now).run());
    const Position after = TRY(work.head(org)).position;
    if (command.idempotency && after > before) {
        work.remember({org, command.idempotency->key},
                      record_of(command, before + 1, after, items, now));
    }
    return Outcome{after, false, std::move(items)};
}

}  // namespace

bool is_store_failure(const Error& error) {
    switch (error.code) {
        case ErrorCode::io_failed:
        case ErrorCode::corrupt:
        case ErrorCode::disk_full:
        case ErrorCode::busy:
        case ErrorCode::internal: return true;
        default: return false;
    }
}

Error at_item(Error refusal, std::size_t index) {
    const std::string prefix = "/entries/" + std::to_string(index);
    if (refusal.fields.empty()) refusal.fields.push_back({"", refusal.code, refusal.detail});
    for (FieldError& field : refusal.fields) field.pointer.insert(0, prefix);
    refusal.detail = "Nothing was added: entry " + std::to_string(index + 1) +
                     " of the request was refused. " + refusal.detail;
    return refusal;
}

Hash16 idempotency_key(const domain::Principal& principal, std::string_view key) {
    const auto kind = static_cast<std::uint8_t>(principal.via.kind);
    return first_half(sha256(
        {principal.user.value.bytes, principal.via.token.value.bytes, {&kind, 1}, as_bytes(key)}));
}

Hash16 idempotency_request(std::string_view route, std::string_view body) {
    constexpr std::uint8_t kSeparator = 0;
    return first_half(sha256({as_bytes(route), {&kSeparator, 1}, as_bytes(body)}));
}

std::size_t weight(const Command& command) {
    if (const auto* add = std::get_if<AddEntries>(&command.body)) {
        return std::max<std::size_t>(1, add->entries.size());
    }
    if (const auto* decide = std::get_if<DecideMany>(&command.body)) {
        return std::max<std::size_t>(1, decide->decisions.size());
    }
    return 1;
}

BatchResult execute_batch(WriteTransaction& transaction,
                          const std::vector<const Command*>& commands,
                          const Environment& environment, const std::function<bool()>& enough) {
    BatchResult result;
    if (auto hinted = transaction.prefetch(commands); !hinted) {
        result.store_failure = std::move(hinted).error();
        return result;
    }
    UnitOfWork work(transaction, environment);
    for (const Command* command : commands) {
        if (!result.outcomes.empty() && enough()) break;
        auto outcome = execute(work, *command);
        if (outcome) {
            work.accept();
        } else {
            work.roll_back();
            if (is_store_failure(outcome.error())) {
                result.store_failure = std::move(outcome).error();
                return result;
            }
        }
        result.outcomes.push_back(std::move(outcome));
    }
    result.changes = work.take_changes();
    return result;
}

}  // namespace daybook::app
