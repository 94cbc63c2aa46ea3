// Member by member, in the order of the API document.
#include "http/body_days.h"

#include "http/body_books.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using namespace domain;

bool read_flag(BodyReader& body, std::string_view name) {
    return body.boolean(name, Presence::optional).value_or(false);
}

std::optional<PropertyId> read_place(BodyReader& body) {
    return body.parsed("propertyId", Presence::optional, PropertyId::parse, kPropertyForm);
}

// A member whose null means something, and that nobody may forget.
void need(BodyReader& body, std::string_view name, std::string detail) {
    if (!body.has(name)) body.wrong(name, ErrorCode::missing_field, std::move(detail));
}

}  // namespace

CloseDay read_close(BodyReader& body) {
    CloseDay close;
    close.counted_minor = body.integer("countedMinor", Presence::optional);
    close.denominations = read_denominations(body);
    close.note = body.text("note", Presence::optional).value_or("");
    close.accept_pending = read_flag(body, "acceptPending");
    close.close_earlier = read_flag(body, "closeEarlier");
    close.seal_before = read_flag(body, "sealBefore");
    close.accept_stale = read_flag(body, "acceptStale");
    if (!close.note.empty() && !close.counts()) {
        body.wrong("note", ErrorCode::invalid_value,
                   "A note belongs to a count. Send countedMinor or denominations with it.");
    }
    return close;
}

SetLock read_lock(BodyReader& body) {
    SetLock set;
    set.property = read_place(body);
    need(body, "through", "Name the last day that is locked, or send null to lift the lock.");
    set.through = body.parsed("through", Presence::optional, BusinessDate::parse, kDateForm);
    set.reason = body.text("reason", Presence::optional).value_or("");
    return set;
}

ExceptFromLock read_lock_exception(BodyReader& body) {
    ExceptFromLock except;
    except.property = read_place(body);
    except.user =
        body.parsed("userId", Presence::required, UserId::parse, kUserForm).value_or(UserId{});
    need(body, "until", "Say until when, or send null to revoke the exception.");
    except.until = body.parsed("until", Presence::optional, Instant::parse, kInstantForm);
    except.reason = body.text("reason", Presence::optional).value_or("");
    return except;
}

SetDailyApproval read_daily_approval(BodyReader& body) {
    SetDailyApproval set;
    set.user =
        body.parsed("userId", Presence::required, UserId::parse, kUserForm).value_or(UserId{});
    set.property = body.parsed("propertyId", Presence::required, PropertyId::parse, kPropertyForm)
                       .value_or(PropertyId{});
    set.date = body.parsed("date", Presence::optional, BusinessDate::parse, kDateForm);
    const bool is_given = body.boolean("granted", Presence::optional).value_or(true);
    set.grant = is_given ? DailyGrant::given : DailyGrant::taken;
    set.reason = body.text("reason", Presence::optional).value_or("");
    return set;
}

}  // namespace daybook::http
