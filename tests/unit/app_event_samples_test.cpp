// Need: the files in tests/samples/events. Goal: what was ever written to a log can be read for
// ever, and is written to the same bytes; the kept events are one log whose chain holds, and docs
// show them. Seed: each sample's position.
//
// DAYBOOK_ADD_SAMPLES=1 writes the files that are missing. Those that are there are never changed:
// a test that fails here says that old logs would no longer be read, or new ones look different.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/hex.h"
#include "support/event_samples.h"

namespace daybook::test {
namespace {

const std::filesystem::path kDirectory =
    std::filesystem::path(DAYBOOK_SOURCE_DIR) / "tests/samples/events/v1";

// {"event": bytes, "private": object or null}, each on lines of its own, so that the bytes are
// there as they were hashed.
constexpr std::string_view kOpen = "{\"event\":\n";
constexpr std::string_view kMiddle = "\n,\"private\":\n";
constexpr std::string_view kClose = "\n}\n";

struct Kept {
    std::string bytes;
    std::string private_json;
};

std::string text_of(const app::EncodedEvent& event) {
    std::string text(kOpen);
    text += event.bytes;
    text += kMiddle;
    text += event.private_json.empty() ? "null" : event.private_json;
    text += kClose;
    return text;
}

Kept read(const std::filesystem::path& path) {
    std::ostringstream stream;
    stream << std::ifstream(path).rdbuf();
    const std::string text = stream.str();
    const std::size_t middle = text.find(kMiddle);
    EXPECT_TRUE(text.starts_with(kOpen) && text.ends_with(kClose) && middle != std::string::npos)
        << path;
    if (middle == std::string::npos) return {};
    const std::size_t after = middle + kMiddle.size();
    Kept kept{text.substr(kOpen.size(), middle - kOpen.size()),
              text.substr(after, text.size() - kClose.size() - after)};
    if (kept.private_json == "null") kept.private_json.clear();
    return kept;
}

std::map<std::string, Kept> kept_samples() {
    std::map<std::string, Kept> samples;
    for (const auto& file : std::filesystem::directory_iterator(kDirectory)) {
        samples.emplace(file.path().stem().string(), read(file.path()));
    }
    return samples;
}

TEST(EventSamples, ThereIsOneOfEveryType) {
    if (std::getenv("DAYBOOK_ADD_SAMPLES") != nullptr) {
        for (const EventSample& sample : event_samples()) {
            const auto path = kDirectory / (sample.name + ".json");
            if (!std::filesystem::exists(path))
                std::ofstream(path) << text_of(encode_sample(sample.event));
        }
    }
    std::set<std::string> names;
    for (const EventSample& sample : event_samples()) names.insert(sample.name);
    std::set<std::string> files;
    for (const auto& [name, kept] : kept_samples()) files.insert(name);
    EXPECT_EQ(files, names);
    std::set<std::string> types;
    for (const std::string& name : files) types.insert(name.substr(0, name.find('.')));
    for (const domain::EventType type : domain::all_event_types())
        EXPECT_TRUE(types.contains(std::string(domain::event_type_name(type))))
            << domain::event_type_name(type);
}

TEST(EventSamples, ReadAsTheyWereMeantAndWriteAsTheyAre) {
    const auto kept = kept_samples();
    for (const EventSample& sample : event_samples()) {
        const auto found = kept.find(sample.name);
        ASSERT_NE(found, kept.end()) << sample.name;
        const auto decoded = app::decode(found->second.bytes, found->second.private_json);
        ASSERT_TRUE(decoded.has_value()) << sample.name << ": " << decoded.error().detail;
        EXPECT_EQ(*decoded, sample.event) << sample.name;
        EXPECT_TRUE(app::check_private(found->second.bytes, found->second.private_json));
        const app::EncodedEvent again = encode_sample(*decoded);
        EXPECT_EQ(again.bytes, found->second.bytes) << sample.name;
        EXPECT_EQ(again.private_json, found->second.private_json) << sample.name;
    }
}

// The head that docs/events/README.md names, for whoever tries its verifiers on these files.
TEST(EventSamples, AreAChain) {
    std::map<Position, std::string> log;
    for (const auto& [name, kept] : kept_samples()) {
        const auto event = app::decode(kept.bytes, {});
        ASSERT_TRUE(event.has_value()) << name;
        log.emplace(event->position, kept.bytes);
    }
    Hash head = app::chain_start(event_samples().front().event.org);
    Position expected = 0;
    for (const auto& [position, bytes] : log) {
        EXPECT_EQ(position, ++expected);
        head = app::chain_hash(head, bytes);
    }
    std::ostringstream readme;
    readme << std::ifstream(DAYBOOK_SOURCE_DIR "/docs/events/README.md").rdbuf();
    EXPECT_NE(readme.str().find(to_hex(head)), std::string::npos) << to_hex(head);
}

// docs/events/types.md has a place for every type, and what it shows are kept samples.
TEST(EventSamples, AreWhatTheirDescriptionShows) {
    std::ostringstream text;
    text << std::ifstream(DAYBOOK_SOURCE_DIR "/docs/events/types.md").rdbuf();
    const std::string page = text.str();
    std::string headings;
    for (std::size_t at = page.find("\n#"); at != std::string::npos;
         at = page.find("\n#", at + 1)) {
        headings += page.substr(at + 1, page.find('\n', at + 1) - at - 1) + ",\n";
    }
    for (const domain::EventType type : domain::all_event_types()) {
        const std::string name(domain::event_type_name(type));
        EXPECT_NE(headings.find(" " + name + ","), std::string::npos) << name;
    }
    std::vector<boost::json::value> samples;
    for (const auto& [name, kept] : kept_samples()) {
        samples.push_back(boost::json::parse(kept.bytes).at("metadata"));
    }
    constexpr std::string_view kBegin = "```json\n";
    std::size_t shown = 0;
    for (std::size_t at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at)) {
        at += kBegin.size();
        const std::string block = page.substr(at, page.find("```", at) - at);
        EXPECT_NE(std::ranges::find(samples, boost::json::parse(block)), samples.end()) << block;
        ++shown;
    }
    EXPECT_GT(shown, 20U);
}

}  // namespace
}  // namespace daybook::test
