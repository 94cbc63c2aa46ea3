// What the handlers of the API are given and what they give, and the steps that they share.
//
// Kinds of routes: Plain ones need no books; a Read looks at one snapshot, on a worker; a LongRead
// does, and may answer later; a Report is answered from the cache where it can be; a MakeWrite
// turns a request into a command and into how its outcome is answered; a NodeRoute asks this node,
// not the books. Handlers are functions of values: who may call them, transactions and threads are
// the business of api.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/command.h"
#include "app/delivery_monitor.h"
#include "app/report_service.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "domain/principal.h"
#include "http/demo_loader.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/router.h"
#include "http/routes_query.h"
#include "http/sign_in.h"
#include "http/stream_shard.h"
#include "http/worker_pool.h"

namespace daybook::http {

// The parts of the process that Plain routes tell about, and that streams go on reading from.
struct Service {
    app::Store& store;
    app::ReportService& reports;
    WorkerPool& workers;
    Metrics& metrics;
    const Clock& clock;
    Random& random;
    app::DeliveryMonitor& delivery;
    app::AlertBoard& alerts;
    const LoadDemo& load_demo;
    const std::function<bool()>& bus_connected;  // none: there is no bus
};

using Plain = std::function<Result<Response>(const Request&, const Service&)>;

struct ReadCall {
    const Request& request;
    const domain::Principal& principal;
    app::Snapshot& snapshot;
    Position head;  // of the snapshot
    Instant now;
    app::Store& store;
    const Service& service;
    StreamShards& streams;
    WorkerPool& workers;
};
using Read = std::function<Result<Response>(const ReadCall&)>;

// The answer to a LongRead, once, from any thread; and the position that it is known to include.
using AnswerLater = std::move_only_function<void(Result<Response>, Position)>;
// nullopt: `later` answers.
using LongRead = std::function<Result<std::optional<Response>>(const ReadCall&, AnswerLater later)>;

// Makes the answer to a command that was done; on the writer's thread, or on a worker for bulks.
using Answer = std::function<Response(const app::Outcome&)>;

struct Write {
    app::CommandBody body;
    Answer answer;
    std::optional<domain::Principal> as = std::nullopt;  // in place of who called
};

struct WriteCall {
    const Request& request;
    const domain::Principal& principal;
    app::Snapshot* snapshot;  // nullptr unless the route needs one
    Instant now;
    Random& random;
    const std::string& base_url;  // of this server, where the request does not say
};
using MakeWrite = std::function<Result<Write>(const WriteCall&)>;

// `nothing`: parsed and submitted where it arrives. `snapshot`: looked up first, on a worker.
enum class Needs : std::uint8_t { nothing, snapshot };
struct WriteRoute {
    MakeWrite make;
    Needs needs = Needs::nothing;
};

// Reads the parameters of a report. Errors: invalid_value, unknown_parameter.
using Report = Result<app::ReportAsked> (*)(const Request&);

struct NodeCall {
    const Request& request;
    const domain::Principal& principal;
    const Service& service;
};
// Answered where it arrives: it must not block.
using NodeRoute = Result<Response> (*)(const NodeCall&);

// Ways in: what they wait for is hashed elsewhere (sign_in.h).
using AuthRoute = void (SignIn::*)(const AuthCall&);

struct RouteRow {
    Method method;
    std::string pattern;
    std::string operation_id;
    Caller caller;
    std::variant<Plain, Read, LongRead, Report, NodeRoute, WriteRoute, AuthRoute> run;
};

// Every route of the API and who may call it: the one table (routes_table.cpp).
std::vector<RouteRow> route_table();

// A failure of the node is for its operator: the log says what it was, the answer where to look.
Response problem_of(Error failure, std::string_view request_id);

// JSON answers.
Response json_response(int status, std::string body);
// With `ETag: "<version>"`.
Response versioned(Response response, std::int64_t version);
Response created(Response response, std::string location);

// {"data": [ … ], "nextCursor": …}: calls write(json) for the items.
std::string list_json(const std::function<void(JsonWriter&)>& write_items,
                      const std::optional<std::string>& next_cursor);

// The version that If-Match names: "3" or 3. Errors: if_match_required, invalid_value.
Result<std::int64_t> if_match(const Request& request);

// The id in the path; `words` is what not_found says. Something that is no id does not exist.
template <class IdType>
Result<IdType> path_id(const Request& request, std::string_view words) {
    const auto id = IdType::parse(request.capture("id"));
    if (!id) return fail(ErrorCode::not_found, std::string(words));
    return *id;
}

// The property if the caller may see it. Errors: not_found.
Result<domain::Property> visible_property(app::Snapshot& snapshot,
                                          const domain::Principal& principal, PropertyId id);
// All that the caller may see, by name.
Result<std::vector<domain::Property>> visible_properties(const ReadCall& call);
// Those asked for, each of which the caller must be able to see; all that it may see if none is
// asked for. By name. Errors: not_found.
Result<std::vector<domain::Property>> properties_asked(const ReadCall& call,
                                                       const std::vector<PropertyId>& asked);
// The query parameter propertyId, which may be repeated.
std::vector<PropertyId> read_property_ids(QueryReader& query);
std::vector<PropertyId> ids_of(const std::vector<domain::Property>& properties);

inline constexpr std::string_view kNoSuchEntry = "There is no such entry.";

}  // namespace daybook::http
