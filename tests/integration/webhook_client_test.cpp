// Need: sockets on this machine. Goal: webhooks reach public addresses only unless that is allowed,
// end in time, follow no redirect, and trust no certificate that nobody vouches for. Seed: none.
#include <gtest/gtest.h>

#include "delivery/http/address.h"
#include "delivery/http/client.h"
#include "support/process.h"
#include "support/webhook_receiver.h"

namespace daybook::test {
namespace {

using delivery::WebhookRequest;
using delivery::http::Client;
using delivery::http::Reach;

constexpr std::int64_t kShortMs = 200;

TEST(Addresses, OfThePublicInternetOnly) {
    for (const char* text :
         {"93.184.216.34", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.169.0.1",
          "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808", "::ffff:8.8.8.8"}) {
        EXPECT_TRUE(delivery::http::is_public(boost::asio::ip::make_address(text))) << text;
    }
    for (
        const char* text :
        {"0.0.0.0",     "10.1.2.3",         "127.0.0.1",       "127.9.9.9",       "169.254.169.254",
         "172.16.0.1",  "172.31.255.255",   "192.168.1.1",     "100.64.0.1",      "192.0.0.8",
         "198.18.0.1",  "224.0.0.1",        "255.255.255.255", "203.0.113.5",     "::",
         "::1",         "fe80::1",          "fc00::1",         "fd12::1",         "ff02::1",
         "fec0::1",     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
         "2001:db8::1", "2001::1",          "::127.0.0.1"}) {
        EXPECT_FALSE(delivery::http::is_public(boost::asio::ip::make_address(text))) << text;
    }
}

TEST(Urls, AreTakenApart) {
    const auto url = delivery::http::parse_url("https://example.net:8443/in?key=1").value();
    EXPECT_TRUE(url.is_https);
    EXPECT_EQ(url.host, "example.net");
    EXPECT_EQ(url.authority, "example.net:8443");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.target, "/in?key=1");
    const auto short_one = delivery::http::parse_url("http://[2a00::1]?key").value();
    EXPECT_EQ(short_one.host, "2a00::1");
    EXPECT_EQ(short_one.authority, "[2a00::1]");
    EXPECT_EQ(short_one.port, 80);
    EXPECT_EQ(short_one.target, "/?key");
    EXPECT_FALSE(delivery::http::parse_url("https://").has_value());
}

TEST(WebhookClient, PostsAndReadsTheStatus) {
    WebhookReceiver receiver(204);
    Client client(Reach::also_private);
    const WebhookRequest request{receiver.url(), {{"webhook-id", "1"}}, "{\"a\":1}"};
    EXPECT_EQ(client.post(request).value(), 204);
    const Received received = receiver.wait_for(1).at(0);
    EXPECT_EQ(received.line, "POST /in HTTP/1.1");
    EXPECT_EQ(received.body, "{\"a\":1}");
    EXPECT_EQ(received.headers.at("host"), "127.0.0.1:" + std::to_string(receiver.port()));
    EXPECT_EQ(received.headers.at("webhook-id"), "1");
    EXPECT_EQ(received.headers.at("content-type"), "application/cloudevents+json; charset=utf-8");
}

TEST(WebhookClient, RefusesThisMachineUnlessItIsAllowed) {
    WebhookReceiver receiver(204);
    Client client(Reach::public_only);
    for (const std::string& host : {std::string("127.0.0.1"), std::string("localhost")}) {
        const auto answer = client.post(
            {"http://" + host + ":" + std::to_string(receiver.port()) + "/in", {}, "{}"});
        ASSERT_FALSE(answer.has_value()) << host;
        EXPECT_EQ(answer.error().code, ErrorCode::address_refused);
    }
}

TEST(WebhookClient, FollowsNoRedirectAndPassesOverInterimAnswers) {
    WebhookReceiver elsewhere(200);
    WebhookReceiver receiver([&](const Received&) {
        return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() +
               "\r\nContent-Length: 0\r\n\r\n";
    });
    Client client(Reach::also_private);
    EXPECT_EQ(client.post({receiver.url(), {}, "{}"}).value(), 302);
}

TEST(WebhookClient, EndsInTime) {
    WebhookReceiver receiver([](const Received&) { return std::optional<std::string>(); });
    Client client(Reach::also_private, kShortMs);
    const auto answer = client.post({receiver.url(), {}, "{}"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::busy);
}

TEST(WebhookClient, SaysWhatWentWrong) {
    Client client(Reach::also_private, kShortMs);
    std::uint16_t nobody = 0;
    {
        const WebhookReceiver receiver(200);
        nobody = receiver.port();
    }
    const auto refused =
        client.post({"http://127.0.0.1:" + std::to_string(nobody) + "/", {}, "{}"});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::io_failed);
    EXPECT_NE(refused.error().detail.find("No connection"), std::string::npos);

    WebhookReceiver nonsense([](const Received&) { return std::string("SSH-2.0-x\r\n\r\n"); });
    EXPECT_EQ(client.post({nonsense.url(), {}, "{}"}).error().detail,
              "The answer is not HTTP/1.1.");
    WebhookReceiver endless([](const Received&) {
        return "HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n";
    });
    EXPECT_FALSE(client.post({endless.url(), {}, "{}"}).has_value());
    // A server that speaks no TLS is no TLS server.
    WebhookReceiver plain(200);
    EXPECT_FALSE(
        client.post({"https://127.0.0.1:" + std::to_string(plain.port()) + "/in", {}, "{}"})
            .has_value());
}

}  // namespace
}  // namespace daybook::test
