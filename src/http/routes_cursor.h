// Cursors of lists, as clients hold them: opaque text, checked when it comes back.
//
// base64url (RFC 4648, 5) without padding, of the list's name and where its page ended. A cursor
// holds no secrets and no filter: it says only where to go on, so whoever makes one up sees what
// its own filters and grants show anyway.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/queries.h"

namespace daybook::http {

std::string to_base64url(std::string_view bytes);
// nullopt for anything that to_base64url would not give.
std::optional<std::string> from_base64url(std::string_view text);

std::string entry_cursor_text(app::EntrySort sort, app::SortOrder order,
                              const app::EntryCursor& cursor);
// nullopt if it is none, or one of another sort or order.
std::optional<app::EntryCursor> parse_entry_cursor(app::EntrySort sort, app::SortOrder order,
                                                   std::string_view text);

std::string position_cursor_text(Position position);
std::optional<Position> parse_position_cursor(std::string_view text);

}  // namespace daybook::http
