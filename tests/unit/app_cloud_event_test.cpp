// Need: CPU only. Goal: every event leaves as a CloudEvents 1.0 envelope that carries the stored
// bytes unchanged and every text that they seal, or "erased"; damage is told, never sent.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "app/cloud_event.h"
#include "app/event_text.h"
#include "support/event_samples.h"

namespace daybook::test {
namespace {

domain::StoredEvent stored(const EventSample& sample) {
    app::EncodedEvent encoded = encode_sample(sample.event);
    return {
        sample.event.position, std::move(encoded.bytes), std::move(encoded.private_json), {}, {}};
}

boost::json::object parse(const std::string& text) {
    return boost::json::parse(text).as_object();
}

// It names another property than the event's, which not everybody who reads the event may see.
constexpr std::string_view kNeverShown = "toPropertyId";

// Those that have texts.
std::size_t seals_in(std::string_view bytes) {
    std::size_t count = 0;
    for (auto at = bytes.find(app::kSealPrefix); at != std::string_view::npos;
         at = bytes.find(app::kSealPrefix, at + 1)) {
        ++count;
    }
    return bytes.contains(kNeverShown) ? count - 1 : count;
}

TEST(CloudEvent, EveryTypeHasTheRequiredAttributesAndItsOwnBytes) {
    for (const EventSample& sample : event_samples()) {
        const domain::StoredEvent event = stored(sample);
        const std::string text = app::cloud_event(event).value();
        const auto envelope = parse(text);
        const auto bytes = parse(event.bytes);
        EXPECT_EQ(envelope.at("specversion"), "1.0");
        EXPECT_EQ(envelope.at("id"), bytes.at("eventId"));
        EXPECT_EQ(envelope.at("source").as_string(),
                  "urn:daybook:org:" + std::string(bytes.at("orgId").as_string()));
        EXPECT_EQ(envelope.at("type").as_string(),
                  "daybook." + std::string(bytes.at("eventType").as_string()));
        EXPECT_EQ(envelope.at("time"), bytes.at("timestamp"));
        EXPECT_EQ(envelope.at("datacontenttype"), "application/json");
        EXPECT_NE(text.find("\"data\":{\"event\":" + event.bytes + ",\"text\":{"),
                  std::string::npos)
            << sample.name;
        EXPECT_EQ(text.find('\n'), std::string::npos) << sample.name;
        // A salt opens a seal: it stays here.
        EXPECT_EQ(text.find("\"salt\""), std::string::npos) << sample.name;
    }
}

TEST(CloudEvent, EverySealHasItsText) {
    for (const EventSample& sample : event_samples()) {
        const domain::StoredEvent event = stored(sample);
        const auto envelope = parse(app::cloud_event(event).value());
        const auto& text = envelope.at("data").at("text").as_object();
        EXPECT_EQ(text.size(), seals_in(event.bytes)) << sample.name;
        if (event.private_json.empty()) continue;
        for (const auto& kept : parse(event.private_json)) {
            if (kept.key() == kNeverShown) {
                EXPECT_FALSE(text.contains(kNeverShown)) << sample.name;
                continue;
            }
            EXPECT_EQ(text.at(kept.key()), kept.value().at("value")) << sample.name;
        }
    }
}

TEST(CloudEvent, WhatWasErasedSaysSo) {
    for (const EventSample& sample : event_samples()) {
        domain::StoredEvent event = stored(sample);
        event.private_json.clear();
        const auto envelope = parse(app::cloud_event(event).value());
        const auto& text = envelope.at("data").at("text").as_object();
        EXPECT_EQ(text.size(), seals_in(event.bytes)) << sample.name;
        for (const auto& each : text) EXPECT_EQ(each.value(), "erased") << sample.name;
    }
}

TEST(CloudEvent, WhatOnlyLooksLikeASealIsNoText) {
    domain::StoredEvent event = stored(event_samples().front());
    auto bytes = parse(event.bytes);
    bytes.at("metadata").as_object()["externalId"] =
        std::string(app::kSealPrefix) + std::string(64, 'a');
    event.bytes = boost::json::serialize(bytes);
    const auto envelope = parse(app::cloud_event(event).value());
    EXPECT_FALSE(envelope.at("data").at("text").as_object().contains("externalId"));
}

TEST(CloudEvent, DamageIsToldAndNotSent) {
    domain::StoredEvent event = stored(event_samples().front());
    const std::string whole = event.bytes;
    const std::string texts = event.private_json;
    for (const std::string damaged : {"", "[]", "{\"eventId\":1}"}) {
        event.bytes = damaged;
        EXPECT_EQ(app::cloud_event(event).error().code, ErrorCode::corrupt) << damaged;
    }
    event.bytes = whole;
    for (const std::string damaged : {"{", "[]", "1"}) {
        event.private_json = damaged;
        EXPECT_EQ(app::cloud_event(event).error().code, ErrorCode::corrupt) << damaged;
    }
    event.private_json = texts;
    EXPECT_TRUE(app::cloud_event(event).has_value());
}

}  // namespace
}  // namespace daybook::test
