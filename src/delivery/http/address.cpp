// The special-purpose registries of IANA (RFC 6890), as far as they are not for the whole internet.
#include "delivery/http/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "domain/webhook.h"

namespace daybook::delivery::http {
namespace {

namespace ip = boost::asio::ip;

struct Block {
    std::uint32_t network;
    int bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24U | b << 16U | c << 8U | d;
}

constexpr std::array kSpecial{
    Block{v4(0, 0, 0, 0), 8},        // this network
    Block{v4(10, 0, 0, 0), 8},       // private
    Block{v4(100, 64, 0, 0), 10},    // shared by providers
    Block{v4(127, 0, 0, 0), 8},      // loopback
    Block{v4(169, 254, 0, 0), 16},   // link-local
    Block{v4(172, 16, 0, 0), 12},    // private
    Block{v4(192, 0, 0, 0), 24},     // protocol assignments
    Block{v4(192, 0, 2, 0), 24},     // documentation
    Block{v4(192, 88, 99, 0), 24},   // 6to4 relays
    Block{v4(192, 168, 0, 0), 16},   // private
    Block{v4(198, 18, 0, 0), 15},    // benchmarks
    Block{v4(198, 51, 100, 0), 24},  // documentation
    Block{v4(203, 0, 113, 0), 24},   // documentation
    Block{v4(224, 0, 0, 0), 4},      // multicast
    Block{v4(240, 0, 0, 0), 4},      // reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
    return std::ranges::none_of(kSpecial, [address](const Block& block) {
        return (address ^ block.network) >> static_cast<unsigned>(32 - block.bits) == 0;
    });
}

std::uint32_t v4_at(const ip::address_v6::bytes_type& bytes, std::size_t first) {
    return v4(bytes.at(first), bytes.at(first + 1), bytes.at(first + 2), bytes.at(first + 3));
}

// Of IPv6 only 2000::/3 is given out; within it some stand for addresses of IPv4.
bool is_public_v6(const ip::address_v6::bytes_type& bytes) {
    const auto begins = [&bytes](std::initializer_list<std::uint8_t> front) {
        return std::equal(front.begin(), front.end(), bytes.begin());
    };
    if (begins({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public_v4(v4_at(bytes, 12));
    if (begins({0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))
        return is_public_v4(v4_at(bytes, 12));
    if (begins({0x20, 0x02})) return is_public_v4(v4_at(bytes, 2));  // 6to4
    const bool is_special = begins({0x20, 0x01, 0, 0}) ||            // Teredo
                            begins({0x20, 0x01, 0x0D, 0xB8}) ||      // documentation
                            begins({0x3F, 0xFF, 0});                 // documentation
    return bytes[0] >> 5U == 1 && !is_special;
}

}  // namespace

bool is_public(const ip::address& address) {
    return address.is_v4() ? is_public_v4(address.to_v4().to_uint())
                           : is_public_v6(address.to_v6().to_bytes());
}

Result<Url> parse_url(const std::string& text) {
    TRY(domain::check_webhook_url(text));
    Url url;
    url.is_https = text.starts_with("https://");
    const std::string_view rest = std::string_view(text).substr(url.is_https ? 8 : 7);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    url.authority = rest.substr(0, end);
    url.target = rest.substr(end);
    if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
    constexpr std::uint16_t kHttps = 443;
    constexpr std::uint16_t kHttp = 80;
    url.port = url.is_https ? kHttps : kHttp;
    url.host = url.authority;
    const std::size_t bracket = url.host.starts_with('[') ? url.host.find(']') : 0;
    const std::size_t colon = url.host.find(':', bracket);
    if (colon != std::string::npos) {
        const std::string port = url.host.substr(colon + 1);
        std::from_chars(port.data(), port.data() + port.size(), url.port);
        url.host.resize(colon);
    }
    if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
    return url;
}

}  // namespace daybook::delivery::http
