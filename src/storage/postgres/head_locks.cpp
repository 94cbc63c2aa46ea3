// The statements of the locks. Orgs are given as their ids, one after the other.
#include "storage/postgres/head_locks.h"

namespace daybook::storage::postgres {
namespace {

using sql::Query;
using sql::Row;
using sql::Run;
using sql::Statement;

constexpr sql::Table kHeads{"heads", 1};

constexpr std::string_view kOfOrgs = R"(
    select org from heads where org in (
        select substring($1::bytea from n * 16 + 1 for 16)
        from generate_series(0, octet_length($1::bytea) / 16 - 1) n))";

// Not against foreign keys: nobody changes which org a log is of.
constexpr Query kTakeFree{"head_take_free", kOfOrgs,
                          " order by org for no key update of heads skip locked", ""};
constexpr Query kTake{"head_take", kOfOrgs, " order by org for no key update of heads", ""};
constexpr Query kKnown{"head_known", kOfOrgs, "", ""};
constexpr Query kTransaction{"transaction", "select pg_current_xact_id()::text", "", ""};

}  // namespace

HeadLocks::HeadLocks(sql::Connection& connection)
    : take_free_(connection, kTakeFree),
      take_(connection, kTake),
      known_(connection, kKnown),
      transaction_(connection, kTransaction) {}

Result<std::vector<OrgId>> HeadLocks::take_free(const std::vector<OrgId>& orgs) {
    return orgs_of(take_free_, orgs);
}

Result<std::vector<OrgId>> HeadLocks::take(const std::vector<OrgId>& orgs) {
    return orgs_of(take_, orgs);
}

Result<std::vector<OrgId>> HeadLocks::known(const std::vector<OrgId>& orgs) {
    return orgs_of(known_, orgs);
}

Result<std::vector<OrgId>> HeadLocks::orgs_of(Statement& statement,
                                              const std::vector<OrgId>& orgs) {
    std::vector<std::uint8_t> ids;
    for (const OrgId& org : orgs) {
        ids.insert(ids.end(), org.value.bytes.begin(), org.value.bytes.end());
    }
    Run run(statement);
    run.with(ids);
    return run.all_counted(kHeads, [](Row& row) { return row.id<OrgId>(); });
}

Result<std::string> HeadLocks::transaction() {
    Run run(transaction_);
    const auto found =
        TRY(run.all_counted(kHeads, [](Row& row) { return std::string(row.text()); }));
    return found.empty() ? std::string() : found.front();
}

}  // namespace daybook::storage::postgres
