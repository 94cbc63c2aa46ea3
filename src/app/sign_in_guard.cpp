// The ring of failures, and what of it lies within the window.
#include "app/sign_in_guard.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "app/half_hash.h"

namespace daybook::app {
namespace {

// What one holder has of the addresses.
std::string holder_of(std::string_view address) {
    std::string text(address);
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        return inet_ntop(AF_INET, &six.s6_addr[12], written.data(), written.size());
    }
    std::fill(std::begin(six.s6_addr) + 8, std::end(six.s6_addr), std::uint8_t{0});
    return std::string(inet_ntop(AF_INET6, &six, written.data(), written.size())) + "/64";
}

// How long until fewer than `most` lie within the window; 0 if that is so now.
std::int64_t wait_ms(const std::multiset<Instant>& instants, std::size_t most, Instant now) {
    const Instant begin{now.ms - limits::kFailedSignInWindowMs};
    const auto first = instants.upper_bound(begin);
    const auto count = static_cast<std::size_t>(std::distance(first, instants.end()));
    if (count < most) return 0;
    const Instant leaves = *std::next(first, static_cast<std::ptrdiff_t>(count - most));
    return leaves.ms + limits::kFailedSignInWindowMs - now.ms;
}

template <class Key>
std::int64_t wait_ms_of(const std::map<Key, std::multiset<Instant>>& all, const Key& key,
                        std::size_t most, Instant now) {
    const auto found = all.find(key);
    return found == all.end() ? 0 : wait_ms(found->second, most, now);
}

template <class Key>
void drop(std::map<Key, std::multiset<Instant>>& all, const Key& key, Instant at) {
    const auto found = all.find(key);
    if (found == all.end()) return;
    const auto one = found->second.find(at);
    if (one != found->second.end()) found->second.erase(one);
    if (found->second.empty()) all.erase(found);
}

}  // namespace

void SignInGuard::load(const std::vector<std::pair<Slot, FailedSignIn>>& kept) {
    const Lock lock(mutex_);
    Instant newest{};
    for (const auto& [slot, failed] : kept) {
        keep(slot, failed);
        if (failed.at < newest) continue;
        newest = failed.at;
        next_ = slot + 1;
    }
}

Result<SignInGuard::Slot> SignInGuard::begin(std::string_view account, std::string_view address,
                                             Instant now) {
    const FailedSignIn attempt{email_hash(account), holder_of(address), now};
    const Lock lock(mutex_);
    const std::int64_t wait =
        std::max({wait_ms_of(by_both_, {attempt.account, attempt.address},
                             limits::kFailedSignInsPerAccount, now),
                  wait_ms_of(by_account_, attempt.account, kFailedSignInsFromAnywhere, now),
                  wait_ms_of(by_address_, attempt.address, limits::kFailedSignInsPerAddress, now)});
    if (wait > 0) {
        Error refused = error(ErrorCode::rate_limited,
                              "Too many sign-ins failed. Wait, or ask an admin for a reset link.");
        refused.facts.emplace_back("retryAfterSeconds", std::to_string((wait + 999) / 1'000));
        return fail(std::move(refused));
    }
    const Slot slot = next_ % static_cast<Slot>(limits::kFailedSignInsKept);
    next_ = slot + 1;
    forget(slot);
    keep(slot, attempt);
    return slot;
}

void SignInGuard::forgive(Slot slot) {
    const Lock lock(mutex_);
    forget(slot);
}

FailedSignIn SignInGuard::failure(Slot slot) const {
    const Lock lock(mutex_);
    const auto found = failures_.find(slot);
    return found == failures_.end() ? FailedSignIn{} : found->second;
}

void SignInGuard::keep(Slot slot, const FailedSignIn& failed) {
    failures_.insert_or_assign(slot, failed);
    by_account_[failed.account].insert(failed.at);
    by_address_[failed.address].insert(failed.at);
    by_both_[{failed.account, failed.address}].insert(failed.at);
}

void SignInGuard::forget(Slot slot) {
    const auto found = failures_.find(slot);
    if (found == failures_.end()) return;
    const FailedSignIn& failed = found->second;
    drop(by_account_, failed.account, failed.at);
    drop(by_address_, failed.address, failed.at);
    drop(by_both_, {failed.account, failed.address}, failed.at);
    failures_.erase(found);
}

}  // namespace daybook::app
