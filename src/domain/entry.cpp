// Names, totals arithmetic, and the effect of an entry.
#include "domain/entry.h"

#include <algorithm>
#include <span>

namespace daybook::domain {
namespace {

constexpr std::array<std::string_view, 3> kEntryKinds{"expense", "revenue", "transfer"};
constexpr std::array<std::string_view, 7> kTransferEnds{"cash",    "bank",       "owner", "loan",
                                                        "deposit", "in_transit", "other"};
constexpr std::array<std::string_view, 4> kStatuses{"pending", "approved", "rejected", "deleted"};
constexpr std::array<std::string_view, 4> kChangeKinds{"update", "delete", "return", "move"};

template <class Enum>
std::optional<Enum> find_name(std::span<const std::string_view> names, std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

// What the entry would move if it counted: the one place where kinds and reversals become signs.
std::array<AccountTotals, 2> movements(const Entry& entry) {
    std::array<AccountTotals, 2> accounts{};
    const EntryContent& content = entry.content;
    const std::int64_t signed_amount =
        content.reversal ? -content.amount.minor : content.amount.minor;
    const auto at = [&](Account account) -> AccountTotals& {
        return accounts.at(static_cast<std::size_t>(account));
    };
    switch (entry.kind) {
        case EntryKind::expense: at(content.payment_mode).out = signed_amount; break;
        case EntryKind::revenue: at(content.payment_mode).in = signed_amount; break;
        case EntryKind::transfer:
            if (const auto from = account_at(content.from)) at(*from).transfer_out = signed_amount;
            if (const auto to = account_at(content.to)) at(*to).transfer_in = signed_amount;
            break;
    }
    return accounts;
}

}  // namespace

std::string_view entry_kind_name(EntryKind kind) {
    return kEntryKinds.at(static_cast<std::size_t>(kind));
}

std::optional<EntryKind> parse_entry_kind(std::string_view text) {
    return find_name<EntryKind>(kEntryKinds, text);
}

std::string_view transfer_end_name(TransferEnd end) {
    return kTransferEnds.at(static_cast<std::size_t>(end));
}

std::optional<TransferEnd> parse_transfer_end(std::string_view text) {
    return find_name<TransferEnd>(kTransferEnds, text);
}

std::optional<Account> account_at(TransferEnd end) {
    if (end == TransferEnd::cash) return Account::cash;
    if (end == TransferEnd::bank) return Account::bank;
    return std::nullopt;
}

std::string_view status_name(EntryStatus status) {
    return kStatuses.at(static_cast<std::size_t>(status));
}

std::optional<EntryStatus> parse_status(std::string_view text) {
    return find_name<EntryStatus>(kStatuses, text);
}

AccountTotals& AccountTotals::operator+=(const AccountTotals& other) {
    in += other.in;
    out += other.out;
    transfer_in += other.transfer_in;
    transfer_out += other.transfer_out;
    correction += other.correction;
    over_short += other.over_short;
    return *this;
}

AccountTotals& AccountTotals::operator-=(const AccountTotals& other) {
    in -= other.in;
    out -= other.out;
    transfer_in -= other.transfer_in;
    transfer_out -= other.transfer_out;
    correction -= other.correction;
    over_short -= other.over_short;
    return *this;
}

CategoryTotals& CategoryTotals::operator+=(const CategoryTotals& other) {
    amount += other.amount;
    count += other.count;
    return *this;
}

CategoryTotals& CategoryTotals::operator-=(const CategoryTotals& other) {
    amount -= other.amount;
    count -= other.count;
    return *this;
}

PendingTotals& PendingTotals::operator+=(const PendingTotals& other) {
    amount += other.amount;
    count += other.count;
    cash_net += other.cash_net;
    bank_net += other.bank_net;
    return *this;
}

PendingTotals& PendingTotals::operator-=(const PendingTotals& other) {
    amount -= other.amount;
    count -= other.count;
    cash_net -= other.cash_net;
    bank_net -= other.bank_net;
    return *this;
}

bool Entry::is_by(UserId user) const {
    return created_by == user || std::ranges::binary_search(co_authors, user);
}

std::string_view change_kind_name(ChangeKind kind) {
    return kChangeKinds.at(static_cast<std::size_t>(kind));
}

std::optional<ChangeKind> parse_change_kind(std::string_view text) {
    return find_name<ChangeKind>(kChangeKinds, text);
}

std::string transfer_key(TransferEnd from, TransferEnd to) {
    return std::string(transfer_end_name(from)) + ":" + std::string(transfer_end_name(to));
}

EntryEffect effect_of(const Entry& entry) {
    const EntryContent& content = entry.content;
    EntryEffect effect;
    effect.date = content.business_date;
    effect.kind = entry.kind;
    effect.key =
        entry.kind == EntryKind::transfer ? transfer_key(content.from, content.to) : content.key;
    const std::int64_t signed_amount =
        content.reversal ? -content.amount.minor : content.amount.minor;
    if (entry.status == EntryStatus::approved) {
        effect.accounts = movements(entry);
        effect.category = {signed_amount, 1};
        effect.turnover_minor = content.amount.minor;
    } else if (entry.status == EntryStatus::pending) {
        const auto accounts = movements(entry);
        effect.pending = {signed_amount, 1, accounts[0].net(), accounts[1].net()};
        effect.turnover_minor = content.amount.minor;
    }
    return effect;
}

std::int64_t reversed_minor(const Entry& reversal) {
    const bool stands =
        reversal.status == EntryStatus::pending || reversal.status == EntryStatus::approved;
    return stands ? reversal.content.amount.minor : 0;
}

}  // namespace daybook::domain
