// Rows of a CSV as entries, by a mapping of the user's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/import_mapping.h"
#include "cli/row_mapper.h"

namespace daybook::cli {

class MappedRows final : public RowMapper {
 public:
    explicit MappedRows(ImportMapping mapping) : mapping_(std::move(mapping)) {}

    CellResult<void> read_header(const CsvRow& header) override;
    CellResult<MappedRow> map(const CsvRow& row) override;
    [[nodiscard]] std::string_view profile() const override { return mapping_.name; }
    [[nodiscard]] char delimiter() const override { return mapping_.delimiter; }
    // None: a name that is not there is a mistake in the file more often than a new place.
    [[nodiscard]] std::optional<domain::Property> new_property(std::string_view) const override {
        return std::nullopt;
    }

 private:
    // What a field says in a row, and where that stands.
    struct Value {
        std::string text;
        Place place;
        std::string_view column;  // of the mapping
    };

    [[nodiscard]] std::string evaluate(const FieldRule& rule, const CsvRow& row) const;
    [[nodiscard]] CellResult<Value> value(MappedField field, const CsvRow& row) const;
    [[nodiscard]] CellResult<Value> needed(MappedField field, const CsvRow& row) const;
    [[nodiscard]] CellResult<std::string> text(MappedField field, const CsvRow& row,
                                               std::size_t bytes_max) const;
    template <class Parse>
    auto parsed(MappedField field, const CsvRow& row, Parse&& parse, std::string_view choices) const
        -> CellResult<typename decltype(parse(std::string_view()))::value_type>;
    [[nodiscard]] CellResult<std::int64_t> amount(const Value& value) const;
    CellResult<void> read_texts(const CsvRow& row, domain::EntryContent& content) const;
    CellResult<void> read_money(const CsvRow& row, domain::EntryContent& content) const;
    CellResult<void> read_dates(const CsvRow& row, ImportEntry& entry) const;
    CellResult<void> read_books(const CsvRow& row, ImportEntry& entry) const;
    [[nodiscard]] bool is_skipped(const CsvRow& row) const;

    ImportMapping mapping_;
    std::optional<Columns> columns_;
    std::size_t skip_column_ = 0;
};

}  // namespace daybook::cli
