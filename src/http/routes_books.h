// Cash balances with their counts and openings, corrections, categories and sources.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

// One row per property and day.
Result<Response> list_cash_balances(const ReadCall& call);
// A count, or an opening.
Result<Write> put_cash_balance(const WriteCall& call);

Result<Response> list_adjustments(const ReadCall& call);
Result<Write> add_adjustment(const WriteCall& call);

Result<Response> list_categories(const ReadCall& call);
Result<Response> get_category(const ReadCall& call);
Result<Write> add_category(const WriteCall& call);
Result<Write> update_category(const WriteCall& call);

}  // namespace daybook::http
