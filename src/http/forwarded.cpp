// From the right of X-Forwarded-For to the first address that is not ours.
#include "http/forwarded.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string_view>

namespace daybook::http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kAddressBytesMax = 45;  // the longest text of an IPv6 address

std::string_view last_address(std::string_view& rest) {
    const std::size_t comma = rest.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    std::string_view address = rest.substr(begin);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
    while (address.starts_with(' ')) address.remove_prefix(1);
    while (address.ends_with(' ')) address.remove_suffix(1);
    return address;
}

bool is_like_address(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
               c == '.' || c == ':';
    };
    const bool is_text = !text.empty() && text.size() <= kAddressBytesMax;
    if (!is_text || !std::ranges::all_of(text, allowed)) return false;
    // A port behind an IPv4 address would make each connection another address.
    const bool has_both = text.find('.') != text.npos && text.find(':') != text.npos;
    return !has_both || text.starts_with("::ffff:") || text.starts_with("::FFFF:");
}

template <class Network, class Address>
bool is_in(const Network& network, const Address& address) {
    const Network around(address, network.prefix_length());
    return around.canonical() == network.canonical();
}

// Whether `named`, an address or a network, is that address or has it.
bool names(std::string_view named, std::string_view text) {
    if (named.find('/') == std::string_view::npos) return named == text;
    boost::system::error_code failed;
    const ip::address address = ip::make_address(text, failed);
    if (failed) return false;
    if (address.is_v6()) {
        const auto network = ip::make_network_v6(named, failed);
        return !failed && is_in(network, address.to_v6());
    }
    const auto network = ip::make_network_v4(named, failed);
    return !failed && is_in(network, address.to_v4());
}

}  // namespace

void believe_proxy(Request& request, const std::vector<std::string>& trusted_proxies) {
    const auto is_trusted = [&](std::string_view address) {
        return std::ranges::any_of(trusted_proxies,
                                   [&](const std::string& named) { return names(named, address); });
    };
    if (request.peer_address.empty() || !is_trusted(request.peer_address)) return;
    request.is_secure = request.header("x-forwarded-proto") == "https";
    // Several lines are one list (RFC 9110, 5.3).
    std::string all;
    for (const Header& each : request.headers) {
        if (each.name == "x-forwarded-for") all += (all.empty() ? "" : ",") + each.value;
    }
    std::string_view rest = all;
    while (!rest.empty()) {
        const std::string_view address = last_address(rest);
        if (!is_like_address(address)) return;
        request.peer_address = address;
        if (!is_trusted(address)) return;
    }
}

}  // namespace daybook::http
