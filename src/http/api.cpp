// How a request runs: who calls, on which thread, against which snapshot, and what every answer
// carries.
#include "http/api.h"

#include <algorithm>
#include <future>
#include <utility>

#include "app/authorise.h"
#include "app/position.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/problem.h"
#include "http/routes_call.h"
#include "http/target.h"

namespace daybook::http {
namespace {

using domain::Principal;
using domain::Role;

constexpr std::string_view kOrgHeader = "daybook-org";
constexpr std::string_view kMinPositionHeader = "daybook-min-position";

// Shared, because a pool or a store that refuses a task drops it, and the refusal wants answering.
using SharedRespond = std::shared_ptr<Respond>;

bool may_call(Role role, Caller caller) {
    switch (caller) {
        case Caller::anyone:
        case Caller::signed_in: return true;
        case Caller::manager: return role != Role::auditor;
        case Caller::admin: return role == Role::owner || role == Role::admin;
        case Caller::owner: return role == Role::owner;
        case Caller::operator_socket: return false;
    }
    return false;
}

Status check_role(const Principal& principal, Caller caller) {
    if (may_call(principal.role, caller)) return {};
    std::string_view who = "owners";
    if (caller == Caller::manager) who = "managers, admins and owners";
    if (caller == Caller::admin) who = "admins and owners";
    return fail(ErrorCode::forbidden, "Your role is " + std::string(role_name(principal.role)) +
                                          "; this is for " + std::string(who) + ".");
}

void set_position(Response& response, Position position) {
    response.headers.push_back({"Daybook-Position", std::to_string(position)});
}

// What the client knows to be written, if it says so. Errors: invalid_value.
Result<Position> position_wanted(const Request& request) {
    const auto header = request.header(kMinPositionHeader);
    if (!header) return 0;
    const auto position = parse_integer(*header);
    if (position && *position >= 0) return *position;
    return fail_field(ErrorCode::invalid_value, "/Daybook-Min-Position",
                      "Use a position, such as an answer's Daybook-Position.");
}

Result<std::optional<std::string>> idempotency_key(const Request& request) {
    const auto header = request.header("idempotency-key");
    if (!header) return std::nullopt;
    const auto is_printable = [](char c) { return c > ' ' && c <= '~'; };
    if (!header->empty() && header->size() <= limits::kIdempotencyKeyBytesMax &&
        std::ranges::all_of(*header, is_printable)) {
        return std::string(*header);
    }
    return fail_field(ErrorCode::invalid_value, "/Idempotency-Key",
                      "Use 1 to 255 printable ASCII characters without spaces, such as a UUID.");
}

// The route as a retry must name it again: the same however the path was written.
std::string route_key(const Request& request) {
    std::string key = request.route->operation_id;
    for (const Parameter& each : request.path_captures) key += "/" + each.value;
    return key;
}

// Whether the answer says what the client has (RFC 9110, 13.1.2); entity tags compare weakly.
// `wanted` is If-None-Match.
bool is_unchanged(std::optional<std::string_view> wanted, const Response& response) {
    const auto etag = std::ranges::find(response.headers, "ETag", &Header::name);
    if (!wanted || response.status != 200 || etag == response.headers.end()) return false;
    std::string_view rest = *wanted;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        std::string_view tag = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (tag.starts_with(' ')) tag.remove_prefix(1);
        while (tag.ends_with(' ')) tag.remove_suffix(1);
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == "*" || tag == etag->value) return true;
    }
    return false;
}

Response without_body(Response response) {
    response.status = 304;
    response.content_type.clear();
    response.body.clear();
    response.shared_body.reset();
    return response;
}

bool is_bulk(const app::CommandBody& body) {
    if (std::holds_alternative<app::DecideEntries>(body)) return true;
    const auto* add = std::get_if<app::AddEntries>(&body);
    return add != nullptr && add->mode != app::BatchMode::single;
}

// A failure of the node is for its operator: the log says what it was, the answer where to look.
Response problem_of(Error failure, std::string_view request_id) {
    if (failure.kind() == ErrorKind::internal) {
        log(LogLevel::error, "request " + std::string(request_id) + ": " +
                                 std::string(code_name(failure.code)) + ": " + failure.detail);
        failure = error(failure.code,
                        "The node failed to answer this. Whoever operates it finds the reason in "
                        "its log, under this requestId.");
    }
    return problem(std::move(failure));
}

Response report_response(const reports::ReportCache::Answer& answer) {
    const reports::SharedReport& report = *answer.report;
    Response response;
    response.content_type = report->content_type;
    response.shared_body = std::shared_ptr<const std::string>(report, &report->bytes);
    response.headers.reserve(3);
    response.headers.push_back({"ETag", report->etag});
    response.headers.push_back(
        {"Daybook-Cache", std::string(reports::cache_outcome_name(answer.outcome))});
    return response;
}

Response answer_to(const Answer& answer, const app::Outcome& outcome) {
    Response response = answer(outcome);
    if (outcome.replayed) response.headers.push_back({"Idempotency-Hit", "true"});
    set_position(response, outcome.position);
    return response;
}

}  // namespace

class Api::Core : public std::enable_shared_from_this<Api::Core> {
 public:
    explicit Core(const ApiParts& parts)
        : parts_(parts),
          service_{parts.store, parts.reports, parts.workers,  parts.metrics,
                   parts.clock, parts.random,  parts.delivery, parts.alerts},
          rows_(route_table()) {}

    // After construction, for the routes point back.
    void make_routers() {
        public_ = std::make_unique<Router>(
            routes([](const RouteRow& row) { return row.caller != Caller::operator_socket; }));
        operator_ = std::make_unique<Router>(routes([](const RouteRow&) { return true; }));
    }

    void handle(Request request, Respond respond) {
        if (request.from_operator) return operator_->handle(std::move(request), std::move(respond));
        if (request.header(kOrgHeader)) {
            return respond(problem(field_error(
                ErrorCode::unknown_parameter, "/Daybook-Org",
                "The header Daybook-Org is not known here; your token says which org is meant.")));
        }
        public_->handle(std::move(request), std::move(respond));
    }

    [[nodiscard]] std::string new_request_id() {
        return new_uuid(parts_.clock.now(), parts_.random).to_string();
    }
    [[nodiscard]] std::span<const Route> all_routes() const { return operator_->routes(); }

 private:
    template <class Wanted>
    std::vector<Route> routes(Wanted&& wanted) {
        std::vector<Route> routes;
        for (const RouteRow& row : rows_) {
            if (!wanted(row)) continue;
            routes.push_back({row.method, row.pattern, row.operation_id, row.caller,
                              [this, &row](Request request, Respond respond) {
                                  run(row, std::move(request),
                                      std::make_shared<Respond>(std::move(respond)));
                              }});
        }
        return routes;
    }

    void run(const RouteRow& row, Request request, const SharedRespond& respond) {
        if (const auto* plain = std::get_if<Plain>(&row.run)) {
            if (row.caller == Caller::anyone) return run_plain(*plain, request, *respond);
            return on_worker(row, std::move(request), respond, std::nullopt);
        }
        const auto* report = std::get_if<Report>(&row.run);
        const auto* node = std::get_if<NodeRoute>(&row.run);
        const bool needs_no_read = report != nullptr || node != nullptr;
        if (request.from_operator && !needs_no_read) {
            return on_worker(row, std::move(request), respond, std::nullopt);
        }
        auto principal =
            request.from_operator ? operator_of(request) : signed_in(request, row.caller);
        if (!principal) return (*respond)(problem(std::move(principal).error()));
        if (report != nullptr) return run_report(*report, request, *principal, respond);
        if (node != nullptr) return run_on_node(*node, {request, *principal, service_}, *respond);
        const auto* write = std::get_if<WriteRoute>(&row.run);
        if (write != nullptr && write->needs == Needs::nothing &&
            !request.header(kMinPositionHeader)) {
            return submit(*write, request, *principal, nullptr, respond);
        }
        on_worker(row, std::move(request), respond, *std::move(principal));
    }

    Result<Principal> signed_in(const Request& request, Caller caller) {
        auto principal = TRY(parts_.authenticator.authenticate(
            request.bearer.value_or(""), request.peer_address, parts_.clock.now()));
        TRY(check_role(principal, caller));
        return principal;
    }

    void run_plain(const Plain& plain, const Request& request, Respond& respond) {
        auto response = plain(request, service_);
        respond(response ? *std::move(response)
                         : problem_of(std::move(response).error(), request.request_id));
    }

    Result<Principal> operator_of(const Request& request) {
        return parts_.reports.operator_of(TRY(org_of_operator(request)));
    }

    void run_on_node(NodeRoute run, const NodeCall& call, Respond& respond) {
        auto answered = run(call);
        Response response = answered
                                ? *std::move(answered)
                                : problem_of(std::move(answered).error(), call.request.request_id);
        answer_at(parts_.reports.cache().raised(call.principal.org), std::move(response), respond);
    }

    // From the cache at once, or from a worker, or when the worker that reads the same is done.
    void run_report(Report parse, const Request& request, const Principal& principal,
                    const SharedRespond& respond) {
        const auto wanted = position_wanted(request);
        auto asked = wanted ? parse(request) : fail(wanted.error());
        if (!asked) {
            return answer_at(parts_.reports.cache().raised(principal.org),
                             problem(std::move(asked).error()), *respond);
        }
        std::optional<std::string> if_none_match;
        if (const auto header = request.header("if-none-match")) if_none_match = *header;
        auto work = parts_.reports.answer(
            principal, *std::move(asked), *wanted,
            [respond, if_none_match = std::move(if_none_match),
             id = request.request_id](reports::ReportCache::Answer answer) {
                Response response = answer.report
                                        ? report_response(answer)
                                        : problem_of(std::move(answer.report).error(), id);
                if (is_unchanged(if_none_match, response)) {
                    response = without_body(std::move(response));
                }
                set_position(response, answer.position);
                (*respond)(std::move(response));
            });
        if (!work) return;
        const auto shared = std::make_shared<app::ReportWork>(*std::move(work));
        const Status queued = parts_.workers.submit([shared] { shared->run(); });
        if (!queued) shared->refuse(queued.error());
    }

    // The rest of a request that may wait for the store.
    void on_worker(const RouteRow& row, Request request, const SharedRespond& respond,
                   std::optional<Principal> principal) {
        auto task = [core = shared_from_this(), &row, request = std::move(request), respond,
                     principal = std::move(principal)]() mutable {
            core->run_on_worker(row, request, respond, std::move(principal));
        };
        if (const Status queued = parts_.workers.submit(std::move(task)); !queued) {
            (*respond)(problem(queued.error()));
        }
    }

    void run_on_worker(const RouteRow& row, const Request& request, const SharedRespond& respond,
                       std::optional<Principal> principal) {
        if (const auto* plain = std::get_if<Plain>(&row.run)) {
            return run_plain(*plain, request, *respond);
        }
        const auto* write = std::get_if<WriteRoute>(&row.run);
        if (row.caller == Caller::operator_socket) {
            CHECK(write != nullptr);
            return submit(*write, request, Principal{}, nullptr, respond);
        }
        const auto org = principal ? Result<OrgId>(principal->org) : org_of_operator(request);
        if (!org) return (*respond)(problem(org.error()));
        auto snapshot = parts_.store.snapshot(*org);
        if (!snapshot) {
            return (*respond)(problem_of(std::move(snapshot).error(), request.request_id));
        }
        if (!principal) {
            const auto found = (*snapshot)->org();
            if (!found) return (*respond)(problem_of(found.error(), request.request_id));
            principal = app::operator_principal(*found);
        }
        const auto head = (*snapshot)->head();
        if (!head) return (*respond)(problem_of(head.error(), request.request_id));
        const auto wanted = position_wanted(request);
        const Status known = wanted ? app::check_position(*wanted, *head) : fail(wanted.error());
        if (!known) {
            return answer_at(*head, problem(known.error()), *respond);
        }
        if (write != nullptr) {
            return submit(*write, request, *principal, *std::move(snapshot), respond);
        }
        const ReadCall call{request,  *principal,         **snapshot,
                            *head,    parts_.clock.now(), parts_.store,
                            service_, parts_.streams,     parts_.workers};
        if (const auto* long_read = std::get_if<LongRead>(&row.run)) {
            return read_long(*long_read, call, respond);
        }
        read(std::get<Read>(row.run), call, *respond);
    }

    static void read_long(const LongRead& read, const ReadCall& call,
                          const SharedRespond& respond) {
        auto answer = [respond, id = call.request.request_id](Result<Response> result,
                                                              Position position) {
            Response response =
                result ? *std::move(result) : problem_of(std::move(result).error(), id);
            set_position(response, position);
            (*respond)(std::move(response));
        };
        auto answered = read(call, answer);
        if (!answered) return answer(std::unexpected(std::move(answered).error()), call.head);
        if (*answered) answer(**std::move(answered), call.head);
    }

    static void answer_at(Position head, Response response, Respond& respond) {
        set_position(response, head);
        respond(std::move(response));
    }

    static void read(const Read& read, const ReadCall& call, Respond& respond) {
        auto read_response = read(call);
        if (!read_response) {
            Response refused =
                problem_of(std::move(read_response).error(), call.request.request_id);
            return answer_at(call.head, std::move(refused), respond);
        }
        Response response = *std::move(read_response);
        if (is_unchanged(call.request.header("if-none-match"), response))
            response = without_body(std::move(response));
        set_position(response, call.head);
        respond(std::move(response));
    }

    static Result<OrgId> org_of_operator(const Request& request) {
        const auto header = request.header(kOrgHeader);
        const auto org = OrgId::parse(header.value_or(""));
        if (org) return *org;
        return fail_field(header ? ErrorCode::invalid_value : ErrorCode::missing_field,
                          "/Daybook-Org",
                          "Name the org in the header Daybook-Org; GET /v1/orgs lists them.");
    }

    void submit(const WriteRoute& route, const Request& request, const Principal& principal,
                std::unique_ptr<app::Snapshot> snapshot, const SharedRespond& respond) {
        auto made = make_command(route, request, principal, snapshot.get());
        snapshot.reset();
        if (!made) {
            return refuse(principal.org, std::move(made).error(), request.request_id, respond);
        }
        app::Command command = std::move(made->first);
        const OrgId org = command.principal.org;
        const bool is_large = is_bulk(command.body);
        auto done = [core = shared_from_this(), org, is_large, id = request.request_id,
                     answer = std::move(made->second),
                     respond](Result<app::Outcome> outcome) mutable {
            if (!outcome) return core->refuse(org, std::move(outcome).error(), id, respond);
            if (!is_large) return (*respond)(answer_to(answer, *outcome));
            // Large answers are not made on the writer's thread.
            auto render = [answer = std::move(answer), respond, kept = *std::move(outcome)] {
                (*respond)(answer_to(answer, kept));
            };
            core->parts_.workers.resume(std::move(render));
        };
        parts_.store.submit(std::move(command), std::move(done));
    }

    using Made = std::pair<app::Command, Answer>;
    Result<Made> make_command(const WriteRoute& route, const Request& request,
                              const Principal& principal, app::Snapshot* snapshot) {
        TRY(QueryReader(request).finish());
        const auto key = TRY(idempotency_key(request));
        Write write =
            TRY(route.make({request, principal, snapshot, parts_.clock.now(), parts_.random}));
        if (write.as && key) {
            return fail_field(ErrorCode::invalid_value, "/Idempotency-Key",
                              "A new org remembers no earlier request; leave this header out.");
        }
        app::Command command{std::move(write.as).value_or(principal), request.request_id,
                             std::nullopt, std::move(write.body)};
        if (key) {
            command.idempotency =
                app::Idempotency{app::idempotency_key(principal, *key),
                                 app::idempotency_request(route_key(request), request.body)};
        }
        return Made{std::move(command), std::move(write.answer)};
    }

    // Answers a refused write, with the position that the refusal is known to include.
    void refuse(OrgId org, Error refusal, std::string_view request_id,
                const SharedRespond& respond) {
        const bool has_books = org != OrgId{} && refusal.kind() != ErrorKind::unavailable;
        const auto response =
            std::make_shared<Response>(problem_of(std::move(refusal), request_id));
        auto task = [core = shared_from_this(), org, respond, response] {
            if (const auto snapshot = core->parts_.store.snapshot(org)) {
                if (const auto head = (*snapshot)->head()) set_position(*response, *head);
            }
            (*respond)(std::move(*response));
        };
        if (!has_books || !parts_.workers.submit(std::move(task))) {
            (*respond)(std::move(*response));
        }
    }

    const ApiParts parts_;
    const Service service_;
    const std::vector<RouteRow> rows_;
    std::unique_ptr<Router> public_;
    std::unique_ptr<Router> operator_;
};

Api::Api(ApiParts parts) : core_(std::make_shared<Core>(parts)) {
    core_->make_routers();
}

Api::~Api() = default;

void Api::handle(Request request, Respond respond) {
    core_->handle(std::move(request), std::move(respond));
}

Response Api::call(Request request) {
    if (request.segments.empty()) {
        auto target = parse_target(request.target);
        if (!target) return problem(std::move(target).error());
        request.path = std::move(target->path);
        request.segments = std::move(target->segments);
        request.query = std::move(target->query);
    }
    if (request.request_id.empty()) request.request_id = core_->new_request_id();
    const std::string path = request.path;
    const std::string request_id = request.request_id;
    std::promise<Response> answered;
    auto answer = answered.get_future();
    handle(std::move(request), [answered = std::move(answered)](Response response) mutable {
        answered.set_value(std::move(response));
    });
    Response response;
    try {
        response = answer.get();
    } catch (const std::future_error&) {  // dropped
        response = problem(error(ErrorCode::internal, "The request was dropped; try again."));
    }
    if (response.error) render_problem(response, {path, request_id});
    return response;
}

std::span<const Route> Api::routes() const {
    return core_->all_routes();
}

}  // namespace daybook::http
