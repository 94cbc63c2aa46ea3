// Notifications are events of the log: which ones is in the books, what they say is in the log.
#include "http/routes_notifications.h"

#include <limits>

#include "base/limits.h"
#include "http/render_event.h"
#include "http/routes_cursor.h"

namespace daybook::http {
namespace {

constexpr Position kNewest = std::numeric_limits<Position>::max();
constexpr std::size_t kStep = 200;

struct Line {
    Position position = 0;
    bool is_read = false;
};

struct Asked {
    std::optional<bool> unread;
    Position before = kNewest;
    std::size_t limit = 0;
};

struct Page {
    std::vector<Line> lines;
    std::optional<Position> next;  // go on before it
};

// Calls visit(line) for the caller's notifications before the position, the newest first, until it
// returns false; those of properties that are not granted any more do not exist (I8). Gives where
// it ended for having looked through too many.
template <class Visit>
Result<std::optional<Position>> each_before(const ReadCall& call, const app::ReadMarks& marks,
                                            Position before, Visit&& visit) {
    std::size_t seen = 0;
    while (seen < limits::kNotificationScanMax) {
        const auto rows = TRY(call.snapshot.notifications(call.principal.user, before, kStep));
        for (const auto& [position, row] : rows) {
            const bool is_granted = !row.property || call.principal.scope.covers(*row.property);
            if (is_granted && !visit(Line{position, marks.covers(position)})) return std::nullopt;
            before = position;
        }
        if (rows.size() < kStep) return std::nullopt;
        seen += rows.size();
    }
    return before;
}

Result<Page> page_of(const ReadCall& call, const app::ReadMarks& marks, const Asked& asked) {
    Page page;
    const auto take = [&](const Line& line) {
        if (asked.unread && *asked.unread == line.is_read) return true;
        if (page.lines.size() == asked.limit) {
            page.next = page.lines.back().position;
            return false;
        }
        page.lines.push_back(line);
        return true;
    };
    const auto stopped = TRY(each_before(call, marks, asked.before, take));
    if (stopped) page.next = stopped;
    return page;
}

// Up to limits::kUnreadCountedMax.
Result<std::size_t> count_unread(const ReadCall& call, const app::ReadMarks& marks) {
    std::size_t unread = 0;
    const auto count = [&](const Line& line) {
        if (line.position <= marks.through) return false;
        if (!line.is_read) ++unread;
        return unread < limits::kUnreadCountedMax;
    };
    TRY(each_before(call, marks, kNewest, count));
    return unread;
}

Status write_line(JsonWriter& json, const ReadCall& call, const Line& line) {
    const auto events = TRY(call.snapshot.log(line.position - 1, 1));
    if (events.empty() || events.front().position != line.position) {
        return fail(ErrorCode::corrupt, "An event of a notification is missing in the log.");
    }
    json.begin_object();
    json.key("position").integer(line.position);
    json.key("read").boolean(line.is_read);
    json.key("item");
    TRY(write_event(json, events.front()));
    json.end_object();
    return {};
}

}  // namespace

Result<Response> list_notifications(const ReadCall& call) {
    QueryReader query(call.request);
    Asked asked;
    asked.unread = query.flag("unread");
    asked.limit = query.limit();
    asked.before =
        query.parsed("cursor", parse_position_cursor, "the nextCursor of a page").value_or(kNewest);
    TRY(query.finish());
    const app::ReadMarks marks = TRY(call.snapshot.read_marks(call.principal.user));
    const Page page = TRY(page_of(call, marks, asked));
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("data").begin_array();
    for (const Line& line : page.lines) TRY(write_line(json, call, line));
    json.end_array();
    json.key("nextCursor");
    if (page.next) {
        json.string(position_cursor_text(*page.next));
    } else {
        json.null();
    }
    json.key("unreadCount").integer(static_cast<std::int64_t>(TRY(count_unread(call, marks))));
    json.end_object();
    return json_response(200, std::move(body));
}

Result<Write> mark_notifications_read(const WriteCall& call) {
    const auto read = [](BodyReader& body) {
        app::MarkRead mark;
        const auto positions =
            body.integers("positions", Presence::optional, limits::kReadMarksMax);
        mark.through = body.integer("through", Presence::optional);
        if (positions.has_value() == mark.through.has_value()) {
            body.wrong("through", ErrorCode::invalid_value,
                       "Send either positions, or the position through which all are read.");
        }
        if (mark.through && *mark.through < 0) {
            body.wrong("through", ErrorCode::invalid_value, "Use a position of the log.");
        }
        if (positions) mark.positions = *positions;
        return mark;
    };
    return Write{TRY(read_body(call.request, BodyNeed::required, read)),
                 [](const app::Outcome&) { return Response{.status = 204}; }};
}

}  // namespace daybook::http
