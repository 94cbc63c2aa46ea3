// Closings, locks and daily approvals as JSON.
#pragma once

#include "base/json_writer.h"
#include "domain/day.h"
#include "domain/gate.h"
#include "domain/property.h"

namespace daybook::http {

// The members of an object that the caller has begun and ends.
void write_closing_members(JsonWriter& json, const domain::Closing& closing,
                           domain::Currency currency);
void write_closing(JsonWriter& json, const domain::Closing& closing, domain::Currency currency);
void write_lock(JsonWriter& json, const domain::PeriodLock& lock);
void write_lock_exception(JsonWriter& json, const domain::LockException& exception);
void write_daily_approval(JsonWriter& json, const domain::DailyApproval& approval);

}  // namespace daybook::http
