// What a value should look like, in the words of error messages: each completes "Use …".
#pragma once

#include <string_view>

namespace daybook::http {

inline constexpr std::string_view kDateForm = "a date that exists as YYYY-MM-DD, from 1970 to 2199";
inline constexpr std::string_view kInstantForm = "an instant such as 2026-03-29T04:30:00Z";
inline constexpr std::string_view kPropertyForm = "the id of a property";
inline constexpr std::string_view kUserForm = "the id of a user";
inline constexpr std::string_view kEntryForm = "the id of an entry";
inline constexpr std::string_view kCurrencyForm = "three capital letters of ISO 4217, such as EUR";
inline constexpr std::string_view kAccountForm = "cash or bank";
inline constexpr std::string_view kEntryKindForm = "expense, revenue or transfer";
inline constexpr std::string_view kTransferEndForm =
    "cash, bank, owner, loan, deposit, in_transit or other";
inline constexpr std::string_view kRoleForm = "owner, admin, manager or auditor";
inline constexpr std::string_view kCategoryKindForm = "category or source";
inline constexpr std::string_view kPropertyKindForm = "hotel, hostel, resort, apartment or other";
inline constexpr std::string_view kCutoffForm = "a time from 00:00 to 12:00 as HH:MM";

}  // namespace daybook::http
