// Reads a day or a period; weighs what it read.
#include "reports/property_part.h"

#include <utility>

#include "reports/daily.h"

namespace daybook::reports {
namespace {

std::size_t bytes_of(const std::vector<Part>& parts) {
    std::size_t bytes = parts.capacity() * sizeof(Part);
    for (const Part& part : parts) bytes += part.key.capacity() + part.name.capacity();
    return bytes;
}

std::size_t bytes_of(const Numbers& numbers) {
    return bytes_of(numbers.revenue_by_source) + bytes_of(numbers.expense_by_category);
}

std::size_t bytes_of(const domain::Entry& entry) {
    const domain::EntryContent& content = entry.content;
    return sizeof entry + content.key.capacity() + content.method.capacity() +
           content.external_id.capacity() + content.party.value.capacity() +
           content.description.value.capacity() + content.reference.value.capacity() +
           entry.reason.value.capacity();
}

std::size_t bytes_of(const DailyReport& report) {
    std::size_t bytes = report.property_name.capacity() + bytes_of(report.numbers);
    for (const domain::Entry& entry : report.entries) bytes += bytes_of(entry);
    return bytes;
}

std::size_t bytes_of(const PeriodReport& report) {
    std::size_t bytes = report.property_name.capacity() + report.period.label.capacity() +
                        bytes_of(report.numbers) + report.steps.capacity() * sizeof(StepReport);
    for (const StepReport& step : report.steps) bytes += bytes_of(step.numbers);
    return bytes;
}

}  // namespace

Result<SharedPart> read_part(Source& source, const domain::Property& property,
                             const Catalogue& catalogue, const PeriodPlan& plan,
                             std::size_t entries_max) {
    if (plan.kind == ReportKind::daily) {
        return std::make_shared<const PropertyPart>(
            TRY(daily_report(source, property, catalogue, plan.period.dates.from, entries_max)));
    }
    return std::make_shared<const PropertyPart>(
        TRY(period_report(source, property, catalogue, plan)));
}

std::size_t bytes_of(const PropertyPart& part) {
    return sizeof part + std::visit([](const auto& report) { return bytes_of(report); }, part);
}

}  // namespace daybook::reports
