// Breakdowns by source and category: in the org's order, merged keys under the key that they were
// merged into.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/property.h"
#include "domain/totals.h"
#include "reports/report.h"

namespace daybook::reports {

// The org's categories and sources, made once per answer.
class Catalogue {
 public:
    // `categories` in the order in which they are to be shown.
    explicit Catalogue(std::vector<domain::Category> categories);
    Catalogue(const Catalogue&) = delete;  // places_ points into categories_
    Catalogue& operator=(const Catalogue&) = delete;
    Catalogue(Catalogue&&) = default;
    Catalogue& operator=(Catalogue&&) = default;

    // The key that an entry with `key` is shown under: follows mergers to their end. A circle
    // cannot be, as a merger into a merged key is refused; were there one, or an unknown key, the
    // entry stays under its own key.
    [[nodiscard]] std::string_view shown_key(domain::CategoryKind kind, std::string_view key) const;
    // The name, or the key itself if unknown.
    [[nodiscard]] std::string_view name(domain::CategoryKind kind, std::string_view key) const;
    // Sorts before what is shown later; unknown keys are last.
    [[nodiscard]] std::size_t rank(domain::CategoryKind kind, std::string_view key) const;

 private:
    [[nodiscard]] const domain::Category* find(domain::CategoryKind kind,
                                               std::string_view key) const;

    std::vector<domain::Category> categories_;
    std::map<std::pair<domain::CategoryKind, std::string_view>, std::size_t> places_;
};

// Adds up one list of parts.
class PartSums {
 public:
    PartSums(const Catalogue& catalogue, domain::CategoryKind kind)
        : catalogue_(&catalogue), kind_(kind) {}

    void add(std::string_view key, const domain::CategoryTotals& totals);
    void add(const PartSums& other);

    // The parts that have entries, in order. With names or, within the steps of a period, without.
    enum class Names : std::uint8_t { shown, left_out };
    [[nodiscard]] std::vector<Part> parts(Names names) const;
    [[nodiscard]] std::int64_t amount_minor() const;

 private:
    using Order = std::pair<std::size_t, std::string>;  // rank, key
    const Catalogue* catalogue_;
    domain::CategoryKind kind_;
    std::map<Order, domain::CategoryTotals> sums_;
};

}  // namespace daybook::reports
