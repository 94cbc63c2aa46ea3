// Text and key forms of business dates.
#include "domain/business_date.h"

#include <algorithm>

#include "base/digits.h"

namespace daybook::domain {

std::optional<BusinessDate> BusinessDate::parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int numbers[3] = {0, 0, 0};
    int* number = numbers;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 4 || i == 7) {
            ++number;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        *number = *number * 10 + (text[i] - '0');
    }
    return from_civil(numbers[0], numbers[1], numbers[2]);
}

std::optional<BusinessDate> BusinessDate::from_key(std::int32_t yyyymmdd) {
    return from_civil(yyyymmdd / 10'000, yyyymmdd / 100 % 100, yyyymmdd % 100);
}

std::string BusinessDate::to_string() const {
    std::string text;  // ten characters: no allocation
    append_date(text, civil());
    return text;
}

}  // namespace daybook::domain
