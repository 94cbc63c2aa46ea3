// Appends to our PostgreSQL store, beside the same statements run by pgbench, and beside
// message-db; one org alone, and a thousand together. All servers are set up alike, and durable.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "measurements.h"
#include "message_db.h"
#include "pgbench.h"
#include "postgres_load.h"
#include "scale.h"
#include "statement_log.h"
#include "support/postgres_server.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr std::int64_t kAppends = 20'000;
constexpr int kOrgs = 1'000;
constexpr double kPgbenchRatioMin = 0.8;
constexpr double kMessageDbRatioMin = 2;

// What the store does in its batches, as scripts of pgbench on a copy of its database.
class SameStatements {
 public:
    // Has the load append what is recorded: all of its orgs once. Throws std::runtime_error.
    SameStatements(PostgresLoad& load, const std::string& database, int orgs) {
        load.close();
        test::run_postgres("postgres", "alter database " + database + " set log_statement = 'all'");
        load.open();
        const std::size_t before = log().size();
        constexpr std::int64_t kBesides = 6;  // some make plans
        load.run(1 + orgs + kBesides * PostgresLoad::kWaiting);
        load.close();
        test::run_postgres("postgres", "alter database " + database + " reset log_statement");
        write_scripts(log().substr(before));
        run_.socket_directory = test::postgres_directory();
        run_.database = "pgbench_of_" + database;
        test::run_postgres("postgres",
                           "create database " + run_.database + " template " + database);
        load.open();
    }

    // Appends a second.
    double run() {
        const std::string seconds = by_scale("5", "1");
        const std::int64_t first = ++runs_ * 1'000'000;
        run_.options = {"--time=" + seconds, fmt::format("--define=batch={}", first)};
        return run_pgbench(run_) * PostgresLoad::kWaiting;
    }

 private:
    static std::string log() {
        std::ifstream file(test::postgres_directory() + "/server.log");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    // Of the batches that are full. The first may make plans, which no other does.
    void write_scripts(std::string_view logged) {
        auto batches = logged_transactions(logged);
        std::erase_if(batches, [](const auto& batch) {
            const bool is_full = events_in(batch) == PostgresLoad::kWaiting;
            return !is_full ||
                   std::ranges::find(batch, "discard plans", &LoggedStatement::text) != batch.end();
        });
        if (batches.empty()) throw std::runtime_error("the server has logged no full batch");
        for (const auto& batch : batches) {
            const auto path = directory_.path() / fmt::format("{}.sql", run_.scripts.size());
            std::ofstream(path) << pgbench_script(batch);
            run_.scripts.push_back(path);
        }
    }

    test::TemporaryDirectory directory_;
    PgbenchRun run_;
    std::int64_t runs_ = 0;
};

// A load on a database of its own. Each of the days that entries are dated to has its totals
// already, as most have when one more entry comes.
struct Books {
    explicit Books(int count) : orgs(count), load(database.address(), count) {
        load.run(std::int64_t{count} * PostgresLoad::kDays);
    }
    const int orgs;
    test::LentDatabase database;
    PostgresLoad load;
};

struct Loads {
    Books one{1};
    Books many{by_scale(kOrgs, kOrgs / 10)};
};

void note(Figure& figure, double ours, double theirs, std::string_view whose) {
    figure.values.push_back(ours);
    figure.baseline_values.push_back(theirs);
    say(fmt::format("{} {}: {:.0f}/s, {} {:.0f}/s", figure.name, figure.values.size(), ours, whose,
                    theirs));
}

}  // namespace

std::vector<Figure> measure_postgres_append() {
    const std::int64_t appends = by_scale(kAppends, kAppends / 10);
    Loads loads;
    const std::string baseline = "pgbench, the same statements in batches of 64";
    Figure one{"postgres_append", "appends/s", {}, baseline, {}, "ratio at least 0.8", false};
    Figure many{"postgres_append_1000_orgs", "appends/s", {}, baseline, {},
                "ratio at least 0.8",        false};
    for (auto [figure, books] : {std::pair{&one, &loads.one}, std::pair{&many, &loads.many}}) {
        SameStatements same(books->load, books->database.name(), books->orgs);
        for (int run = 0; run < by_scale(kRuns, 2); ++run) {
            const double ours = books->load.run(appends);
            note(*figure, ours, same.run(), "pgbench");
        }
        figure->met = ratio(*figure).value() >= kPgbenchRatioMin;
    }
    return {one, many};
}

std::vector<Figure> measure_postgres_message_db() {
    using Categories = MessageDb::Categories;
    const std::int64_t appends = by_scale(kAppends, kAppends / 10);
    const std::string clients =
        fmt::format("message-db by pgbench, {} clients, ", PostgresLoad::kWaiting);
    Figure one{
        "postgres_message_db", "events/s", {}, clients + "one category, which orders them", {},
        "ratio at least 2",    false};
    Figure many{
        "postgres_message_db_1000_orgs", "events/s", {}, clients + "any of 1,000 categories", {},
        "none: stated beside",           true};
    const Workplace place;  // for the JSON
    Loads loads;
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        MessageDb peer;
        const auto theirs = [&](Categories categories) {
            return peer.append(PostgresLoad::kWaiting, appends / PostgresLoad::kWaiting,
                               place.expense_json(0), categories);
        };
        const double ours = loads.one.load.run(appends);
        note(one, ours, theirs(Categories::one), "message-db");
        const double ours_many = loads.many.load.run(appends);
        note(many, ours_many, theirs(Categories::thousand), "message-db");
    }
    one.met = ratio(one).value() >= kMessageDbRatioMin;
    return {one, many};
}

}  // namespace daybook::bench
