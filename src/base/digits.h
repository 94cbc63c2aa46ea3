// Numbers in a fixed count of digits, as dates and times have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace daybook {

// Appends the last `count` decimal digits of a number that is not negative: 7 in three is "007".
inline void append_digits(std::string& out, std::int64_t value, std::size_t count) {
    out.append(count, '0');
    for (std::size_t at = out.size(); count > 0; --count, value /= 10) {
        out[--at] = static_cast<char>('0' + value % 10);
    }
}

}  // namespace daybook
