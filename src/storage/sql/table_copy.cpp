// Pages of each table: copied, and then compared.
#include "storage/sql/table_copy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/sql/books_tables.h"
#include "storage/sql/event_table.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {
namespace {

constexpr std::size_t kPageRows = 500;
constexpr Table kHeads{"heads", 1};

// A value that is kept.
struct Kept {
    explicit Kept(const Value& value)
        : kind(value.kind), integer(value.integer), bytes(value.bytes.begin(), value.bytes.end()) {}
    [[nodiscard]] Value value() const { return {kind, integer, bytes}; }
    bool operator==(const Kept&) const = default;

    ValueKind kind;
    std::int64_t integer;
    std::vector<std::uint8_t> bytes;
};
using KeptRow = std::vector<Kept>;

std::vector<Value> values_of(const KeptRow& row, std::size_t count) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(row.at(i).value());
    return values;
}

bool is_whole(const KeptRow& row) {
    Checksum checksum;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) checksum.add(row[i].value());
    return checksum.value() == row.back().integer;
}

std::string marks(std::size_t count) {
    std::string text;
    for (std::size_t i = 1; i <= count; ++i) text += (i == 1 ? "?" : ", ?") + std::to_string(i);
    return text;
}

std::string insert_text(const std::string& table, const std::vector<std::string>& columns) {
    std::string names;
    for (const std::string& each : columns) names += (names.empty() ? "" : ", ") + each;
    return "insert into " + table + " (" + names + ") values (" + marks(columns.size()) + ")";
}

Error differs(const Table& table) {
    return error(ErrorCode::corrupt, "The copy of the table " + std::string(table.name) +
                                         " is not like its source. Begin anew with an empty "
                                         "database or a new directory.");
}

// A text of our own making, prepared when it is first run.
class Statements {
 public:
    Statements(Connection& connection, std::string name, std::string text)
        : connection_(connection), name_(std::move(name)), text_(std::move(text)) {}

    Result<std::vector<KeptRow>> rows(const std::vector<Value>& parameters) {
        TRY(prepare());
        TRY(prepared_->begin(parameters));
        std::vector<KeptRow> rows;
        while (TRY(prepared_->step())) {
            KeptRow& row = rows.emplace_back();
            for (const Value& value : prepared_->row()) row.emplace_back(value);
        }
        prepared_->end();
        return rows;
    }
    Status execute(const std::vector<Value>& parameters) {
        TRY(prepare());
        const Status done = prepared_->execute(parameters);
        prepared_->end();
        return done;
    }
    // The names of the first columns.
    Result<std::vector<std::string>> names(std::size_t count) {
        TRY(prepare());
        TRY(prepared_->begin({}));
        TRY(prepared_->step());
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i) names.emplace_back(prepared_->column_name(i));
        prepared_->end();
        return names;
    }

 private:
    Status prepare() {
        if (!prepared_) prepared_ = TRY(connection_.prepare(query_));
        return {};
    }

    Connection& connection_;
    const std::string name_;
    const std::string text_;
    const Query query_{name_, text_, "", ""};
    std::unique_ptr<Prepared> prepared_;
};

// The pages of a table, by its key.
class Pages {
 public:
    static Result<Pages> open(Connection& connection, const Table& table) {
        const std::string name(table.name);
        const auto keys = static_cast<std::size_t>(table.key_columns);
        auto any = std::make_unique<Statements>(connection, "copy_any_" + name,
                                                "select * from " + name + " limit 1");
        std::string key;
        std::string descending;
        for (const std::string& each : TRY(any->names(keys))) {
            key += (key.empty() ? "" : ", ") + each;
            descending += (descending.empty() ? "" : ", ") + each + " desc";
        }
        const std::string all = "select * from " + name;
        const std::string page = " order by " + key + " limit " + std::to_string(kPageRows);
        const std::string behind = " where (" + key + ") > (" + marks(keys) + ")";
        return Pages(
            keys, std::move(any),
            std::make_unique<Statements>(connection, "copy_first_" + name, all + page),
            std::make_unique<Statements>(connection, "copy_next_" + name, all + behind + page),
            std::make_unique<Statements>(connection, "copy_last_" + name,
                                         all + " order by " + descending + " limit 1"));
    }

    Result<std::vector<KeptRow>> behind(const std::optional<KeptRow>& last) {
        return last ? next_->rows(values_of(*last, keys_)) : first_->rows({});
    }
    // The names of the first columns.
    Result<std::vector<std::string>> names(std::size_t count) { return any_->names(count); }
    Result<std::optional<KeptRow>> last() {
        auto rows = TRY(last_->rows({}));
        if (rows.empty()) return std::nullopt;
        return std::move(rows.front());
    }

 private:
    using Owned = std::unique_ptr<Statements>;
    Pages(std::size_t keys, Owned any, Owned first, Owned next, Owned last)
        : keys_(keys),
          any_(std::move(any)),
          first_(std::move(first)),
          next_(std::move(next)),
          last_(std::move(last)) {}

    std::size_t keys_;
    Owned any_;
    Owned first_;
    Owned next_;
    Owned last_;
};

class Copy {
 public:
    Copy(CopyEnd& from, CopyEnd& to, const CopyProgress& progress)
        : from_(from), to_(to), progress_(progress) {}

    // Behind the last row that the target has.
    Status copy(const Table& table) {
        const std::string name(table.name);
        Pages source = TRY(Pages::open(from_.connection(), table));
        Pages target = TRY(Pages::open(to_.connection(), table));
        std::optional<KeptRow> last = TRY(target.last());
        std::unique_ptr<Statements> insert;
        while (true) {
            const std::vector<KeptRow> page = TRY(source.behind(last));
            if (page.empty()) return {};
            if (!insert) {
                insert = std::make_unique<Statements>(
                    to_.connection(), "copy_insert_" + name,
                    insert_text(name, TRY(source.names(page.front().size()))));
            }
            TRY(to_.begin());
            for (const KeptRow& row : page) {
                if (!is_whole(row)) return std::unexpected(damaged(table));
                TRY(insert->execute(values_of(row, row.size())));
            }
            TRY(to_.commit());
            last = page.back();
            progress_(table.name, std::ssize(page));
        }
    }

    Status compare(const Table& table) {
        Pages source = TRY(Pages::open(from_.connection(), table));
        Pages target = TRY(Pages::open(to_.connection(), table));
        std::optional<KeptRow> last;
        while (true) {
            const std::vector<KeptRow> expected = TRY(source.behind(last));
            if (TRY(target.behind(last)) != expected) return std::unexpected(differs(table));
            rows_ += std::ssize(expected);
            if (expected.empty()) return {};
            last = expected.back();
        }
    }

    // Whether the target has a copy that is complete, or other books.
    Result<bool> has_heads() {
        Pages heads = TRY(Pages::open(to_.connection(), kHeads));
        return TRY(heads.last()).has_value();
    }

    [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
    static Error damaged(const Table& table) {
        return error(ErrorCode::corrupt, "A row of the table " + std::string(table.name) +
                                             " is damaged. Look with daybook verify.");
    }

    CopyEnd& from_;
    CopyEnd& to_;
    const CopyProgress& progress_;
    std::int64_t rows_ = 0;
};

// Parents before children; without the heads.
std::vector<Table> tables_in_order() {
    std::vector<Table> tables;
    for (const Table& each : kBooksTables) {
        if (each.name != kHeads.name) tables.push_back(each);
    }
    tables.push_back(kEvents);
    tables.insert(tables.end(), kLogTables.begin(), kLogTables.end());
    tables.insert(tables.end(), kSideTables.begin(), kSideTables.end());
    return tables;
}

}  // namespace

Result<std::int64_t> copy_everything(CopyEnd& from, CopyEnd& to, const CopyProgress& progress) {
    TRY(from.begin());
    Copy copy(from, to, progress);
    const bool was_complete = TRY(copy.has_heads());
    const std::vector<Table> tables = tables_in_order();
    if (!was_complete) {
        for (const Table& each : tables) TRY(copy.copy(each));
    }
    for (const Table& each : tables) TRY(copy.compare(each));
    if (!was_complete) TRY(copy.copy(kHeads));
    TRY(copy.compare(kHeads));
    TRY(from.commit());
    return copy.rows();
}

}  // namespace daybook::storage::sql
