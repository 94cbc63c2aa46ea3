// One note for each user, filter and hour.
#include "app/access_notes.h"

#include <utility>

#include "app/half_hash.h"

namespace daybook::app {

constexpr std::int64_t kHourMs = 3'600'000;

std::optional<Note> AccessNotes::note_of(const domain::Principal& reader, std::string filter,
                                         Instant now) {
    const AccessKey key{reader.org, now.ms / kHourMs, reader.user,
                        first_half(sha256({as_bytes(filter)}))};
    {
        const Lock lock(mutex_);
        if (key.hour != hour_ || noted_.size() >= kAccessNotesMax) noted_.clear();
        hour_ = key.hour;
        if (!noted_.insert(key).second) return std::nullopt;
    }
    const bool is_token = reader.via.kind == domain::ViaKind::token;
    std::string via = is_token ? "token:" + reader.via.token.to_string() : "console";
    Note note;
    note.accesses.emplace_back(key, Access{now, std::move(via), std::move(filter), reader.address});
    return note;
}

}  // namespace daybook::app
