// Numbers in a fixed count of digits, as dates and times have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/calendar.h"

namespace daybook {

// Appends the last `count` decimal digits of a number that is not negative: 7 in three is "007".
inline void append_digits(std::string& out, std::int64_t value, std::size_t count) {
    out.append(count, '0');
    for (std::size_t at = out.size(); count > 0; --count, value /= 10) {
        out[--at] = static_cast<char>('0' + value % 10);
    }
}

// "2026-03-29" (ISO 8601).
inline void append_date(std::string& out, const CivilDate& date) {
    append_digits(out, date.year, 4);
    out += '-';
    append_digits(out, date.month, 2);
    out += '-';
    append_digits(out, date.day, 2);
}

}  // namespace daybook
