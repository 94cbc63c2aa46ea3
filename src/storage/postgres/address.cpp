// Parsing by libpq, and the defaults that we add to its own.
#include "storage/postgres/address.h"

#include <libpq-fe.h>

#include <memory>
#include <utility>

namespace daybook::storage::postgres {
namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

bool is_secret(std::string_view keyword) {
    return keyword == "password" || keyword == "sslpassword";
}

// Before the address, which may say otherwise: a server that is gone is noticed within seconds, and
// of several servers the one that can be written is taken.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"connect_timeout", "5"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"},
    {"target_session_attrs", "read-write"},
    {"fallback_application_name", "daybook"},
};

}  // namespace

bool is_address(std::string_view text) {
    return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

// libpq's own message would repeat the text, and so a secret in it.
Result<Address> Address::parse(std::string_view text) {
    std::string kept(text);
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> options(
        is_address(text) ? PQconninfoParse(kept.c_str(), &message) : nullptr);
    PQfreemem(message);
    if (!options) {
        return fail(ErrorCode::invalid_value,
                    "This is not an address of PostgreSQL; it looks like "
                    "postgres://user@host:5432/database?sslmode=verify-full.");
    }
    for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
        if (each->val == nullptr || !is_secret(each->keyword)) continue;
        return fail(ErrorCode::invalid_value,
                    "An address must not hold a password, because others see it: put it into the "
                    "file that PGPASSFILE names, or ~/.pgpass.");
    }
    return Address(std::move(kept));
}

Address::Parameters Address::parameters() const {
    Parameters parameters;
    const auto add = [&](const char* name, const char* value) {
        parameters.names.push_back(name);
        parameters.values.push_back(value);
    };
    for (const auto& [name, value] : kDefaults) add(name, value);
    add("dbname", text_.c_str());
    add("client_encoding", "UTF8");
    add(nullptr, nullptr);
    return parameters;
}

}  // namespace daybook::storage::postgres
