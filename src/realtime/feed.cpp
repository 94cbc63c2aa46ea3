// Copies of what was committed.
#include "realtime/feed.h"

#include <utility>

#include "base/check.h"
#include "domain/events.h"

namespace daybook::realtime {

void Feed::committed(const app::Changes& changes) {
    bool was_empty = false;
    {
        const Lock lock(mutex_);
        if (followers_.empty()) return;
        was_empty = news_.empty();
        for (const app::EventRow& event : changes.events) {
            if (followers_.contains(event.org)) leave(news_[event.org], event);
        }
        // The events of this very commit may be of what it erases.
        for (const app::Changes::Erasure& each : changes.erasures) forget(changes, each.org);
        for (const auto& [org, found] : changes.found) {
            if (!found.skipped) continue;
            forget(changes, org);
            // Among what was left out may be a change of who may see what.
            if (followers_.contains(org)) news_[org].access_changed = true;
        }
        was_empty = was_empty && !news_.empty();
    }
    if (was_empty) wake_();
}

void Feed::forget(const app::Changes& changes, OrgId org) {
    const auto head = changes.heads.find(org);
    if (head == changes.heads.end() || !followers_.contains(org)) return;
    News& news = news_[org];
    news.events.clear();
    news.bytes = 0;
    news.forgotten_up_to = Cursor{head->second.position, mark_of(head->second.hash)};
}

void Feed::leave(News& news, const app::EventRow& event) {
    const std::size_t bytes = event.stored.bytes.size() + event.stored.private_json.size();
    if (news.events.size() >= limits_.frames || news.bytes + bytes > limits_.bytes) {
        news.events.clear();
        news.bytes = 0;
    }
    news.events.push_back(event);
    news.bytes += bytes;
    // Every change of who may see what has its event, and not everybody may see that one.
    if (domain::audience_of(event.type) != domain::Audience::books) news.access_changed = true;
}

void Feed::follow(OrgId org) {
    const Lock lock(mutex_);
    ++followers_[org];
}

void Feed::unfollow(OrgId org) {
    const Lock lock(mutex_);
    const auto found = followers_.find(org);
    CHECK(found != followers_.end());
    if (--found->second > 0) return;
    followers_.erase(found);
    news_.erase(org);
}

std::map<OrgId, Feed::News> Feed::take() {
    const Lock lock(mutex_);
    return std::exchange(news_, {});
}

}  // namespace daybook::realtime
