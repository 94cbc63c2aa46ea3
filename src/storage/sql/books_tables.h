// Which tables are the books, that is a fold of the log (I1), and by what key their rows are known.
//
// All others are the log itself (the events and what they name), side tables, and the bookkeeping
// of the schema.
#pragma once

#include <array>

#include "storage/sql/run.h"

namespace daybook::storage::sql {

// Each with its key columns, which come first. Parents before children.
inline constexpr std::array kBooksTables{
    Table{"orgs", 1},
    Table{"heads", 1},
    Table{"properties", 2},
    Table{"counters", 2},
    Table{"categories", 2},
    Table{"tokens", 2},
    Table{"entries", 2},
    Table{"entry_reversals", 2},
    Table{"cash_counts", 2},
    Table{"adjustments", 2},
    Table{"day_totals", 4},
    Table{"day_categories", 5},
    Table{"day_pending", 4},
    Table{"webhooks", 2},
    Table{"closings", 4},
    Table{"locks", 2},
    Table{"lock_exceptions", 3},
    Table{"users", 2},
    Table{"undecided", 4},
    Table{"daily_approvals", 4},
    Table{"notifications", 3},
    Table{"change_requests", 2},
};

// Beside the events in the log, so that a rebuild leaves them alone: each is named by an event.
inline constexpr std::array kLogTables{Table{"frozen_reports", 2}};

// Not made from events, but with checksums of their own.
inline constexpr std::array kSideTables{
    Table{"token_secrets", 1},    Table{"idempotency_0", 2},    Table{"idempotency_1", 2},
    Table{"idempotency_2", 2},    Table{"idempotency_3", 2},    Table{"webhook_secrets", 2},
    Table{"webhook_attempts", 3}, Table{"deliveries", 2},       Table{"dead_letters", 2},
    Table{"passwords", 2},        Table{"sign_in_sessions", 2}, Table{"sign_in_links", 2},
    Table{"last_uses", 2},        Table{"failed_sign_ins", 1},  Table{"access_log", 4},
    Table{"read_marks", 2},
};

}  // namespace daybook::storage::sql
