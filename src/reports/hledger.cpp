// Writes transactions.
#include "reports/hledger.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "domain/money.h"

namespace daybook::reports {
namespace {

using domain::Account;
using domain::EntryKind;
using domain::TransferEnd;

// One line of spaces that are single, without those at its ends.
std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_space = byte <= ' ' || byte == 0x7F;
        if (is_space && (line.empty() || line.back() == ' ')) continue;
        line += is_space ? ' ' : c;
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

struct Posting {
    std::string account;
    std::int64_t minor;
};

// `from` is the account that the amount leaves.
void append_postings(std::string& journal, const Posting& to, const std::string& from,
                     domain::Currency currency) {
    const auto append_one = [&](const std::string& account, std::int64_t minor) {
        journal += "    " + account + "  " + domain::decimal_text(minor, currency) + " ";
        journal += currency.code();
        journal += '\n';
    };
    append_one(to.account, to.minor);
    append_one(from, -to.minor);
    journal += '\n';
}

std::string description_of(const domain::Entry& entry) {
    std::string text = hledger_text(entry.content.description.shown());
    if (!text.empty()) return text;
    text = domain::entry_kind_name(entry.kind);
    if (!entry.content.key.empty()) text += " " + entry.content.key;
    return text;
}

std::string_view outside_account(TransferEnd end) {
    switch (end) {
        case TransferEnd::owner: return "equity:owner";
        case TransferEnd::loan: return "liabilities:loan";
        case TransferEnd::deposit: return "liabilities:deposit";
        case TransferEnd::in_transit: return "assets:in transit";
        default: return "equity:other";
    }
}

}  // namespace

std::string hledger_text(std::string_view text) {
    std::string safe = on_one_line(text);
    std::ranges::replace(safe, ';', ',');
    std::ranges::replace(safe, '|', '/');
    return safe;
}

std::string hledger_account_part(std::string_view name) {
    std::string safe = on_one_line(name);
    std::ranges::replace(safe, ':', '-');
    std::ranges::replace(safe, ';', ',');
    return safe.empty() ? "unnamed" : safe;
}

HledgerJournal::HledgerJournal(const std::vector<domain::Property>& properties) {
    std::map<std::string, int> uses;
    // "in transit" is the account of what is on its way.
    uses["in transit"] = 1;
    for (const domain::Property& each : properties) uses[hledger_account_part(each.name)]++;
    std::set<domain::Currency> currencies;
    for (const domain::Property& each : properties) {
        std::string name = hledger_account_part(each.name);
        if (uses[name] > 1) name += " " + each.id.to_string();
        names_.emplace(each.id, std::move(name));
        currencies.insert(each.currency);
    }
    currencies_.assign(currencies.begin(), currencies.end());
}

void HledgerJournal::append_head(std::string& journal) const {
    journal += "decimal-mark .\n";
    for (const domain::Currency currency : currencies_) {
        // hledger wants a decimal mark, also where there are no decimals.
        journal += "commodity " + domain::decimal_text(0, currency);
        if (currency.exponent() == 0) journal += '.';
        journal += " ";
        journal += currency.code();
        journal += '\n';
    }
    journal += '\n';
}

std::string HledgerJournal::account(PropertyId property, Account account) const {
    const auto found = names_.find(property);
    CHECK(found != names_.end());
    return "assets:" + found->second + ":" + std::string(domain::account_name(account));
}

std::string HledgerJournal::account(PropertyId property, TransferEnd end) const {
    const auto own = domain::account_at(end);
    return own ? account(property, *own) : std::string(outside_account(end));
}

void HledgerJournal::append(std::string& journal, const domain::Property& property) const {
    for (const Account each : domain::kAccounts) {
        const std::int64_t minor = property.opening(each);
        if (minor == 0) continue;
        journal += property.books_start_on.to_string() + " * opening of " +
                   std::string(domain::account_name(each)) +
                   "  ; property:" + property.id.to_string() + "\n";
        append_postings(journal, {account(property.id, each), minor}, "equity:opening",
                        property.currency);
    }
}

void HledgerJournal::append(std::string& journal, const domain::Entry& entry) const {
    CHECK(entry.status == domain::EntryStatus::approved);
    const domain::EntryContent& content = entry.content;
    journal += content.business_date.to_string() + " * (" + std::to_string(entry.number) + ") " +
               description_of(entry) + "  ; id:" + entry.id.to_string() + "\n";
    const std::int64_t minor = content.reversal ? -content.amount.minor : content.amount.minor;
    const domain::Currency currency = content.amount.currency;
    const std::string key = hledger_account_part(content.key);
    switch (entry.kind) {
        case EntryKind::revenue:
            append_postings(journal, {account(entry.property, content.payment_mode), minor},
                            "revenues:" + key, currency);
            break;
        case EntryKind::expense:
            append_postings(journal, {"expenses:" + key, minor},
                            account(entry.property, content.payment_mode), currency);
            break;
        case EntryKind::transfer:
            append_postings(journal, {account(entry.property, content.to), minor},
                            account(entry.property, content.from), currency);
            break;
    }
}

void HledgerJournal::append(std::string& journal, const domain::Adjustment& adjustment,
                            domain::Currency currency) const {
    const bool is_correction = adjustment.kind == domain::AdjustmentKind::correction;
    std::string reason = hledger_text(adjustment.reason.shown());
    if (reason.empty()) reason = is_correction ? "correction" : "over or short";
    journal += adjustment.date.to_string() + " * " + (is_correction ? "correction: " : "") +
               reason + "  ; id:" + adjustment.id.to_string() + "\n";
    append_postings(journal,
                    {account(adjustment.property, adjustment.account), adjustment.amount_minor},
                    is_correction ? "equity:corrections" : "expenses:over short", currency);
}

}  // namespace daybook::reports
