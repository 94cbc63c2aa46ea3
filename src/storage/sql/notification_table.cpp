// The statements of notifications and their read marks.
#include "storage/sql/notification_table.h"

#include <cstring>
#include <span>

namespace daybook::storage::sql {
namespace {

constexpr Table kNotifications{"notifications", 3};
constexpr Table kReadMarks{"read_marks", 2};

constexpr std::string_view kSelect = "select org, user, position, property, crc from notifications";
constexpr Query kFind{"notification_find", kSelect,
                      " where org = ?1 and user = ?2 and position = ?3",
                      "SEARCH notifications USING PRIMARY KEY (org=? AND user=? AND position=?)"};
constexpr Query kBefore{
    "notification_before", kSelect,
    " where org = ?1 and user = ?2 and position < ?3 order by position desc limit ?4",
    "SEARCH notifications USING PRIMARY KEY (org=? AND user=? AND position<?)"};
constexpr Query kPut{"notification_put", R"(
    insert into notifications (org, user, position, property, crc)
        values (?1, ?2, ?3, ?4, ?5)
    on conflict (org, user, position) do update set
        property = excluded.property, crc = excluded.crc)",
                     "", ""};

constexpr Query kFindMarks{
    "read_marks_find", "select org, user, through, beyond, crc from read_marks",
    " where org = ?1 and user = ?2", "SEARCH read_marks USING PRIMARY KEY (org=? AND user=?)"};
constexpr Query kPutMarks{"read_marks_put", R"(
    insert into read_marks (org, user, through, beyond, crc)
        values (?1, ?2, ?3, ?4, ?5)
    on conflict (org, user) do update set
        through = excluded.through, beyond = excluded.beyond, crc = excluded.crc)",
                          "", ""};

app::Notification read_notification(Row& row) {
    return {row.maybe([](Row& at) { return at.id<PropertyId>(); })};
}

std::pair<Position, app::Notification> read_line(Row& row) {
    row.skip();  // org
    row.skip();  // user
    const Position position = row.integer();
    return {position, read_notification(row)};
}

std::vector<std::uint8_t> bytes_of(const std::vector<Position>& positions) {
    std::vector<std::uint8_t> bytes(positions.size() * sizeof(Position));
    if (!bytes.empty()) std::memcpy(bytes.data(), positions.data(), bytes.size());
    return bytes;
}

std::vector<Position> positions_of(std::span<const std::uint8_t> bytes) {
    std::vector<Position> positions(bytes.size() / sizeof(Position));
    if (!positions.empty())
        std::memcpy(positions.data(), bytes.data(), positions.size() * sizeof(Position));
    return positions;
}

}  // namespace

NotificationTable::NotificationTable(Connection& connection)
    : find_(connection, kFind),
      before_(connection, kBefore),
      put_(connection, kPut),
      marks_(connection, kFindMarks),
      put_marks_(connection, kPutMarks) {}

Result<std::optional<app::Notification>> NotificationTable::find(const app::NotificationKey& key) {
    Run run(find_);
    run.with(key.org).with(key.user).with(key.position);
    return run.one(kNotifications, [](Row& row) { return read_line(row).second; });
}

Result<std::vector<std::pair<Position, app::Notification>>> NotificationTable::before(
    const app::NotificationKey& key, std::size_t limit) {
    Run run(before_);
    run.with(key.org).with(key.user).with(key.position).with(limit);
    return run.all(kNotifications, read_line);
}

Status NotificationTable::put(const app::NotificationKey& key,
                              const app::Notification& notification) {
    Run run(put_);
    run.with(key.org).with(key.user).with(key.position).with(notification.property);
    return run.checksum().finish();
}

Result<std::optional<app::ReadMarks>> NotificationTable::marks(const app::UserKey& key) {
    Run run(marks_);
    run.with(key.org).with(key.id);
    return run.one(kReadMarks, [](Row& row) {
        row.skip();  // org
        row.skip();  // user
        app::ReadMarks marks;
        marks.through = row.integer();
        marks.beyond = positions_of(row.blob());
        return marks;
    });
}

Status NotificationTable::put(const app::UserKey& key, const app::ReadMarks& marks) {
    const std::vector<std::uint8_t> beyond = bytes_of(marks.beyond);
    Run run(put_marks_);
    run.with(key.org).with(key.id).with(marks.through).with(beyond);
    return run.checksum().finish();
}

void add_notification_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kFind, &kBefore, &kPut, &kFindMarks, &kPutMarks});
}

}  // namespace daybook::storage::sql
