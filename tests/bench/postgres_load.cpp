// Orgs, commands, and a loop that is closed by the answers.
#include "postgres_load.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

#include "storage/postgres/store.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

using app::Command;
using app::Outcome;
using std::chrono::steady_clock;

// Submits all, so many at a time; the first alone, so that the others wait together behind it.
class Loop {
 public:
    Loop(app::Store& store, std::vector<Command> commands, int waiting)
        : store_(store), commands_(std::move(commands)), waiting_(waiting) {}

    double run() {
        const auto start = steady_clock::now();
        submit_next();
        done_.get_future().get();
        const std::chrono::duration<double> took = steady_clock::now() - start;
        if (refused_ > 0) throw std::runtime_error(fmt::format("{} were refused", refused_));
        return static_cast<double>(commands_.size()) / took.count();
    }

 private:
    // The rest happens on the writer's thread.
    void submit_next() {
        if (next_ == commands_.size()) return;
        store_.submit(std::move(commands_[next_++]), [this](const Result<Outcome>& outcome) {
            const bool is_done = outcome && outcome->items.front().result;
            if (!is_done) ++refused_;
            const std::size_t more = answered_ == 0 ? static_cast<std::size_t>(waiting_) : 1;
            for (std::size_t i = 0; i < more; ++i) submit_next();
            if (++answered_ == commands_.size()) done_.set_value();
        });
    }

    app::Store& store_;
    std::vector<Command> commands_;
    const int waiting_;
    std::size_t next_ = 0;
    std::size_t answered_ = 0;
    std::size_t refused_ = 0;
    std::promise<void> done_;
};

}  // namespace

PostgresLoad::PostgresLoad(std::string address, int orgs) : address_(std::move(address)) {
    open();
    for (int i = 0; i < orgs; ++i) make_org(i + 1);
}

void PostgresLoad::open() {
    auto opened =
        storage::postgres::open_store({.address = address_, .clock = clock_, .random = random_});
    if (!opened) throw std::runtime_error(opened.error().detail);
    store_ = *std::move(opened);
}

void PostgresLoad::make_org(int number) {
    test::TestOrg org(*store_, static_cast<std::uint64_t>(number));
    Place place{org.owner(), org.add_property("Casa Azul")};
    app::CreateTokenWithSecret create;
    create.token = {org.new_id<TokenId>(), "bench", domain::Role::owner, {}, std::nullopt};
    random_.fill(create.secret_hash);
    place.principal.via = {domain::ViaKind::token, create.token.id};
    const auto made = org.run(std::move(create));
    if (!made) throw std::runtime_error(made.error().detail);
    places_.push_back(std::move(place));
}

std::vector<Command> PostgresLoad::commands(std::int64_t count) {
    std::vector<Command> commands;
    commands.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t number = made_++;
        const Place& place = places_[static_cast<std::size_t>(number) % places_.size()];
        domain::AddEntry add;
        add.id = new_id<EntryId>(clock_.now(), random_);
        add.property = place.property;
        add.kind = domain::EntryKind::expense;
        const std::int64_t in_org = number / std::ssize(places_);
        add.business_date = utc_today().plus(-1 - static_cast<std::int32_t>(in_org % kDays));
        add.content.amount = {1'000 + in_org % 5'000, test::currency("EUR")};
        add.content.key = in_org % 2 == 0 ? "supplies" : "maintenance";
        add.content.payment_mode = in_org % 3 == 0 ? domain::Account::bank : domain::Account::cash;
        add.content.description =
            domain::Text{fmt::format("Fresh towels and soap, delivery {}", number)};
        add.content.party = domain::Text{"Linen Service"};
        add.content.external_id = fmt::format("bench-{}", number);
        Command command{place.principal, "bench", std::nullopt, test::single(std::move(add))};
        command.idempotency.emplace();
        random_.fill(command.idempotency->key);
        random_.fill(command.idempotency->request);
        commands.push_back(std::move(command));
    }
    return commands;
}

double PostgresLoad::run(std::int64_t count) {
    return Loop(*store_, commands(count), kWaiting).run();
}

}  // namespace daybook::bench
