// Need: nothing. Goal: what checks events without decoding them says yes to every event that is
// right, and to none whose texts were changed, exchanged or renamed. Seed: none, all samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <vector>

#include "app/event_codec.h"
#include "support/event_samples.h"

namespace daybook::test {
namespace {

namespace json = boost::json;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

// Everything that could have been done to a private part, but for erasing it.
std::vector<std::string> forgeries_of(const std::string& private_json) {
    const json::object kept = json::parse(private_json).as_object();
    std::vector<std::string> forgeries;
    const auto keep = [&](const json::object& forged) {
        forgeries.push_back(json::serialize(forged));
    };
    for (const auto& [name, text] : kept) {
        json::object other = kept;
        other[name].as_object()["value"] = text.at("value").as_string().c_str() + std::string("!");
        keep(other);
        other = kept;
        auto& salt = other[name].as_object()["salt"].as_string();
        salt[0] = salt[0] == '0' ? '1' : '0';
        keep(other);
        other = kept;
        other[name].as_object()["salt"].as_string().resize(30);
        keep(other);
        other = kept;
        other.erase(name);
        other["other"] = text;
        keep(other);
        for (const auto& [second, text_of_second] : kept) {
            if (second == name) continue;
            other = kept;
            other[name] = text_of_second;
            other[second] = text;
            keep(other);
        }
    }
    forgeries.push_back(private_json + " ");
    forgeries.back().insert(1, "\"x\":1,");
    return forgeries;
}

TEST(EventCheck, SaysYesToTextsAsTheyWereSealed) {
    std::size_t with_texts = 0;
    for (const EventSample& sample : event_samples()) {
        const app::EncodedEvent event = encode_sample(sample.event);
        EXPECT_TRUE(app::check_private(event.bytes, event.private_json)) << sample.name;
        EXPECT_TRUE(app::check_private(event.bytes, "")) << sample.name;
        if (!event.private_json.empty()) ++with_texts;
    }
    EXPECT_GT(with_texts, 10U);
}

TEST(EventCheck, SaysNoToTextsThatWereTouched) {
    std::size_t exchanged = 0;
    for (const EventSample& sample : event_samples()) {
        const app::EncodedEvent event = encode_sample(sample.event);
        if (event.private_json.empty()) continue;
        if (event.private_json.contains("before.")) ++exchanged;
        for (const std::string& forged : forgeries_of(event.private_json))
            EXPECT_FALSE(app::check_private(event.bytes, forged)) << sample.name << forged;
    }
    EXPECT_GT(exchanged, 0U);
}

// A text of the entry itself must not do where that of `before` stands, nor the other way round.
TEST(EventCheck, TellsATextFromTheOneBeforeIt) {
    const auto samples = event_samples();
    const auto updated = std::ranges::find_if(samples, [](const EventSample& each) {
        return encode_sample(each.event).private_json.contains("\"before.description\"");
    });
    ASSERT_NE(updated, samples.end());
    const app::EncodedEvent event = encode_sample(updated->event);
    const json::object kept = json::parse(event.private_json).as_object();
    const json::object moved{{"description", kept.at("before.description")}};
    EXPECT_FALSE(app::check_private(event.bytes, json::serialize(moved)));
}

TEST(EventCheck, KnowsAnEventAtAGlance) {
    for (const EventSample& sample : event_samples()) {
        const std::string bytes = encode_sample(sample.event).bytes;
        const OrgId org = sample.event.org;
        const Position position = sample.event.position;
        EXPECT_EQ(app::glance_at(bytes, org, position), sample.event.event.type) << sample.name;
        EXPECT_EQ(app::glance_at(bytes, org, position + 1), std::nullopt);
        EXPECT_EQ(app::glance_at(bytes, OrgId{}, position), std::nullopt);
        const std::string newer =
            replaced(bytes, R"("eventVersion":"v1")", R"("eventVersion":"v2")");
        EXPECT_EQ(app::glance_at(newer, org, position), std::nullopt);
        const std::string other = replaced(bytes, R"("eventType":")", R"("eventType":"new_)");
        EXPECT_EQ(app::glance_at(other, org, position), std::nullopt);
        EXPECT_EQ(app::glance_at(bytes.substr(0, bytes.size() / 2), org, position), std::nullopt);
    }
}

}  // namespace
}  // namespace daybook::test
