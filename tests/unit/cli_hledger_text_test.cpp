// The journal for hledger: what transactions look like, whatever people have typed.
#include <gtest/gtest.h>

#include <string>

#include "reports/hledger.h"

namespace daybook::reports {
namespace {

TEST(HledgerText, StaysOnItsLineAndIsTakenForNothingElse) {
    EXPECT_EQ(hledger_text("two\nlines\r\nand\ttabs"), "two lines and tabs");
    EXPECT_EQ(hledger_text("  spaces   at  ends "), "spaces at ends");
    EXPECT_EQ(hledger_text("a; b | c"), "a, b / c");
    EXPECT_EQ(hledger_text("\x01 \x7F"), "");
    EXPECT_EQ(hledger_text("Café 😀"), "Café 😀");
    EXPECT_EQ(hledger_account_part("Casa: \"Alfama\"  2; x"), "Casa- \"Alfama\" 2, x");
    EXPECT_EQ(hledger_account_part(" \n "), "unnamed");
}

domain::Property property(std::string name, std::uint8_t id) {
    domain::Property property;
    property.id.value.bytes[15] = id;
    property.name = std::move(name);
    property.currency = *domain::Currency::parse("EUR");
    property.books_start_on = *domain::BusinessDate::parse("2026-01-01");
    return property;
}

domain::Entry entry(domain::EntryKind kind) {
    domain::Entry entry;
    entry.id.value.bytes[15] = 9;
    entry.property.value.bytes[15] = 1;
    entry.kind = kind;
    entry.number = 12;
    entry.status = domain::EntryStatus::approved;
    entry.content.business_date = *domain::BusinessDate::parse("2026-03-29");
    entry.content.amount = {12'345, *domain::Currency::parse("EUR")};
    entry.content.payment_mode = domain::Account::bank;
    entry.content.key = kind == domain::EntryKind::transfer ? "" : "room";
    return entry;
}

std::string transaction(const domain::Entry& entry) {
    const HledgerJournal journal({property("House", 1)});
    std::string text;
    journal.append(text, entry);
    return text;
}

constexpr std::string_view kTag = "  ; id:00000000-0000-0000-0000-000000000009\n";

TEST(HledgerJournal, WritesEntries) {
    EXPECT_EQ(transaction(entry(domain::EntryKind::revenue)),
              "2026-03-29 * (12) revenue room" + std::string(kTag) +
                  "    assets:House:bank  123.45 EUR\n    revenues:room  -123.45 EUR\n\n");
    domain::Entry refund = entry(domain::EntryKind::expense);
    refund.content.reversal = true;
    refund.content.description.value = "credit | note; (1)";
    EXPECT_EQ(transaction(refund),
              "2026-03-29 * (12) credit / note, (1)" + std::string(kTag) +
                  "    expenses:room  -123.45 EUR\n    assets:House:bank  123.45 EUR\n\n");
    domain::Entry erased = entry(domain::EntryKind::revenue);
    erased.content.description.erased = true;
    EXPECT_TRUE(transaction(erased).contains("(12) erased  ;"));
}

TEST(HledgerJournal, NamesWhereTransfersGo) {
    using domain::TransferEnd;
    const struct {
        TransferEnd end;
        std::string_view account;
    } cases[] = {
        {TransferEnd::bank, "assets:House:bank"},
        {TransferEnd::owner, "equity:owner"},
        {TransferEnd::loan, "liabilities:loan"},
        {TransferEnd::deposit, "liabilities:deposit"},
        {TransferEnd::in_transit, "assets:in transit"},
        {TransferEnd::other, "equity:other"},
    };
    for (const auto& each : cases) {
        domain::Entry transfer = entry(domain::EntryKind::transfer);
        transfer.content.from = TransferEnd::cash;
        transfer.content.to = each.end;
        EXPECT_TRUE(transaction(transfer).ends_with("    " + std::string(each.account) +
                                                    "  123.45 EUR\n    assets:House:cash  "
                                                    "-123.45 EUR\n\n"))
            << transaction(transfer);
    }
}

TEST(HledgerJournal, WritesOpeningsAndAdjustments) {
    domain::Property house = property("House", 1);
    house.opening_minor = {25'000, 0};
    const HledgerJournal journal({house});
    std::string text;
    journal.append(text, house);
    EXPECT_EQ(text,
              "2026-01-01 * opening of cash  ; property:00000000-0000-0000-0000-000000000001\n"
              "    assets:House:cash  250.00 EUR\n    equity:opening  -250.00 EUR\n\n");
    domain::Adjustment adjustment;
    adjustment.property = house.id;
    adjustment.date = house.books_start_on;
    adjustment.amount_minor = -50;
    for (const auto& [kind, account] :
         {std::pair(domain::AdjustmentKind::correction, "equity:corrections"),
          std::pair(domain::AdjustmentKind::over_short, "expenses:over short")}) {
        adjustment.kind = kind;
        text.clear();
        journal.append(text, adjustment, house.currency);
        EXPECT_TRUE(text.ends_with("    assets:House:cash  -0.50 EUR\n    " + std::string(account) +
                                   "  0.50 EUR\n\n"))
            << text;
    }
}

TEST(HledgerJournal, KeepsPropertiesApartThatReadAlike) {
    const HledgerJournal journal({property("A:B", 1), property("A-B", 2)});
    domain::Entry one = entry(domain::EntryKind::revenue);
    std::string text;
    journal.append(text, one);
    EXPECT_TRUE(text.contains("assets:A-B 00000000-0000-0000-0000-000000000001:bank")) << text;
}

}  // namespace
}  // namespace daybook::reports
