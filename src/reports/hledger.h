// The books as a journal of hledger (https://hledger.org/hledger.html#journal): an independent
// ledger that anybody can run over them.
//
// One transaction for each approved entry, adjustment and opening. Its code is the entry's number,
// its tag `id` the entry's id. Accounts: assets:<property>:cash and :bank, revenues:<source>,
// expenses:<category>, expenses:over short, equity:opening, :corrections, :owner and :other,
// liabilities:loan and :deposit, assets:in transit. A reversal has the signs of its original turned
// around. Both amounts are written out, so that hledger checks each transaction.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/cash_balance.h"
#include "domain/entry.h"
#include "domain/property.h"

namespace daybook::reports {

class HledgerJournal {
 public:
    // Properties get account names that differ, whatever they are called.
    explicit HledgerJournal(const std::vector<domain::Property>& properties);

    // What stands in front of all transactions.
    void append_head(std::string& journal) const;
    // Nothing if both openings are zero.
    void append(std::string& journal, const domain::Property& property) const;
    // Must be approved.
    void append(std::string& journal, const domain::Entry& entry) const;
    void append(std::string& journal, const domain::Adjustment& adjustment,
                domain::Currency currency) const;

 private:
    [[nodiscard]] std::string account(PropertyId property, domain::Account account) const;
    [[nodiscard]] std::string account(PropertyId property, domain::TransferEnd end) const;

    std::map<PropertyId, std::string> names_;
    std::vector<domain::Currency> currencies_;
};

// Text that stays on its line and is taken for nothing else: without ';' and '|', which begin a
// comment and part payee and note.
std::string hledger_text(std::string_view text);
// One part of an account's name: without ':' and runs of spaces, which would end it.
std::string hledger_account_part(std::string_view name);

}  // namespace daybook::reports
