// Names of the enums, the starter set, and the business date of a property.
#include "domain/property.h"

#include <algorithm>
#include <span>

namespace daybook::domain {
namespace {

constexpr std::array<std::string_view, 2> kAccountNames{"cash", "bank"};
constexpr std::array<std::string_view, 5> kPropertyKinds{"hotel", "hostel", "resort", "apartment",
                                                         "other"};
constexpr std::array<std::string_view, 2> kCategoryKinds{"category", "source"};

template <class Enum>
std::optional<Enum> find_name(std::span<const std::string_view> names, std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view account_name(Account account) {
    return kAccountNames.at(static_cast<std::size_t>(account));
}

std::optional<Account> parse_account(std::string_view text) {
    return find_name<Account>(kAccountNames, text);
}

std::string_view property_kind_name(PropertyKind kind) {
    return kPropertyKinds.at(static_cast<std::size_t>(kind));
}

std::optional<PropertyKind> parse_property_kind(std::string_view text) {
    return find_name<PropertyKind>(kPropertyKinds, text);
}

std::string_view category_kind_name(CategoryKind kind) {
    return kCategoryKinds.at(static_cast<std::size_t>(kind));
}

std::optional<CategoryKind> parse_category_kind(std::string_view text) {
    return find_name<CategoryKind>(kCategoryKinds, text);
}

BusinessDate business_date_at(const Property& property, WallClock now, WallClock now_by_next) {
    const auto date_by = [](const ClockRule& rule, WallClock wall) {
        return std::max(business_date(wall, rule.cutoff_minutes), rule.from);
    };
    const BusinessDate today = date_by(property.clock, now);
    if (!property.next_clock || today < property.next_clock->from) return today;
    return date_by(*property.next_clock, now_by_next);
}

std::vector<StarterCategory> starter_categories() {
    using enum CategoryKind;
    return {
        {source, "room", "Room", "Rooms"},
        {source, "addon", "Add-on", "Other operated departments"},
        {source, "advance", "Advance", "Rooms"},
        {source, "other", "Other", "Miscellaneous income"},
        {category, "supplies", "Supplies", "Rooms"},
        {category, "maintenance", "Maintenance", "Property operations and maintenance"},
        {category, "utilities", "Utilities", "Utilities"},
        {category, "marketing", "Marketing", "Sales and marketing"},
        {category, "staff", "Staff", "Administrative and general"},
        {category, "insurance", "Insurance", "Non-operating"},
        {category, "commission", "Commission", "Rooms"},
        {category, "housekeeping", "Housekeeping", "Rooms"},
        {category, "other", "Other", "Administrative and general"},
    };
}

}  // namespace daybook::domain
