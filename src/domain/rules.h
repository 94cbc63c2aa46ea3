// Rules that several decisions share. Internal to domain/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/decide.h"

namespace daybook::domain {

// A business date that people may write to: not before the books start, not more than a day ahead
// and, for managers, not too far back.
Status check_date(BusinessDate date, const PropertyState& at, const Context& context,
                  std::string_view pointer);

// The day may change. Errors: day_closed and period_locked, with firstOpenDate.
Status check_open(BusinessDate date, const PropertyState& at, std::string_view pointer);

// Errors: property_inactive.
Status check_active(const Property& property);

// A name: 1 to 120 bytes of text without line breaks, not blank at its ends.
Status check_name(std::string_view name, std::string_view pointer);

// Looks after what belongs to the whole org. Error: forbidden.
Status check_administers(const Context& context);

// An owner sees everything; everybody else at least one property. Error: invalid_value, at
// "/role" or `pointer`.
Status check_scope(Role role, const Scope& scope, std::string_view pointer);
// Sorted and unique, as covers() needs it.
Scope in_order(Scope scope);

// Errors: reason_required, invalid_value.
enum class Need { optional, required };
Status check_reason(std::string_view reason, Need need);

// A balance of either sign. Errors: amount_out_of_range.
Status check_balance(std::int64_t minor, std::string_view pointer);

}  // namespace daybook::domain
