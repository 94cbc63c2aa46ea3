// CHECK(condition): what cannot be. Stays in release builds; never used on input.
#pragma once

namespace daybook {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace daybook

#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition)) [[unlikely]] {                             \
            ::daybook::check_failed(#condition, __FILE__, __LINE__); \
        }                                                            \
    } while (false)
