// Strong identifiers: 128-bit UUIDs, one type per noun so that they cannot be mixed up.
//
// New ids are UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits, so that they sort
// by time and land at the right edge of an index. Text form: 36 lower-case characters.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace daybook {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
    [[nodiscard]] std::string to_string() const;
    // Accepts exactly the 36-character form, either case; nullopt otherwise.
    static std::optional<Uuid> parse(std::string_view text);
};

template <class Tag>
struct Id {
    Uuid value;

    auto operator<=>(const Id&) const = default;
    [[nodiscard]] std::string to_string() const { return value.to_string(); }
    static std::optional<Id> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }
};

using OrgId = Id<struct OrgTag>;
using PropertyId = Id<struct PropertyTag>;
using EntryId = Id<struct EntryTag>;
using CategoryId = Id<struct CategoryTag>;
using CountId = Id<struct CountTag>;
using AdjustmentId = Id<struct AdjustmentTag>;
using UserId = Id<struct UserTag>;
using TokenId = Id<struct TokenTag>;
using SessionId = Id<struct SessionTag>;
using LinkId = Id<struct LinkTag>;
using EventId = Id<struct EventTag>;
using WebhookId = Id<struct WebhookTag>;
using DeadLetterId = Id<struct DeadLetterTag>;

// An org's event sequence number, dense from 1; 0 means "before the first event".
using Position = std::int64_t;

}  // namespace daybook

template <>
struct std::hash<daybook::Uuid> {
    std::size_t operator()(const daybook::Uuid& uuid) const noexcept {
        // The last eight bytes are random in a UUIDv7.
        std::uint64_t low = 0;
        std::memcpy(&low, uuid.bytes.data() + 8, sizeof low);
        return static_cast<std::size_t>(low);
    }
};

template <class Tag>
struct std::hash<daybook::Id<Tag>> {
    std::size_t operator()(const daybook::Id<Tag>& id) const noexcept {
        return std::hash<daybook::Uuid>{}(id.value);
    }
};
