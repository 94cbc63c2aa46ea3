// Orgs, properties, categories and sources: what entries hang on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/business_date.h"
#include "domain/money.h"
#include "domain/principal.h"
#include "domain/text.h"

namespace daybook::domain {

enum class Account : std::uint8_t { cash, bank };
inline constexpr std::array kAccounts{Account::cash, Account::bank};
std::string_view account_name(Account account);
std::optional<Account> parse_account(std::string_view text);

// How days are counted and closed.
struct DayRules {
    // Who counts is not shown what should be there before the day is closed.
    bool blind_count = false;
    // A greater variance, in minor units of the property's currency, wants a note and is
    // acknowledged by another person. None: no variance does.
    std::optional<std::int64_t> variance_tolerance_minor;

    bool operator==(const DayRules&) const = default;
};

// When what an approver writes counts at once, and when only another person's approval makes it
// count.
struct ApprovalPolicy {
    // In minor units of the property's currency: greater amounts need a second person; 0: all.
    // None: no amount does.
    std::optional<std::int64_t> four_eyes_above_minor;

    [[nodiscard]] bool needs_four_eyes(std::int64_t amount_minor) const {
        return four_eyes_above_minor && amount_minor > *four_eyes_above_minor;
    }
    bool operator==(const ApprovalPolicy&) const = default;
};

struct Org {
    OrgId id;
    std::string name;
    int fiscal_start_month = 1;  // 1-12; used over properties whose own differ
    int manager_days_back = 31;  // managers may date entries at most this many days back
    UserId operator_user;        // who acts when the command line does
    Instant created_at;
    std::int64_t version = 1;
    DayRules day_rules = {};
    // Managers with undecided entries of earlier days add no more (gate.h).
    bool daily_gate = false;
    ApprovalPolicy approvals = {};

    bool operator==(const Org&) const = default;
};

enum class PropertyKind : std::uint8_t { hotel, hostel, resort, apartment, other };
std::string_view property_kind_name(PropertyKind kind);
std::optional<PropertyKind> parse_property_kind(std::string_view text);

struct Property {
    PropertyId id;
    std::string name;  // unique in the org
    PropertyKind kind = PropertyKind::hotel;
    std::string group;  // company or region; empty is none
    Currency currency;
    ClockRule clock;                      // in force
    std::optional<ClockRule> next_clock;  // in force from its own date on
    int fiscal_start_month = 1;           // 1-12
    BusinessDate books_start_on;
    std::array<std::int64_t, 2> opening_minor{0,
                                              0};  // by Account, on books_start_on; may be negative
    bool active = true;
    std::int64_t version = 1;
    Instant created_at;

    bool operator==(const Property&) const = default;
    [[nodiscard]] std::int64_t opening(Account account) const {
        return opening_minor.at(static_cast<std::size_t>(account));
    }
};

// The property's business date, given the wall clocks of its rule and of its next rule (equal when
// there is none). A new rule holds from its own date on: it never makes a business date come twice
// or go back.
BusinessDate business_date_at(const Property& property, WallClock now, WallClock now_by_next);

// What one property has used up, and how far it is closed; part of the fold.
struct Counters {
    std::int64_t next_number = 1;  // the next entry's number: dense, never reused
    std::int64_t turnover_minor =
        0;  // all amounts it may show, each by its absolute value (limits.h)
    // The earliest business date that an entry or adjustment ever had.
    std::optional<BusinessDate> first_on;
    // Every day up to it is closed.
    std::optional<BusinessDate> closed_through = std::nullopt;
    std::int64_t closings = 0;  // numbers of closed days that were given out

    bool operator==(const Counters&) const = default;
    [[nodiscard]] bool is_closed(BusinessDate date) const {
        return closed_through && date <= *closed_through;
    }
};

// A category belongs to expenses, a source to revenues; otherwise they are alike.
enum class CategoryKind : std::uint8_t { category, source };
std::string_view category_kind_name(CategoryKind kind);
std::optional<CategoryKind> parse_category_kind(std::string_view text);

struct Category {
    CategoryId id;
    CategoryKind kind = CategoryKind::category;
    std::string key;  // fixed
    std::string name;
    std::string group;  // USALI-like department; empty is none
    bool active = true;
    int order = 0;
    std::string merged_into;  // the key that reports show it under; empty is its own
    std::int64_t version = 1;

    bool operator==(const Category&) const = default;
};

struct StarterCategory {
    CategoryKind kind;
    std::string_view key;
    std::string_view name;
    std::string_view group;
};

// What a new org begins with (departments after the Uniform System of Accounts for the Lodging
// Industry).
std::vector<StarterCategory> starter_categories();

// An API token; its secret is not here but in a side table, hashed. It is the person who made it:
// it never has more rights than that person, and dies with them (token_rights() in user.h).
struct Token {
    TokenId id;
    std::string name;
    UserId user;
    Role role = Role::auditor;
    Scope scope;
    std::optional<Instant> expires_at;
    bool revoked = false;
    Instant created_at;
    std::int64_t version = 1;
    bool trusted = false;  // an owner's decision: Principal::trusted

    bool operator==(const Token&) const = default;
};

}  // namespace daybook::domain
