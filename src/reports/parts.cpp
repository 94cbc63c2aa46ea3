// Look-ups and sums.
#include "reports/parts.h"

#include "base/check.h"

namespace daybook::reports {

Catalogue::Catalogue(std::vector<domain::Category> categories)
    : categories_(std::move(categories)) {
    for (std::size_t i = 0; i < categories_.size(); ++i) {
        const domain::Category& category = categories_.at(i);
        places_.emplace(std::pair{category.kind, std::string_view(category.key)}, i);
    }
}

const domain::Category* Catalogue::find(domain::CategoryKind kind, std::string_view key) const {
    const auto found = places_.find({kind, key});
    return found == places_.end() ? nullptr : &categories_.at(found->second);
}

std::string_view Catalogue::shown_key(domain::CategoryKind kind, std::string_view key) const {
    std::string_view shown = key;
    for (std::size_t hops = 0; hops <= categories_.size(); ++hops) {
        const domain::Category* category = find(kind, shown);
        if (category == nullptr || category->merged_into.empty()) return shown;
        shown = category->merged_into;
    }
    return key;
}

std::string_view Catalogue::name(domain::CategoryKind kind, std::string_view key) const {
    const domain::Category* category = find(kind, key);
    return category == nullptr ? key : std::string_view(category->name);
}

std::size_t Catalogue::rank(domain::CategoryKind kind, std::string_view key) const {
    const auto found = places_.find({kind, key});
    return found == places_.end() ? categories_.size() : found->second;
}

void PartSums::add(std::string_view key, const domain::CategoryTotals& totals) {
    if (totals.is_zero()) return;
    const std::string_view shown = catalogue_->shown_key(kind_, key);
    sums_[{catalogue_->rank(kind_, shown), std::string(shown)}] += totals;
}

void PartSums::add(const PartSums& other) {
    CHECK(other.kind_ == kind_);
    for (const auto& [order, totals] : other.sums_) sums_[order] += totals;
}

std::vector<Part> PartSums::parts(Names names) const {
    std::vector<Part> parts;
    for (const auto& [order, totals] : sums_) {
        if (totals.is_zero()) continue;
        const std::string& key = order.second;
        const std::string_view name =
            names == Names::shown ? catalogue_->name(kind_, key) : std::string_view();
        parts.push_back({key, std::string(name), totals.amount, totals.count});
    }
    return parts;
}

std::int64_t PartSums::amount_minor() const {
    std::int64_t sum = 0;
    for (const auto& [order, totals] : sums_) sum += totals.amount;
    return sum;
}

}  // namespace daybook::reports
