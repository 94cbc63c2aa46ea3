// Result<T>: a value or an Error. TRY(expression) yields the value or returns the error to the
// caller.
#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace daybook {

template <class T>
using Result = std::expected<T, Error>;

// What an operation without a value returns.
using Status = Result<void>;

inline std::unexpected<Error> fail(ErrorCode code, std::string detail) {
    return std::unexpected(error(code, std::move(detail)));
}

inline std::unexpected<Error> fail(Error failure) {
    return std::unexpected(std::move(failure));
}

inline std::unexpected<Error> fail_field(ErrorCode code, std::string pointer, std::string detail) {
    return std::unexpected(field_error(code, std::move(pointer), std::move(detail)));
}

}  // namespace daybook

// A GNU statement expression, so that it reads as a value: `auto entry = TRY(load(id));`.
// Not for coroutines, where `return` is not allowed.
#define TRY(expression) TRY_NAMED_(expression, TRY_JOIN_(try_result_, __COUNTER__))
#define TRY_NAMED_(expression, result) TRY_BODY_(expression, result)
#define TRY_JOIN_(name, number) TRY_JOIN_AGAIN_(name, number)
#define TRY_JOIN_AGAIN_(name, number) name##number
#define TRY_BODY_(expression, result)                                   \
    ({                                                                  \
        auto result = (expression);                                     \
        if (!result) return std::unexpected(std::move(result).error()); \
        std::move(result).value();                                      \
    })
