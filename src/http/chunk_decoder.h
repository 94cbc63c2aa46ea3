// A chunked request body (RFC 9112, 7.1), decoded strictly: no extensions, no trailers.
//
// Why strict: nobody who talks to us sends either, and both have been used to hide a second
// request. A pure function over bytes, resumable at every byte, fuzzed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "http/refusal.h"

namespace daybook::http {

class ChunkDecoder {
 public:
    // Takes bytes from the front of `bytes`, appends the data to `body`, and returns how many it
    // took: all of them, unless the body ended before. Refusals: 400 malformed; 413 once `body`
    // would exceed the limit. After a refusal or the end it must not be called again.
    std::expected<std::size_t, Refusal> feed(std::string_view bytes, std::string& body);
    [[nodiscard]] bool is_done() const { return state_ == State::done; }

 private:
    enum class State : std::uint8_t {
        size,
        size_feed,
        data,
        data_return,
        data_feed,
        end_return,
        end_feed,
        done
    };

    // One byte of anything but data.
    std::expected<void, Refusal> step(char c);
    std::expected<void, Refusal> size_digit(char c);
    std::expected<void, Refusal> expect(char wanted, char got, State next);

    State state_ = State::size;
    std::size_t size_digits_ = 0;
    std::size_t left_ = 0;  // bytes of the current chunk that are still to come
};

}  // namespace daybook::http
