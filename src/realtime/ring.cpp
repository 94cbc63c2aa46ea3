// Appending in dense order; forgetting the oldest.
#include "realtime/ring.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace daybook::realtime {

Ring::Appended Ring::append(Entry entry, const Mark& prev) {
    const Cursor before{entry.cursor.position - 1, prev};
    const auto known = head();
    Appended result = Appended::next;
    if (known && entry.cursor.position <= known->position) {
        if (is_known(entry.cursor)) return Appended::known;
        result = Appended::another;
    } else if (known && before.position > known->position) {
        result = Appended::gap;
    } else if (known && before != *known) {
        result = Appended::another;
    }
    if (!known || result != Appended::next) start(before);
    bytes_ += entry.frame->size();
    entries_.push_back(std::move(entry));
    return result;
}

// Of a position at or before head(). What is older than the ring cannot be compared any more.
bool Ring::is_known(const Cursor& cursor) const {
    if (cursor.position < base_->position) return true;
    if (cursor.position == base_->position) return cursor == *base_;
    return entries_[index_after(cursor.position - 1)].cursor == cursor;
}

void Ring::start(const Cursor& base) {
    base_ = base;
    entries_.clear();
    bytes_ = 0;
}

std::optional<Cursor> Ring::head() const {
    return entries_.empty() ? base_ : entries_.back().cursor;
}

std::size_t Ring::index_after(Position position) const {
    CHECK(holds_after(position));
    return std::min(static_cast<std::size_t>(position - base_->position), entries_.size());
}

void Ring::trim(std::size_t frames_max, std::size_t bytes_max) {
    while (entries_.size() > 1 && (entries_.size() > frames_max || bytes_ > bytes_max)) {
        base_ = entries_.front().cursor;
        bytes_ -= entries_.front().frame->size();
        entries_.pop_front();
    }
}

}  // namespace daybook::realtime
