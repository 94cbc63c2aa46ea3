// libnats, with its callbacks.
#include "delivery/nats/bus.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace daybook::delivery::nats {
namespace {

constexpr std::int64_t kReconnectMs = 250;
constexpr std::int64_t kConnectMs = 2'000;
constexpr std::int64_t kPingMs = 2'000;
constexpr int kPingsUnanswered = 2;
constexpr int kForEver = -1;

struct Destroy {
    void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
    void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
    void operator()(natsSubscription* subscription) const {
        natsSubscription_Destroy(subscription);
    }
    void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
};
template <class Thing>
using Owned = std::unique_ptr<Thing, Destroy>;

Status check(natsStatus status) {
    if (status == NATS_OK) return {};
    return fail(ErrorCode::invalid_value,
                std::string("The bus cannot be used as it is named: ") +
                    natsStatus_GetText(status) +
                    ". Name NATS servers, as in --bus nats://10.0.0.1:4222,nats://10.0.0.2:4222.");
}

Result<std::vector<std::string>> addresses_of(std::string_view servers) {
    std::vector<std::string> addresses;
    while (!servers.empty()) {
        const std::string_view each = servers.substr(0, servers.find(','));
        servers.remove_prefix(std::min(each.size() + 1, servers.size()));
        const bool is_known = each.starts_with("nats://") || each.starts_with("tls://");
        if (!is_known || each.find('@') != std::string_view::npos) {
            return fail(ErrorCode::invalid_value,
                        "A server of the bus is named nats://HOST:PORT or tls://HOST:PORT, without "
                        "a password, since command lines are public: use --bus-credentials.");
        }
        addresses.emplace_back(each);
    }
    if (addresses.empty()) return fail(ErrorCode::invalid_value, "The bus names no server.");
    return addresses;
}

}  // namespace

class Bus::Connection {
 public:
    Connection(std::function<void(std::string_view)> heard, std::string subject)
        : heard_(std::move(heard)), subject_(std::move(subject)) {}

    ~Connection() {
        if (!connection_) return;
        natsConnection_Close(connection_.get());
        // A message may be on its way through `arrived`.
        if (subscription_) completed_.get_future().wait_for(std::chrono::milliseconds(kConnectMs));
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Status open(const BusOptions& asked) {
        std::vector<std::string> addresses = TRY(addresses_of(asked.servers));
        std::vector<const char*> servers;
        for (const std::string& each : addresses) servers.push_back(each.c_str());
        natsOptions* made = nullptr;
        TRY(check(natsOptions_Create(&made)));
        const Owned<natsOptions> options(made);
        TRY(check(natsOptions_SetServers(made, servers.data(), static_cast<int>(servers.size()))));
        TRY(check(natsOptions_SetName(made, "daybook")));
        TRY(check(natsOptions_SetTimeout(made, kConnectMs)));
        TRY(check(natsOptions_SetMaxReconnect(made, kForEver)));
        TRY(check(natsOptions_SetReconnectWait(made, kReconnectMs)));
        TRY(check(natsOptions_SetPingInterval(made, kPingMs)));
        TRY(check(natsOptions_SetMaxPingsOut(made, kPingsUnanswered)));
        TRY(check(natsOptions_SetNoEcho(made, true)));
        TRY(check(natsOptions_SetSendAsap(made, true)));
        TRY(check(natsOptions_SetDisconnectedCB(made, lost, this)));
        TRY(check(natsOptions_SetReconnectedCB(made, found, this)));
        TRY(check(natsOptions_SetRetryOnFailedConnect(made, true, found, this)));
        if (asked.servers.find("tls://") != std::string::npos) {
            TRY(check(natsOptions_SetSecure(made, true)));
        }
        if (!asked.credentials.empty()) {
            TRY(check(
                natsOptions_SetUserCredentialsFromFiles(made, asked.credentials.c_str(), nullptr)));
        }
        natsConnection* connection = nullptr;
        const natsStatus connected = natsConnection_Connect(&connection, made);
        if (connected != NATS_NOT_YET_CONNECTED) TRY(check(connected));
        connection_.reset(connection);
        natsSubscription* subscription = nullptr;
        TRY(check(
            natsConnection_Subscribe(&subscription, connection, subject_.c_str(), arrived, this)));
        subscription_.reset(subscription);
        return check(natsSubscription_SetOnCompleteCB(subscription, completed, this));
    }

    void publish(const std::string& message) {
        if (!is_connected()) return;
        natsConnection_Publish(connection_.get(), subject_.c_str(), message.data(),
                               static_cast<int>(message.size()));
    }

    [[nodiscard]] bool is_connected() const {
        return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED;
    }

 private:
    static void arrived(natsConnection*, natsSubscription*, natsMsg* taken, void* closure) {
        const Owned<natsMsg> message(taken);
        const auto size = static_cast<std::size_t>(natsMsg_GetDataLength(taken));
        static_cast<Connection*>(closure)->heard_(std::string_view(natsMsg_GetData(taken), size));
    }
    static void completed(void* closure) {
        static_cast<Connection*>(closure)->completed_.set_value();
    }
    static void lost(natsConnection*, void*) {
        log(LogLevel::warning,
            "The bus is not connected: what other nodes write is looked for once a second.");
    }
    static void found(natsConnection*, void*) { log(LogLevel::info, "The bus is connected."); }

    const std::function<void(std::string_view)> heard_;
    const std::string subject_;
    std::promise<void> completed_;
    Owned<natsConnection> connection_;
    Owned<natsSubscription> subscription_;
};

Result<std::unique_ptr<Bus>> Bus::open(const BusOptions& options,
                                       std::function<void(std::string_view)> heard) {
    auto connection = std::make_unique<Connection>(std::move(heard), options.subject);
    TRY(connection->open(options));
    return std::unique_ptr<Bus>(new Bus(std::move(connection)));
}

Bus::Bus(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

Bus::~Bus() = default;

void Bus::publish(const std::string& message) {
    connection_->publish(message);
}

bool Bus::is_connected() const {
    return connection_->is_connected();
}

}  // namespace daybook::delivery::nats
