// The states of the chunk decoder, one byte at a time except inside data.
#include "http/chunk_decoder.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"

namespace daybook::http {
namespace {

// Eight hexadecimal digits are 4 GiB: far above the limit of a body, and no overflow.
constexpr std::size_t kSizeDigitsMax = 8;

}  // namespace

std::expected<std::size_t, Refusal> ChunkDecoder::feed(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && state_ != State::done) {
        if (state_ != State::data) {
            if (auto stepped = step(bytes[taken]); !stepped) {
                return std::unexpected(std::move(stepped).error());
            }
            ++taken;
            continue;
        }
        if (left_ > limits::kHttpBodyBytesMax || body.size() > limits::kHttpBodyBytesMax - left_) {
            return std::unexpected(refusal(413, ErrorCode::too_large,
                                           "The body is larger than 2 MiB; send it in parts."));
        }
        const std::size_t count = std::min(left_, bytes.size() - taken);
        body.append(bytes.substr(taken, count));
        taken += count;
        left_ -= count;
        if (left_ == 0) state_ = State::data_return;
    }
    return taken;
}

std::expected<void, Refusal> ChunkDecoder::step(char c) {
    switch (state_) {
        case State::size: return size_digit(c);
        case State::size_feed: return expect('\n', c, left_ == 0 ? State::end_return : State::data);
        case State::data_return: return expect('\r', c, State::data_feed);
        case State::data_feed: size_digits_ = 0; return expect('\n', c, State::size);
        case State::end_return: return expect('\r', c, State::end_feed);
        case State::end_feed: return expect('\n', c, State::done);
        case State::data:
        case State::done: break;
    }
    CHECK(false);
    std::unreachable();
}

std::expected<void, Refusal> ChunkDecoder::size_digit(char c) {
    const int digit = hex_digit(c);
    if (digit >= 0 && size_digits_ < kSizeDigitsMax) {
        left_ = left_ * 16 + static_cast<std::size_t>(digit);
        ++size_digits_;
        return {};
    }
    if (c == '\r' && size_digits_ > 0) {
        state_ = State::size_feed;
        return {};
    }
    return std::unexpected(
        malformed("A chunk must begin with its size alone; extensions are refused."));
}

std::expected<void, Refusal> ChunkDecoder::expect(char wanted, char got, State next) {
    if (got != wanted) {
        return std::unexpected(
            malformed("A chunk does not end where its size says, or trailers follow (refused)."));
    }
    state_ = next;
    return {};
}

}  // namespace daybook::http
