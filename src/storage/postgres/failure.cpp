// The table of SQLSTATEs (PostgreSQL 15, appendix A).
#include "storage/postgres/failure.h"

#include <fmt/format.h>

#include <string>

namespace daybook::storage::postgres {
namespace {

ErrorCode code_of(std::string_view state) {
    if (state == "53100") return ErrorCode::disk_full;
    if (state == "25006") return ErrorCode::busy;  // a standby, until it is promoted
    if (state == "55P03") return ErrorCode::busy;  // a lock was not to be had in time
    const std::string_view kind = state.substr(0, 2);
    if (kind == "08" || kind == "40" || kind == "53" || kind == "57") return ErrorCode::busy;
    if (kind == "58") return ErrorCode::io_failed;
    if (kind == "XX") return ErrorCode::corrupt;
    return ErrorCode::internal;
}

std::string_view advice_for(ErrorCode code) {
    switch (code) {
        case ErrorCode::disk_full:
            return "The disk of the database is full: make room, then ask again.";
        case ErrorCode::busy: return "The database is busy or not there: ask again shortly.";
        case ErrorCode::io_failed: return "The database could not read or write its files.";
        case ErrorCode::corrupt:
            return "The database is damaged: go back to a backup that is whole.";
        default: return "The database refused what it should not.";
    }
}

}  // namespace

Error failure(const PGresult* answer, std::string_view what) {
    const char* found = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const std::string state = found == nullptr ? "08006" : found;
    const ErrorCode code = code_of(state);
    return error(code, fmt::format("{} ({}: SQLSTATE {})", advice_for(code), what, state));
}

}  // namespace daybook::storage::postgres
