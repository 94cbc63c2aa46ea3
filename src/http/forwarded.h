// What a proxy that is trusted says about the client: its address, and whether it spoke TLS.
//
// Anybody may send X-Forwarded-For; it means something only when the peer of the socket is a proxy
// that was named (--trusted-proxy). Of its addresses the last one counts that is no such proxy:
// what stands before it was written by the client.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace daybook::http {

// Sets peer_address and is_secure of a request from one of the proxies; leaves others alone. A
// proxy is named by its address, or by its network: 10.42.0.0/16.
void believe_proxy(Request& request, const std::vector<std::string>& trusted_proxies);

}  // namespace daybook::http
