// How a request runs: who calls, on which thread, against which snapshot, and what every answer
// carries.
#include "http/api.h"

#include <algorithm>
#include <future>
#include <utility>

#include "app/access_notes.h"
#include "app/authorise.h"
#include "app/position.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"
#include "http/cookies.h"
#include "http/doorway.h"
#include "http/operator.h"
#include "http/problem.h"
#include "http/request_headers.h"
#include "http/routes_call.h"
#include "http/target.h"

namespace daybook::http {
namespace {

using domain::Principal;

void set_position(Response& response, Position position) {
    response.headers.push_back({"Daybook-Position", std::to_string(position)});
}

bool reads_trail(std::string_view operation_id) {
    return operation_id == "getEventHistory" || operation_id == "exportEvents";
}

bool is_bulk(const app::CommandBody& body) {
    if (std::holds_alternative<app::DecideMany>(body)) return true;
    const auto* add = std::get_if<app::AddEntries>(&body);
    return add != nullptr && add->mode != app::BatchMode::single;
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

// A request that goes on with whoever comes first.
class Waiting {
 public:
    explicit Waiting(Request request) : request_(std::move(request)) {}
    std::optional<Request> take() EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        return std::exchange(request_, std::nullopt);
    }

 private:
    Mutex mutex_;
    std::optional<Request> request_ GUARDED_BY(mutex_);
};

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
          service_{parts.store,      parts.reports,       parts.workers,  parts.metrics,
                   parts.clock,      parts.random,        parts.delivery, parts.alerts,
                   parts_.load_demo, parts_.bus_connected},
          sign_in_(std::make_shared<SignIn>(
              SignInParts{parts.store, parts.authenticator, parts.guard, parts.gate, parts.hashers,
                          parts.clock, parts.random, parts.cost, parts.sign_up, parts.version})),
          doorway_({parts.store, parts.authenticator, parts.reports, parts.clock, parts.rates}),
          base_url_(parts.base_url),
          rows_(route_table()) {}

    void set_base_url(std::string url) { base_url_ = std::move(url); }

    // After construction, for the routes point back.
    void make_routers() {
        public_ = std::make_unique<Router>(
            routes([](const RouteRow& row) { return row.caller != Caller::operator_socket; }));
        operator_ = std::make_unique<Router>(routes([](const RouteRow&) { return true; }));
    }

    void handle(Request request, Respond respond) {
        if (request.from_operator) return operator_->handle(std::move(request), std::move(respond));
        if (const Status known = check_no_operator_headers(request); !known) {
            return respond(problem(known.error()));
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
        const Doorway::Missing missing = doorway_.missing(row, request);
        if (const auto* unloaded = std::get_if<Doorway::Unloaded>(&missing)) {
            return load_first(unloaded->org, row, std::move(request), respond);
        }
        if (const auto* behind = std::get_if<Doorway::Behind>(&missing)) {
            return catch_up_first(*behind, row, std::move(request), respond);
        }
        if (const auto* plain = std::get_if<Plain>(&row.run)) {
            if (row.caller == Caller::anyone) return run_plain(*plain, request, *respond);
            return on_worker(row, std::move(request), respond, std::nullopt);
        }
        if (const auto* way = std::get_if<AuthRoute>(&row.run)) {
            return run_way_in(row, *way, std::move(request), respond);
        }
        const auto* report = std::get_if<Report>(&row.run);
        const auto* node = std::get_if<NodeRoute>(&row.run);
        const bool needs_no_read = report != nullptr || node != nullptr;
        if (request.from_operator && !needs_no_read) {
            return on_worker(row, std::move(request), respond, std::nullopt);
        }
        auto principal = request.from_operator ? plain_operator(parts_.reports, request)
                                               : doorway_.signed_in(request, row.caller);
        if (!principal) return (*respond)(problem(std::move(principal).error()));
        if (const Status allowed = doorway_.take_rate(*principal, 1); !allowed) {
            return (*respond)(problem(allowed.error()));
        }
        keep_house();
        if (report != nullptr) return run_report(*report, request, *principal, respond);
        if (node != nullptr) return run_on_node(*node, {request, *principal, service_}, *respond);
        const auto* write = std::get_if<WriteRoute>(&row.run);
        if (write != nullptr && write->needs == Needs::nothing &&
            !request.header(kMinPositionHeader)) {
            return submit(*write, request, *principal, nullptr, respond);
        }
        on_worker(row, std::move(request), respond, *std::move(principal));
    }

    void load_first(OrgId org, const RouteRow& row, Request request, const SharedRespond& respond) {
        request.loaded = true;
        parts_.store.load(org, [core = shared_from_this(), &row, request = std::move(request),
                                respond](Status loaded) mutable {
            if (loaded) return core->resume(row, std::move(request), respond);
            (*respond)(problem_of(std::move(loaded).error(), request.request_id));
        });
    }

    // If that takes long, the request goes on without it: what it must see comes from the store.
    void catch_up_first(const Doorway::Behind& behind, const RouteRow& row, Request request,
                        const SharedRespond& respond) {
        request.caught_up = true;
        const auto waiting = std::make_shared<Waiting>(std::move(request));
        const auto go_on = [core = shared_from_this(), &row, waiting, respond] {
            if (auto taken = waiting->take()) core->resume(row, *std::move(taken), respond);
        };
        parts_.store.catch_up(behind.org, go_on);
        parts_.timers.post_after(limits::kCatchUpMsMax, go_on);
    }

    // Goes on with a request that had to wait.
    void resume(const RouteRow& row, Request request, const SharedRespond& respond) {
        parts_.workers.resume([core = shared_from_this(), &row, request = std::move(request),
                               respond]() mutable { core->run(row, std::move(request), respond); });
    }

    // Now and then: when tokens and sessions were last used, and orgs that nobody asks about.
    void keep_house() {
        const Instant now = parts_.clock.now();
        app::Note note;
        note.last_uses = parts_.authenticator.take_uses(now);
        if (!note.last_uses.empty()) submit_note(std::move(note));
        auto idle = parts_.authenticator.take_idle(now);
        if (!idle.empty()) parts_.store.forget(std::move(idle));
    }

    void submit_note(app::Note note) {
        Principal program;
        program.via.kind = domain::ViaKind::cli;
        parts_.store.submit(app::Command{std::move(program), {}, std::nullopt, std::move(note)},
                            [](const Result<app::Outcome>&) {});
    }

    // A read of the trail is noted beside it; the operator's are not, for they read the files.
    void note_access(const RouteRow& row, const Request& request, const Principal& principal) {
        if (!reads_trail(row.operation_id) || principal.via.kind == domain::ViaKind::cli) return;
        std::string filter = row.operation_id;
        const std::size_t query = request.target.find('?');
        if (query != std::string::npos) filter += request.target.substr(query);
        auto note = accesses_.note_of(principal, std::move(filter), parts_.clock.now());
        if (note) submit_note(*std::move(note));
    }

    void run_way_in(const RouteRow& row, AuthRoute way, Request request,
                    const SharedRespond& respond) {
        AuthCall call{nullptr, std::nullopt, respond};
        const auto prepare = [&]() -> Status {
            TRY(QueryReader(request).finish());
            if (row.caller != Caller::anyone) {
                call.principal = TRY(doorway_.signed_in(request, row.caller));
            }
            const bool by_token = call.principal && call.principal->session == SessionId{};
            if (request.method != Method::get && !by_token) TRY(check_own_page(request));
            return {};
        };
        if (const Status ready = prepare(); !ready) return (*respond)(problem(ready.error()));
        call.request = std::make_shared<const Request>(std::move(request));
        ((*sign_in_).*way)(call);
    }

    void run_plain(const Plain& plain, const Request& request, Respond& respond) {
        auto response = plain(request, service_);
        respond(response ? *std::move(response)
                         : problem_of(std::move(response).error(), request.request_id));
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
            auto caller = acting_operator(**snapshot, request, parts_.clock.now());
            if (!caller) {
                return (*respond)(problem_of(std::move(caller).error(), request.request_id));
            }
            principal = *std::move(caller);
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
        auto response = std::get<Read>(row.run)(call);
        if (response) note_access(row, request, *principal);
        answer_read(std::move(response), call, *respond);
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

    static void answer_read(Result<Response> read, const ReadCall& call, Respond& respond) {
        if (!read) {
            Response refused = problem_of(std::move(read).error(), call.request.request_id);
            return answer_at(call.head, std::move(refused), respond);
        }
        Response response = *std::move(read);
        if (is_unchanged(call.request.header("if-none-match"), response))
            response = without_body(std::move(response));
        answer_at(call.head, std::move(response), respond);
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
        Write write = TRY(route.make(
            {request, principal, snapshot, parts_.clock.now(), parts_.random, base_url_}));
        if (write.as && key) {
            return fail_field(ErrorCode::invalid_value, "/Idempotency-Key",
                              "A new org remembers no earlier request; leave this header out.");
        }
        app::Command command{std::move(write.as).value_or(principal), request.request_id,
                             std::nullopt, std::move(write.body)};
        const auto entries = static_cast<std::int64_t>(app::weight(command));
        if (entries > 1) TRY(doorway_.take_rate(principal, entries - 1));
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
    const std::shared_ptr<SignIn> sign_in_;
    const Doorway doorway_;
    std::string base_url_;
    app::AccessNotes accesses_;
    const std::vector<RouteRow> rows_;
    std::unique_ptr<Router> public_;
    std::unique_ptr<Router> operator_;
};

Api::Api(ApiParts parts) : core_(std::make_shared<Core>(parts)) {
    core_->make_routers();
}

Api::~Api() = default;

void Api::set_base_url(std::string url) {
    core_->set_base_url(std::move(url));
}

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
