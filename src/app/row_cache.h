// Rows by key: loaded once, changed here, undone on demand; and rows that are only added.
//
// A batch, and a chunk of a rebuild, asks for the same few totals thousands of times: keys that can
// be hashed are found by their hash, all others in a tree. Changes come out in ascending order of
// the keys either way. Threads: one.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "base/result.h"

namespace daybook::app {

// The last half of a UUIDv7 is random.
inline std::size_t hash_of(const Uuid& uuid) {
    std::uint64_t hash = 0;
    std::memcpy(&hash, uuid.bytes.data() + sizeof hash, sizeof hash);
    return hash;
}

// Totals of one property differ by period, and by a few names.
inline std::size_t hash_of(const Uuid& property, std::int32_t period, std::size_t name) {
    constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;
    const std::uint64_t mixed =
        hash_of(property) ^ ((static_cast<std::uint64_t>(period) << 8U) + name) * kSpread;
    return mixed ^ (mixed >> 32U);
}

template <class IdType>
std::size_t hash_of(const OrgKey<IdType>& key) {
    return hash_of(key.id.value);
}
inline std::size_t hash_of(const AccountTotalsKey& key) {
    return hash_of(key.property.value, key.period, static_cast<std::size_t>(key.account));
}
inline std::size_t hash_of(const CategoryTotalsKey& key) {
    return hash_of(key.property.value, key.period, std::hash<std::string>()(key.key));
}
inline std::size_t hash_of(const PendingTotalsKey& key) {
    return hash_of(key.property.value, key.period, static_cast<std::size_t>(key.kind));
}
inline std::size_t hash_of(const ExternalIdKey& key) {
    return hash_of(key.property.value, static_cast<std::int32_t>(key.kind),
                   std::hash<std::string>()(key.external_id));
}

template <class Key>
concept HashedKey = requires(const Key& key) {
    { hash_of(key) } -> std::same_as<std::size_t>;
};

struct KeyHash {
    std::size_t operator()(const HashedKey auto& key) const { return hash_of(key); }
};

template <class Key, class Row>
class RowCache {
 public:
    // The row as it stands, loading it at first; nullptr if there is none. Valid until the next
    // call.
    template <class Load>
    Result<const Row*> get(const Key& key, Load&& load) {
        const Cell* cell = TRY(loaded(key, std::forward<Load>(load)));
        return cell->row ? &*cell->row : nullptr;
    }
    void put(const Key& key, Row row) {
        const auto [found, is_new] = cells_.try_emplace(key);
        replace(found->first, found->second, is_new ? std::nullopt : take(found->second),
                std::move(row));
    }
    // get() and put() in one: the row becomes what `change` makes of the one that is there, or of
    // Row{}.
    template <class Load, class Change>
    Status change(const Key& key, Load&& load, Change&& change) {
        Cell& cell = *TRY(loaded(key, std::forward<Load>(load)));
        Row row = change(cell.row ? *cell.row : Row{});
        replace(key, cell, take(cell), std::move(row));
        return {};
    }
    // Calls visit(key, row) for every row that is here, in order of the keys from `first` on, until
    // it returns false.
    template <class Visit>
    void each_from(const Key& first, Visit&& visit) const {
        std::vector<std::pair<const Key*, const Row*>> rows;
        for (const auto& [key, cell] : cells_) {
            if (cell.row && !(key < first)) rows.emplace_back(&key, &*cell.row);
        }
        std::ranges::sort(
            rows, [](const auto& one, const auto& other) { return *one.first < *other.first; });
        for (const auto& [key, row] : rows) {
            if (!visit(*key, *row)) return;
        }
    }
    void accept() { undo_.clear(); }
    void roll_back() {
        for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) {
            if (step->second) {
                cells_[step->first] = std::move(*step->second);
            } else {
                cells_.erase(step->first);
            }
        }
        undo_.clear();
    }
    // Moves out what changed.
    std::map<Key, Row> take_changes() {
        std::vector<std::pair<const Key*, Row*>> changed;
        for (auto& [key, cell] : cells_) {
            if (cell.dirty && cell.row) changed.emplace_back(&key, &*cell.row);
        }
        if constexpr (HashedKey<Key>) {
            std::ranges::sort(changed, [](const auto& one, const auto& other) {
                return *one.first < *other.first;
            });
        }
        std::map<Key, Row> changes;
        for (const auto& [key, row] : changed)
            changes.emplace_hint(changes.end(), *key, std::move(*row));
        cells_.clear();
        return changes;
    }

 private:
    struct Cell {
        std::optional<Row> row;
        bool dirty = false;
    };
    // Lazily, as a key without a hash has no KeyHash to name.
    template <class K, bool is_hashed>
    struct CellsBy {
        using Type = std::map<K, Cell>;
    };
    template <class K>
    struct CellsBy<K, true> {
        using Type = std::unordered_map<K, Cell, KeyHash>;
    };

    template <class Load>
    Result<Cell*> loaded(const Key& key, Load&& load) {
        const auto found = cells_.find(key);
        if (found != cells_.end()) return &found->second;
        auto row = load(key);
        if (!row) return std::unexpected(std::move(row).error());
        return &cells_.emplace(key, Cell{std::move(row).value(), false}).first->second;
    }
    static std::optional<Cell> take(Cell& cell) { return std::exchange(cell, Cell{}); }
    void replace(const Key& key, Cell& cell, std::optional<Cell> before, Row row) {
        undo_.emplace_back(key, std::move(before));
        cell = Cell{std::move(row), true};
    }

    typename CellsBy<Key, HashedKey<Key>>::Type cells_;
    std::vector<std::pair<Key, std::optional<Cell>>> undo_;
};

// Rows that are only added: the running command's go when it is undone.
template <class Row>
class RowList {
 public:
    void push(Row row) { rows_.push_back(std::move(row)); }
    void accept() { accepted_ = rows_.size(); }
    void roll_back() { rows_.resize(accepted_); }
    std::vector<Row> take() {
        accepted_ = 0;
        return std::exchange(rows_, {});
    }

 private:
    std::vector<Row> rows_;
    std::size_t accepted_ = 0;
};

}  // namespace daybook::app
