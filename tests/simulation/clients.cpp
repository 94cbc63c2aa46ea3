// A second try has another entry id, as over HTTP, and the same key.
#include "simulation/clients.h"

#include <algorithm>
#include <map>

#include "simulation/broken.h"
#include "support/contents.h"
#include "support/sample_books.h"

namespace daybook::simulation {
namespace {

bool is_unknown(const Error& error) {
    switch (error.code) {
        case ErrorCode::commit_unknown:
        case ErrorCode::read_only:
        case ErrorCode::draining:
        case ErrorCode::io_failed:
        case ErrorCode::disk_full:
        case ErrorCode::busy:
        case ErrorCode::corrupt:
        case ErrorCode::queue_full: return true;
        default: return false;
    }
}

app::Hash16 hash16(std::string_view text) {
    const Hash hash = sha256({as_bytes(text)});
    app::Hash16 half{};
    std::copy_n(hash.begin(), half.size(), half.begin());
    return half;
}

}  // namespace

void Clients::add(Safety safety, int days_back) {
    Wish wish;
    wish.name = "wish-" + std::to_string(wishes_.size());
    wish.safety = safety;
    wish.days_back = days_back;
    wish.first_sent = clock_.now();
    wishes_.push_back(std::move(wish));
    send(wishes_.size() - 1);
}

void Clients::send(std::size_t index) {
    Wish& wish = wishes_[index];
    domain::AddEntry entry;
    entry.id = new_id<EntryId>(clock_.now(), random_);
    entry.property = property_;
    entry.content.amount = {100, test::currency("EUR")};
    entry.content.key = "supplies";
    entry.business_date = test::day(test::kTestToday).plus(-wish.days_back);
    entry.content.description.value = wish.name;
    if (wish.safety == Safety::external_id) entry.content.external_id = wish.name;
    app::Command command = org_.command(test::single(std::move(entry)));
    if (wish.safety == Safety::key) command.idempotency = {{hash16(wish.name), hash16("body")}};
    const auto outcome = test::run(org_.store(), std::move(command));
    const Error* error = outcome ? nullptr : &outcome.error();
    if (outcome && !outcome->items.at(0).result) error = &outcome->items.at(0).result.error();
    if (error == nullptr || error->code == ErrorCode::duplicate) {
        wish.state = Wish::State::there;
    } else if (is_unknown(*error)) {
        wish.was_unknown = true;
        wish.state = Wish::State::unknown;
    } else {
        wish.state = Wish::State::refused;
    }
}

void Clients::try_again(std::size_t which) {
    for (std::size_t i = 0; i < wishes_.size(); ++i) {
        const std::size_t index = (which + i) % wishes_.size();
        const Wish& wish = wishes_[index];
        if (may_try_again(wish)) return send(index);
    }
}

bool Clients::may_try_again(const Wish& wish) const {
    constexpr std::int64_t kKeptMs = std::int64_t{72} * 3'600'000;
    if (wish.state != Wish::State::unknown || wish.safety == Safety::none) return false;
    return wish.safety != Safety::key || clock_.now().ms - wish.first_sent.ms < kKeptMs;
}

void Clients::settle() {
    for (std::size_t i = 0; i < wishes_.size(); ++i) {
        if (may_try_again(wishes_[i])) send(i);
    }
}

void Clients::check() {
    std::map<std::string, int> counts;
    app::EntryFilter filter;
    filter.properties = {property_};
    for (const domain::Entry& each : test::all_entries(*org_.snapshot(), filter)) {
        ++counts[each.content.description.value];
    }
    for (const Wish& wish : wishes_) {
        const int count = counts[wish.name];
        if (wish.state == Wish::State::there) {
            require(count >= 1, "I3: " + wish.name + " was acknowledged and is not there");
        }
        const bool may_be_there = wish.state != Wish::State::refused || wish.was_unknown;
        require(may_be_there || count == 0, "I1: " + wish.name + " was refused and is there");
        require(count <= 1, "I1: " + wish.name + " is there " + std::to_string(count) + " times");
    }
}

}  // namespace daybook::simulation
