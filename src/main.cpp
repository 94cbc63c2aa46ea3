// The program: the one file that names every concrete class.
//
// What runs: store, authenticator, reports with their cache, delivery with webhooks and alerts,
// hashers, workers, streams, API, server; built in this order. The server drains first, so that
// what was begun is answered, then delivery, which saves where it is, then the store, then the
// streams, which have sent everything that was committed.
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <thread>

#include "app/authenticator.h"
#include "app/rate_limiter.h"
#include "app/report_service.h"
#include "app/setup_gate.h"
#include "app/sign_in_guard.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "base/executor.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/demo_books.h"
#include "cli/program.h"
#include "delivery/alerts.h"
#include "delivery/bus.h"
#include "delivery/delivery.h"
#include "delivery/http/client.h"
#include "delivery/lease_keeper.h"
#include "delivery/nats/bus.h"
#include "delivery/webhooks.h"
#include "http/api.h"
#include "http/console_assets.h"
#include "http/server.h"
#include "http/stream_shard.h"
#include "storage/postgres/address.h"
#include "storage/postgres/copy_end.h"
#include "storage/postgres/leases.h"
#include "storage/postgres/maintenance.h"
#include "storage/postgres/store.h"
#include "storage/sqlite/copy_end.h"
#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/store.h"

namespace daybook {
namespace {

namespace postgres = storage::postgres;
namespace sqlite = storage::sqlite;

constexpr std::size_t kWorkers = 4;
constexpr std::size_t kDeliveryThreads = 2;
constexpr std::size_t kImportsWaiting = 4;

// Of the file system that the books are on; if that cannot be said, no alert is raised.
std::int64_t free_bytes(const std::filesystem::path& path) {
    std::error_code failed;
    const auto space = std::filesystem::space(path, failed);
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    if (failed || space.available > static_cast<std::uintmax_t>(kMax)) return kMax;
    return static_cast<std::int64_t>(space.available);
}

// What one node does for all that share the database of the directory; null where nobody does.
Result<std::unique_ptr<app::Leases>> leases_of(const cli::DataDirectory& data) {
    const std::string address = TRY(data.store_address());
    if (address.empty()) return nullptr;
    return std::make_unique<postgres::PostgresLeases>(TRY(postgres::Address::parse(address)));
}

// Everything that follows the log. It runs from start() to stop(), which only a server calls.
class Followers {
 public:
    struct Options {
        delivery::http::Reach reach = delivery::http::Reach::public_only;
        std::size_t senders = 1;
    };

    // `leases`: of a store from which other nodes may deliver as well, else null.
    Followers(app::Store& store, const Clock& clock, Random& random, std::filesystem::path path,
              const Options& options, std::unique_ptr<app::Leases> leases)
        : senders_(options.senders),
          client_(options.reach),
          delivery_(store, clock, random, executor_),
          webhooks_({delivery_, store, client_, clock, random, senders_, executor_}),
          alerts_({delivery_, store, webhooks_, clock, executor_,
                   [path = std::move(path)] { return free_bytes(path); }}) {
        // Webhooks first: what they subscribe to is there when delivery hears of it.
        store.listen(webhooks_);
        store.listen(delivery_);
        if (!leases) return;
        leases_ = std::move(leases);
        keeper_ = std::make_unique<delivery::LeaseKeeper>(
            delivery::LeaseParts{*leases_, app::kDeliveryLease, new_uuid(clock.now(), random),
                                 executor_, [&store] { return store.health().accepts_writes; },
                                 [this](app::Fence fence) { return delivery_.start(fence); },
                                 [this] { delivery_.halt(); }});
    }
    ~Followers() {
        senders_.stop();
        executor_.stop();
    }
    Followers(const Followers&) = delete;
    Followers& operator=(const Followers&) = delete;

    Status start() {
        // What there is to deliver is shown wherever somebody asks.
        TRY(webhooks_.start());
        if (keeper_) {
            keeper_->start();
        } else {
            TRY(delivery_.start());
        }
        alerts_.start();
        return {};
    }
    // Before the store drains.
    void stop() {
        std::promise<void> drained;
        delivery_.drain([&drained] { drained.set_value(); });
        drained.get_future().wait();
        webhooks_.flush();
        if (keeper_) keeper_->stop();
    }

    app::DeliveryMonitor& monitor() { return delivery_; }
    app::AlertBoard& board() { return alerts_; }
    Executor& timers() { return executor_; }

 private:
    ThreadExecutor executor_{kDeliveryThreads};
    ThreadExecutor senders_;
    delivery::http::Client client_;
    delivery::Delivery delivery_;
    delivery::Webhooks webhooks_;
    delivery::Alerts alerts_;
    std::unique_ptr<app::Leases> leases_;  // of a shared store
    std::unique_ptr<delivery::LeaseKeeper> keeper_;
};

// The books of a directory: in it, or in the database that it names.
Result<std::unique_ptr<app::Store>> open_store(const cli::DataDirectory& data, const Clock& clock,
                                               Random& random, cli::Machine::Access access) {
    const bool writes = access == cli::Machine::Access::write;
    const std::string address = TRY(data.store_address());
    if (!address.empty()) {
        return TRY(postgres::open_store(
            {.address = address,
             .clock = clock,
             .random = random,
             .access = writes ? postgres::Access::write : postgres::Access::read}));
    }
    return TRY(sqlite::open_store(
        {data.path(), clock, random, writes ? sqlite::Access::write : sqlite::Access::read, {}}));
}

Result<std::unique_ptr<app::Maintenance>> open_maintenance(const cli::DataDirectory& data,
                                                           const Clock& clock, Random& random,
                                                           cli::Machine::Access access) {
    const std::string address = TRY(data.store_address());
    if (!address.empty()) return postgres::open_maintenance(address);
    const bool writes = access == cli::Machine::Access::write;
    return sqlite::open_maintenance(
        {data.path(), clock, random, writes ? sqlite::Access::write : sqlite::Access::read, {}});
}

Result<cli::Moved> move_books(const cli::MovePlace& from, const cli::MovePlace& to,
                              const std::function<void(std::int64_t)>& progress, const Clock& clock,
                              Random& random) {
    const auto* const from_directory = std::get_if<cli::DataDirectory>(&from);
    const auto* const to_directory = std::get_if<cli::DataDirectory>(&to);
    std::int64_t rows = 0;
    {
        const auto source = from_directory != nullptr
                                ? TRY(sqlite::open_copy_source(from_directory->path()))
                                : TRY(postgres::open_copy_source(std::get<std::string>(from)));
        const auto target =
            to_directory != nullptr
                ? TRY(sqlite::open_copy_target(to_directory->path(), clock.now()))
                : TRY(postgres::open_copy_target(std::get<std::string>(to), clock.now()));
        rows = TRY(storage::sql::copy_everything(
            *source, *target, [&](std::string_view, std::int64_t more) { progress(more); }));
    }
    if (to_directory != nullptr)
        return cli::Moved{
            rows, TRY(open_store(*to_directory, clock, random, cli::Machine::Access::read))};
    return cli::Moved{rows, TRY(postgres::open_store({.address = std::get<std::string>(to),
                                                      .clock = clock,
                                                      .random = random,
                                                      .access = postgres::Access::read}))};
}

std::int64_t monotonic_us() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

Result<cli::ApiAnswer> call_api(http::Api& api, const cli::ApiRequest& asked) {
    http::Request request;
    const auto method = http::method_of(asked.method);
    if (!method) return fail(ErrorCode::method_not_allowed, "There is no such method.");
    request.method = *method;
    request.target = asked.target;
    request.body = asked.body;
    request.from_operator = true;
    if (asked.org) request.headers.push_back({"daybook-org", asked.org->to_string()});
    if (asked.user) request.headers.push_back({"daybook-user", asked.user->to_string()});
    if (!asked.body.empty()) request.headers.push_back({"content-type", "application/json"});
    if (!asked.if_match.empty())
        request.headers.push_back({"if-match", '"' + asked.if_match + '"'});
    http::Response response = api.call(std::move(request));
    cli::ApiAnswer answer{response.status, std::string(response.body_bytes())};
    if (!response.stream) return answer;
    while (auto piece = TRY(response.stream())) answer.body += *piece;
    return answer;
}

// The API over a store in this process.
class LocalBooks {
 public:
    struct Options {
        Followers::Options followers{};
        http::SignUp sign_up = http::SignUp::off;
        bool rates = false;
        delivery::nats::BusOptions bus{};  // without servers: none
    };

    static Result<std::unique_ptr<LocalBooks>> open(const cli::DataDirectory& data,
                                                    const Options& options) {
        auto books = std::make_unique<LocalBooks>();
        books->store_ =
            TRY(open_store(data, books->clock_, books->random_, cli::Machine::Access::write));
        TRY(books->authenticator_.load(*books->store_));
        books->guard_.load(TRY(books->store_->sign_in_state()).failed_sign_ins);
        books->reports_ = std::make_unique<app::ReportService>(
            app::ReportParts{*books->store_, books->clock_, monotonic_us});
        books->store_->listen(books->authenticator_);
        books->store_->listen(*books->reports_);
        books->streams_ = std::make_unique<http::StreamShards>(
            http::ShardParts{.store = *books->store_,
                             .authenticator = books->authenticator_,
                             .workers = books->workers_,
                             .clock = books->clock_,
                             .metrics = books->metrics_});
        books->store_->listen(*books->streams_);
        books->followers_ =
            std::make_unique<Followers>(*books->store_, books->clock_, books->random_, data.path(),
                                        options.followers, TRY(leases_of(data)));
        if (!options.bus.servers.empty()) TRY(books->join(options.bus));
        books->store_->follow();
        books->api_ = std::make_unique<http::Api>(
            http::ApiParts{.store = *books->store_,
                           .authenticator = books->authenticator_,
                           .reports = *books->reports_,
                           .workers = books->workers_,
                           .clock = books->clock_,
                           .random = books->random_,
                           .metrics = books->metrics_,
                           .delivery = books->followers_->monitor(),
                           .alerts = books->followers_->board(),
                           .streams = *books->streams_,
                           .guard = books->guard_,
                           .gate = books->gate_,
                           .hashers = books->hashers_,
                           .timers = books->followers_->timers(),
                           .load_demo = books->demo_loader(),
                           .bus_connected = books->bus_state(),
                           .rates = options.rates ? &books->rates_ : nullptr,
                           .sign_up = options.sign_up,
                           .version = DAYBOOK_VERSION,
                           .base_url = "http://127.0.0.1:" + std::to_string(cli::kDefaultPort)});
        books->console_ =
            std::make_unique<http::ConsoleAssets>(*books->api_, http::embedded_console());
        return books;
    }

    LocalBooks() = default;
    // Whoever is told of commits goes after the last one.
    ~LocalBooks() {
        if (store_) store_->drain();
    }
    LocalBooks(const LocalBooks&) = delete;
    LocalBooks& operator=(const LocalBooks&) = delete;

    http::Api& api() { return *api_; }
    // The text that lets somebody found the first org; empty where there is one.
    std::string open_setup() {
        return authenticator_.has_orgs() ? std::string() : gate_.open(random_);
    }
    app::Store& store() { return *store_; }
    Followers& followers() { return *followers_; }
    http::StreamShards& streams() { return *streams_; }
    http::ServerParts server_parts() { return {*console_, workers_, metrics_, clock_, random_}; }

 private:
    Status join(const delivery::nats::BusOptions& options) {
        bus_ = TRY(delivery::nats::Bus::open(options, [this](std::string_view message) {
            delivery::read_news(
                message, [this](OrgId org, Position position) { store_->heard(org, position); });
        }));
        announcer_ = std::make_unique<delivery::Announcer>(
            [this](const std::string& message) { bus_->publish(message); });
        store_->listen(*announcer_);
        return {};
    }
    std::function<bool()> bus_state() {
        if (!bus_) return {};
        return [this] { return bus_->is_connected(); };
    }
    http::LoadDemo demo_loader() {
        return [this](const domain::Principal& caller, http::DemoAnswer answer) {
            const auto shared = std::make_shared<http::DemoAnswer>(std::move(answer));
            const Status queued =
                importer_.submit([this, caller, shared] { (*shared)(import_demo(caller)); });
            if (!queued) (*shared)(std::unexpected(queued.error()));
        };
    }
    Result<http::DemoLoaded> import_demo(const domain::Principal& caller) {
        const auto call = [this](const cli::ApiRequest& request) {
            return call_api(*api_, request);
        };
        const auto counts = TRY(cli::import_demo(*store_, caller, clock_.now(), call));
        return http::DemoLoaded{counts.added, counts.already_there};
    }

    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<app::Store> store_;
    std::unique_ptr<delivery::nats::Bus> bus_;
    std::unique_ptr<delivery::Announcer> announcer_;
    app::Authenticator authenticator_;
    std::unique_ptr<app::ReportService> reports_;
    std::unique_ptr<Followers> followers_;
    app::SignInGuard guard_;
    app::SetupGate gate_;
    app::RateLimiter rates_;
    http::Metrics metrics_;
    http::WorkerPool hashers_{limits::kPasswordHashesAtOnce, limits::kPasswordHashesWaiting};
    http::WorkerPool workers_{kWorkers};
    std::unique_ptr<http::StreamShards> streams_;
    std::unique_ptr<http::Api> api_;
    std::unique_ptr<http::ConsoleAssets> console_;
    // The last, so that it ends first: an import asks the API, and waits for its answers.
    http::WorkerPool importer_{1, kImportsWaiting};
};

Result<cli::ApiCall> open_api(const cli::DataDirectory& data) {
    std::shared_ptr<LocalBooks> books = TRY(LocalBooks::open(data, {}));
    return cli::ApiCall([books = std::move(books)](const cli::ApiRequest& request) {
        return call_api(books->api(), request);
    });
}

// SIGTERM and SIGINT drain the server. The signals are blocked from the start of the program on, so
// that they come to this thread only.
class StopSignals {
 public:
    static void block() {
        const sigset_t signals = set();
        ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }

    StopSignals(http::Server& server, http::StreamShards& streams)
        : thread_([&server, &streams] {
              const sigset_t signals = set();
              int signal = 0;
              ::sigwait(&signals, &signal);
              server.drain();
              // Nobody waits for an event that will not come.
              streams.close_polls();
          }) {}
    // The server has stopped; if that was not by a signal, the thread still waits for one.
    ~StopSignals() {
        ::pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

 private:
    static sigset_t set() {
        sigset_t signals;
        ::sigemptyset(&signals);
        ::sigaddset(&signals, SIGTERM);
        ::sigaddset(&signals, SIGINT);
        return signals;
    }

    std::thread thread_;
};

// A socket's path has at most 107 bytes; through the folder's descriptor every path is short.
class SocketPath {
 public:
    explicit SocketPath(const cli::DataDirectory& data)
        : folder_(::open(data.path().c_str(), O_PATH | O_CLOEXEC)),
          path_("/proc/self/fd/" + std::to_string(folder_.number()) + "/" +
                data.socket().filename().string()) {}
    [[nodiscard]] const std::string& text() const { return path_; }

 private:
    Descriptor folder_;
    std::string path_;
};

Result<int> serve(const cli::ServeOptions& options) {
    StopSignals::block();
    const bool also_private = options.webhooks == cli::WebhookReach::also_private;
    const Followers::Options followers{
        also_private ? delivery::http::Reach::also_private : delivery::http::Reach::public_only,
        limits::kWebhookWorkers};
    if (!options.store.empty()) {
        TRY(postgres::Address::parse(options.store));
        TRY(options.data.choose_store(options.store));
    }
    const auto sign_up = options.sign_up ? http::SignUp::on : http::SignUp::off;
    const delivery::nats::BusOptions bus{.servers = options.bus,
                                         .credentials = options.bus_credentials};
    const auto books =
        TRY(LocalBooks::open(options.data, {followers, sign_up, options.rates, bus}));
    {
        const SocketPath socket(options.data);
        http::ServerOptions listening;
        listening.address = options.address;
        listening.port = options.port;
        listening.unix_socket_path = socket.text();
        listening.body_files_directory = options.data.path();
        listening.trusted_proxies = options.trusted_proxies;
        http::Server server(listening, books->server_parts());
        if (const Status listened = server.listen(); !listened) {
            return fail(listened.error().code,
                        listened.error().detail +
                            " Choose another with --port, or any that is free with --port 0.");
        }
        TRY(books->followers().start());
        const StopSignals signals(server, books->streams());
        books->api().set_base_url(TRY(options.on_listening({server.port(), books->open_setup()})));
        server.run();
    }
    books->followers().stop();
    books->store().drain();
    // Nothing listens any more: who comes back at once finds out, and tries again later.
    books->streams().stop();
    const app::Store::Health health = books->store().health();
    if (health.reason.empty() || health.reason == "draining") return cli::kExitDone;
    log(LogLevel::error, "ended without accepting writes: " + health.reason);
    return cli::kExitSyncFailed;
}

int run(int argc, const char* const* argv) {
    static SystemClock clock;
    static SystemRandom random;
    constexpr mode_t kOnlyOurs = 0077;
    ::umask(kOnlyOurs);
    // Large buffers go back to the machine at once; by itself a heap would keep ever larger ones.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    const cli::Machine machine{
        .open_to_read =
            [](const cli::DataDirectory& data) {
                return open_store(data, clock, random, cli::Machine::Access::read);
            },
        .open_api = open_api,
        .open_maintenance =
            [](const cli::DataDirectory& data, cli::Machine::Access access) {
                return open_maintenance(data, clock, random, access);
            },
        .move = [](const cli::MovePlace& from, const cli::MovePlace& to,
                   const auto& progress) { return move_books(from, to, progress, clock, random); },
        .serve = serve,
        .clock = clock,
        .version = DAYBOOK_VERSION,
    };
    cli::Console console = cli::Console::standard();
    return cli::run(argc, argv, machine, console);
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) {
    try {
        return daybook::run(argc, argv);
    } catch (const std::exception& thrown) {
        daybook::log(daybook::LogLevel::error, thrown.what());
        return daybook::cli::kExitFailed;
    }
}
