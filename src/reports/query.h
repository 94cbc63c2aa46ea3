// The one way to a report: http, the command line and the cache all call render().
//
// The caller has checked access and resolved the properties; org, zone and clock are its business
// too (a left-out date is already filled in). All reads of one call come from one Source, so from
// one snapshot. Threads: none; a call uses its source alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "reports/answer.h"
#include "reports/period.h"
#include "reports/property_part.h"
#include "reports/source.h"

namespace daybook::reports {

enum class Format : std::uint8_t { json, csv, table };

struct ReportQuery {
    PeriodAsked period;
    std::vector<PropertyId> properties;  // as asked for; empty: all that the reader may see
    Format format = Format::json;

    [[nodiscard]] ReportKind kind() const { return static_cast<ReportKind>(period.index()); }
    [[nodiscard]] AnswerShape shape() const {
        return properties.size() == 1 ? AnswerShape::one : AnswerShape::several;
    }
};

struct Rendered {
    std::string bytes;
    std::string_view content_type;
    domain::DateRange
        dates;  // of the period; the answer is stale once anything on or before its end changes
    Position stamp = 0;  // the org's head in the snapshot that was read
};

// Days or months in one answer, over all of its properties (a month of 2,000 properties is 62,000).
// Above: 422 range_too_long.
inline constexpr std::size_t kReportRowsMax = 64'000;
// Entries in one daily answer, over all of its properties. Each property shows an equal share of
// them, at most limits::kReportEntriesMax, and a link to the rest.
inline constexpr std::size_t kAnswerEntriesMax = 64'000;

// Of one answer over so many properties: entries that each of them shows.
std::size_t entries_max_of(std::size_t properties);

// The fiscal start is that of the org and these properties. Errors: those of plan_period();
// range_too_long.
Result<PeriodPlan> plan_of(const PeriodAsked& asked, const domain::Org& org,
                           const std::vector<domain::Property>& properties);

// The bytes of an answer that is put together from the parts of its properties, in any order.
// Error: total_too_large (a sum over properties).
Result<std::string> assemble(const ReportQuery& query, const PeriodPlan& plan,
                             const std::vector<SharedPart>& parts);

// `properties` are those of the query that the reader may see, in any order; the answer has them by
// name. Errors: not_found (one property was asked for and is not among them); those of plan_of(),
// assemble() and of the source; corrupt.
Result<Rendered> render(Source& source, const ReportQuery& query,
                        std::vector<domain::Property> properties);

std::string_view content_type(Format format);

}  // namespace daybook::reports
