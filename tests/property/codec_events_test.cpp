// Need: nothing. Goal: every event reads back as it was, from bytes that are canonical (RFC 8785),
// with and without its texts; nothing that was altered passes, and no garbage hurts.
// Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

// Only after GoogleTest.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <string>

#include "app/event_codec.h"
#include "support/any_event.h"
#include "support/event_samples.h"

namespace daybook::test {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
    return json::serialize(value);
}

// RFC 8785 written out again: members by name, no spaces. The keys are ASCII, so bytes sort as the
// RFC's UTF-16 code units do.
std::string canonical(const json::value& value) {
    std::string out;
    if (const auto* object = value.if_object()) {
        std::map<std::string, const json::value*> members;
        for (const auto& member : *object) members.emplace(member.key(), &member.value());
        for (const auto& [key, member] : members) {
            out += (out.empty() ? "" : ",") + text_of(json::value(key)) + ":" + canonical(*member);
        }
        return "{" + out + "}";
    }
    if (const auto* array = value.if_array()) {
        for (const json::value& each : *array) out += (out.empty() ? "" : ",") + canonical(each);
        return "[" + out + "]";
    }
    return text_of(value);
}

app::EncodedEvent encoded(const domain::RecordedEvent& event) {
    SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    return app::encode(event, random);
}

RC_GTEST_PROP(Codec, ReadsBackWhatItWrote, ()) {
    const domain::RecordedEvent event = any_event();
    const app::EncodedEvent made = encoded(event);
    const auto decoded = app::decode(made.bytes, made.private_json);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == event);
    RC_ASSERT(app::check_private(made.bytes, made.private_json).has_value());
}

RC_GTEST_PROP(Codec, WithoutThePrivatePartTextsAreErased, ()) {
    const domain::RecordedEvent event = any_event();
    const app::EncodedEvent made = encoded(event);
    const auto decoded = app::decode(made.bytes, {});
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == erased(event));
    RC_ASSERT(app::check_private(made.bytes, {}).has_value());
    // And what was erased is written and read as such.
    const app::EncodedEvent again = encoded(*decoded);
    RC_ASSERT(again.private_json.empty());
    RC_ASSERT(app::decode(again.bytes, {}).value() == *decoded);
}

RC_GTEST_PROP(Codec, WritesCanonicalJson, ()) {
    const app::EncodedEvent made = encoded(any_event());
    RC_ASSERT(canonical(json::parse(made.bytes)) == made.bytes);
    if (!made.private_json.empty()) RC_ASSERT(json::parse(made.private_json).is_object());
}

RC_GTEST_PROP(Codec, KeepsNoTextInTheBytes, ()) {
    domain::RecordedEvent event = any_event();
    const std::string secret = "Q7-guest-name";
    event.address = domain::Text{secret, false};
    if (auto* change = std::get_if<domain::EntryChanged>(&event.event.payload)) {
        change->texts = {true, true, true};
        for (domain::Text* text : {&change->content.party, &change->content.description,
                                   &change->content.reference, &change->reason})
            *text = domain::Text{secret, false};
        if (change->before) change->before->party = domain::Text{secret, false};
    }
    if (auto* changed = std::get_if<domain::TokenChanged>(&event.event.payload))
        changed->after.name = secret;
    const app::EncodedEvent made = encoded(event);
    RC_ASSERT(made.bytes.find(secret) == std::string::npos);
    RC_ASSERT(made.private_json.find(secret) != std::string::npos);
    // Equal texts have different seals: nobody can see that they are equal.
    const app::EncodedEvent again = encoded(event);
    RC_PRE(made.private_json != again.private_json);
    RC_ASSERT(made.bytes != again.bytes);
}

// Changes one member of one text of the private part.
RC_GTEST_PROP(Codec, AnAlteredTextIsFound, ()) {
    domain::RecordedEvent event = any_event();
    event.address = domain::Text{"192.0.2.1", false};
    const app::EncodedEvent made = encoded(event);
    json::value kept = json::parse(made.private_json);
    json::object& texts = kept.get_object();
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(texts.size())));
    const std::string path(texts.begin()[static_cast<std::ptrdiff_t>(at)].key());
    json::object& text = texts[path].get_object();
    const std::string salt(text["salt"].get_string());
    const std::string value(text["value"].get_string());
    switch (*rc::gen::inRange(0, 5)) {
        case 0: text["value"] = value + "x"; break;
        case 1: text["salt"] = (salt[0] == '0' ? "1" : "0") + salt.substr(1); break;
        case 2: text.erase("salt"); break;
        case 3: text["value"] = nullptr; break;
        // A text that the event does not have.
        default: texts["before.price"] = text;
    }
    const auto found = app::check_private(made.bytes, json::serialize(kept));
    RC_ASSERT(!found.has_value());
    RC_ASSERT(found.error().code == ErrorCode::corrupt);
}

RC_GTEST_PROP(Codec, EveryByteIsUnderTheHash, ()) {
    const app::EncodedEvent made = encoded(any_event());
    const Hash before = app::chain_start(OrgId{});
    const Hash hash = app::chain_hash(before, made.bytes);
    std::string altered = made.bytes;
    const auto at =
        static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(altered.size())));
    altered[at] = static_cast<char>(altered[at] ^ (1 << *rc::gen::inRange(0, 8)));
    RC_ASSERT(app::chain_hash(before, altered) != hash);
    RC_ASSERT(app::chain_hash(hash, made.bytes) != hash);
}

// Anything may come out of a file that broke; it is refused, or it is an event.
RC_GTEST_PROP(Codec, GarbageIsRefusedWithoutHarm, ()) {
    const app::EncodedEvent made = encoded(any_event());
    std::string bytes = made.bytes;
    std::string kept = made.private_json;
    for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
        std::string& text = *rc::gen::inRange(0, 4) == 0 ? kept : bytes;
        const auto at =
            static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(text.size()) + 1));
        switch (*rc::gen::inRange(0, 4)) {
            case 0: text.resize(at); break;
            case 1: text.insert(at, 1, *rc::gen::arbitrary<char>()); break;
            case 2: text.erase(at, 5); break;
            default:
                if (at < text.size())
                    text[at] = *rc::gen::elementOf(std::string("0-\"{}[],:z\xFF"));
        }
    }
    const auto decoded = app::decode(bytes, kept);
    if (!decoded) {
        RC_ASSERT(decoded.error().code == ErrorCode::corrupt ||
                  decoded.error().code == ErrorCode::newer_schema);
    }
    (void)app::check_private(bytes, kept);
}

// Members of one event in another: they parse, and are of the wrong shape.
RC_GTEST_PROP(Codec, MembersOfOtherShapesAreRefusedWithoutHarm, ()) {
    json::value one = json::parse(encoded(any_event()).bytes);
    const json::value other = json::parse(encoded(any_event()).bytes);
    json::object& target =
        *rc::gen::inRange(0, 3) == 0 ? one.get_object() : one.get_object()["metadata"].get_object();
    const auto at =
        *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(target.size()));
    json::value& member = target.begin()[at].value();
    const auto& source = other.get_object();
    switch (*rc::gen::inRange(0, 4)) {
        case 0: member = nullptr; break;
        case 1: member = source.at("metadata"); break;
        case 2: member = source.at("eventType"); break;
        default: member = source.at("position");
    }
    const auto decoded = app::decode(json::serialize(one), {});
    if (decoded) return;
    RC_ASSERT(decoded.error().code == ErrorCode::corrupt ||
              decoded.error().code == ErrorCode::newer_schema);
}

}  // namespace
}  // namespace daybook::test
