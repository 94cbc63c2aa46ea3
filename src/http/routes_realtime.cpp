// Parses where a client wants to start; the rest is the shard's, or one page.
#include "http/routes_realtime.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "app/cloud_event.h"
#include "base/limits.h"
#include "http/body_words.h"
#include "realtime/log_page.h"

namespace daybook::http {
namespace {

using realtime::Cursor;
using realtime::Start;
using realtime::Subscription;

constexpr std::string_view kCursorForm =
    "a cursor such as 12-0a1b2c3d4e5f, as `next` or an event's id gives it, or a position";

Result<Subscription> read_subscription(const ReadCall& call, QueryReader& query) {
    Subscription subscription{call.principal, {}, {}};
    const auto asked = read_property_ids(query);
    subscription.types =
        query.parsed_all("type", domain::parse_event_type, "a type such as expense_added");
    TRY(query.finish());
    if (!asked.empty()) subscription.properties = ids_of(TRY(properties_asked(call, asked)));
    return subscription;
}

// Clients that lost their stream come back to the same address; their header is newer than it.
std::optional<std::string> cursor_text(const Request& request, QueryReader& query) {
    auto after = query.text("after");
    const auto last = request.header("last-event-id");
    if (last && !last->empty()) return std::string(*last);
    return after;
}

// Spread by the request's id, so that those who lost their streams together come back apart.
std::int64_t retry_ms(const Request& request) {
    constexpr std::int64_t kSpread = limits::kStreamRetryMsMax - limits::kStreamRetryMsMin + 1;
    const std::size_t hash = std::hash<std::string>()(request.request_id);
    return limits::kStreamRetryMsMin + static_cast<std::int64_t>(hash % kSpread);
}

Response event_stream() {
    Response response;
    response.content_type = "text/event-stream";
    response.headers.push_back({"Cache-Control", "no-store"});
    // Tells nginx and its kin to pass every frame on at once.
    response.headers.push_back({"X-Accel-Buffering", "no"});
    return response;
}

// What one poll asks for, while it waits too.
struct Poll {
    Subscription subscription;
    Cursor after;
    std::size_t limit = limits::kPageDefault;
    std::int64_t wait_seconds = 0;
};

struct PollAnswer {
    std::vector<domain::StoredEvent> events;
    Cursor next;
    Cursor head;
    bool is_reset = false;

    [[nodiscard]] bool is_worth_it() const { return !events.empty() || is_reset || next != head; }
};

std::int64_t next_poll_seconds(const Poll& poll, const PollAnswer& answer) {
    const bool goes_on = answer.is_reset || answer.next != answer.head;
    return goes_on || poll.wait_seconds > 0 ? 0 : limits::kPollNextSeconds;
}

Result<PollAnswer> read_poll(app::Snapshot& snapshot, const Poll& poll) {
    auto part = TRY(realtime::read_log(snapshot, poll.subscription, poll.after, poll.limit));
    return PollAnswer{std::move(part.events), part.end, part.head, part.is_another_log};
}

Result<Response> render(const Poll& poll, const PollAnswer& answer) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("data").begin_array();
    for (const domain::StoredEvent& event : answer.events) json.raw(TRY(app::cloud_event(event)));
    json.end_array();
    json.key("next").string(answer.next.to_string());
    json.key("reset").boolean(answer.is_reset);
    json.key("nextPollSeconds").integer(next_poll_seconds(poll, answer));
    json.end_object();
    return json_response(200, std::move(body));
}

// What a poll answers that has waited: as whoever its caller is by now.
void answer_waited(app::Store& store, const StreamShards::PrincipalNow& principal_now, Poll poll,
                   AnswerLater& later) {
    const OrgId org = poll.subscription.principal.org;
    auto principal = principal_now(poll.subscription.principal);
    if (!principal) return later(std::unexpected(principal.error()), poll.after.position);
    const bool is_same = realtime::same_access(*principal, poll.subscription.principal);
    poll.subscription.principal = *std::move(principal);
    const auto read = [&]() -> Result<PollAnswer> {
        const auto snapshot = TRY(store.snapshot(org));
        PollAnswer answer = TRY(read_poll(*snapshot, poll));
        if (!is_same) answer = PollAnswer{{}, answer.head, answer.head, true};
        return answer;
    };
    const auto answer = read();
    if (!answer) return later(std::unexpected(answer.error()), poll.after.position);
    later(render(poll, *answer), answer->head.position);
}

// Every answer says where to go on and when, also a refusal.
Error with_next(Error refusal, const Cursor& next) {
    refusal.facts.emplace_back("next", next.to_string());
    refusal.facts.emplace_back("nextPollSeconds",
                               std::to_string(limits::kStreamRefusedRetryMs / 1'000));
    return refusal;
}

}  // namespace

Result<Response> open_stream(const ReadCall& call) {
    QueryReader query(call.request);
    const auto text = cursor_text(call.request, query);
    Subscription subscription = TRY(read_subscription(call, query));
    const auto given = text ? realtime::parse_cursor(*text) : std::nullopt;
    Start start = TRY(realtime::find_start(call.snapshot, call.principal.org, given));
    // EventSource would give up for ever on a 400.
    if (text && !given) start.is_unknown = true;

    Response response = event_stream();
    auto seat = call.streams.seats().take(call.principal);
    if (!seat) {
        response.body = realtime::refused_text(seat.error().detail);
        return response;
    }
    auto greeting = start.is_unknown ? realtime::reset_frame(
                                           start.cursor, realtime::ResetReason::unknown_position)
                                     : realtime::ready_frame(start.cursor, retry_ms(call.request));
    realtime::Opening opening{std::move(subscription), start.cursor, std::move(greeting),
                              *std::move(seat)};
    response.take_socket = [&streams = call.streams,
                            opening = std::move(opening)](DetachedSocket socket) mutable {
        streams.open_stream(std::move(opening), std::move(socket));
    };
    return response;
}

Result<std::optional<Response>> poll(const ReadCall& call, AnswerLater later) {
    QueryReader query(call.request);
    const auto given = query.parsed("after", realtime::parse_cursor, kCursorForm);
    const auto wait = query.integer("waitSeconds", 0, limits::kPollSecondsMax);
    const std::size_t limit = query.limit();
    Subscription subscription = TRY(read_subscription(call, query));
    const Start start = TRY(realtime::find_start(call.snapshot, call.principal.org, given));
    Poll poll{std::move(subscription), start.cursor, limit, wait.value_or(0)};

    PollAnswer answer = TRY(read_poll(call.snapshot, poll));
    answer.is_reset = start.is_unknown;
    if (answer.is_worth_it() || poll.wait_seconds == 0) return TRY(render(poll, answer));

    auto seat = call.streams.seats().take(call.principal);
    if (!seat) return fail(with_next(std::move(seat).error(), answer.next));
    poll.after = answer.next;
    realtime::Opening opening{poll.subscription, poll.after, nullptr, *std::move(seat)};
    const std::int64_t wait_ms = poll.wait_seconds * 1'000;
    auto done = [&store = call.store, &workers = call.workers,
                 principal_now = call.streams.principal_now(), poll = std::move(poll),
                 later = std::move(later)]() mutable {
        workers.resume([&store, principal_now = std::move(principal_now), poll = std::move(poll),
                        later = std::move(later)]() mutable {
            answer_waited(store, principal_now, std::move(poll), later);
        });
    };
    call.streams.open_poll(std::move(opening), wait_ms, std::move(done));
    return std::nullopt;
}

}  // namespace daybook::http
