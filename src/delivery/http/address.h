// Which addresses a webhook may be posted to: those of the public internet.
//
// Why: whoever may add a webhook must not reach what the server can reach and they cannot, such as
// a cloud's metadata service or a database beside it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace daybook::delivery::http {

// False for private, loopback, link-local, shared, reserved and multicast addresses, and for those
// of IPv6 that stand for such ones of IPv4.
bool is_public(const boost::asio::ip::address& address);

// "https://example.net:8443/in?key=1" taken apart; the port is the scheme's where none is given.
struct Url {
    bool is_https = true;
    std::string host;       // without brackets
    std::string authority;  // as it stood, for Host
    std::uint16_t port = 0;
    std::string target;  // "/in?key=1"
};
// Errors: invalid_value.
Result<Url> parse_url(const std::string& text);

}  // namespace daybook::delivery::http
