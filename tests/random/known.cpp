// Looks for members by their names.
#include "random/known.h"

#include <algorithm>

namespace daybook::test {

namespace json = boost::json;

namespace {

// Of a list only the first are looked at.
constexpr std::size_t kItemsMax = 20;
constexpr std::size_t kVersionsMax = 20'000;

const json::string* text_in(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member != nullptr ? member->if_string() : nullptr;
}

// Entries say of which kind they are; everything else is what was asked for.
std::string kind_of(const json::object& object, std::string_view noun) {
    const json::string* kind = text_in(object, "kind");
    if (kind == nullptr) return std::string(noun);
    for (const std::string_view each : {"expense", "revenue", "transfer"}) {
        if (*kind == each) return std::string(each) + "s";
    }
    return std::string(noun);
}

}  // namespace

void Known::add(std::string_view kind, std::string_view value) {
    if (protected_.contains(std::string(value))) return;
    Values& values = values_[std::string(kind)];
    if (std::ranges::find(values.list, value) != values.list.end()) return;
    if (values.list.size() < kValuesMax) {
        values.list.emplace_back(value);
    } else {
        values.list[values.oldest++ % kValuesMax] = value;
    }
}

std::optional<std::string> Known::any(std::string_view kind, Dice& dice) const {
    const auto found = values_.find(kind);
    if (found == values_.end()) return std::nullopt;
    return dice.pick(found->second.list);
}

std::int64_t Known::version(const std::string& of) const {
    const auto found = versions_.find(of);
    return found == versions_.end() ? 1 : found->second;
}

void Known::learn(const Operation& operation, const std::string& path, const json::value& answer) {
    learn_from(operation.noun, answer);
    const json::object* object = answer.if_object();
    if (object == nullptr) return;
    if (const auto* cursor = text_in(*object, "nextCursor")) add("cursor:" + operation.id, *cursor);
    if (const auto* next = text_in(*object, "next")) add("after", *next);
    if (const auto* entry = text_in(*object, "entryId")) {
        add("changes", *entry);
        if (const auto* version = object->if_contains("version")) {
            if (version->is_int64()) versions_[std::string(*entry)] = version->get_int64();
        }
    } else if (const auto* version = object->if_contains("version");
               version != nullptr && version->is_int64() && !object->contains("id")) {
        versions_[path] = version->get_int64();
    }
}

void Known::learn_from(std::string_view noun, const json::value& value) {
    if (const auto* array = value.if_array()) {
        for (std::size_t i = 0; i < std::min(array->size(), kItemsMax); ++i) {
            learn_from(noun, array->at(i));
        }
    } else if (const auto* object = value.if_object()) {
        learn_object(noun, *object);
    }
}

void Known::learn_object(std::string_view noun, const json::object& object) {
    if (const auto* id = text_in(object, "id")) {
        add(kind_of(object, noun), *id);
        const auto* version = object.if_contains("version");
        if (version != nullptr && version->is_int64()) {
            if (versions_.size() >= kVersionsMax) versions_.clear();
            versions_[std::string(*id)] = version->get_int64();
        }
    }
    const auto* key = text_in(object, "key");
    const auto* kind = text_in(object, "kind");
    if (noun == "categories" && key != nullptr && kind != nullptr) add(*kind, *key);
    if (const auto* name = text_in(object, "subscription")) add("subscription", *name);
    for (const auto& [name, member] : object) {
        if (!member.is_structured()) continue;
        const bool is_user = name == "user" || name == "people";
        learn_from(is_user ? "users" : noun, member);
    }
}

}  // namespace daybook::test
