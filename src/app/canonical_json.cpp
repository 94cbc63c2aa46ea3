// The order of keys; base/json_writer does the rest.
#include "app/canonical_json.h"

#include "base/check.h"

namespace daybook::app {

void CanonicalJson::begin_object() {
    writer_.begin_object();
    last_keys_.emplace_back();
}

void CanonicalJson::end_object() {
    last_keys_.pop_back();
    writer_.end_object();
}

void CanonicalJson::key(std::string_view name) {
    CHECK(!last_keys_.empty() && last_keys_.back() < name);
    last_keys_.back() = name;
    writer_.key(name);
}

}  // namespace daybook::app
