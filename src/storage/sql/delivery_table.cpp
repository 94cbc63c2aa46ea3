// The statements of deliveries and dead letters.
#include "storage/sql/delivery_table.h"

#include <cstring>

namespace daybook::storage::sql {
namespace {

constexpr Table kDeliveries{"deliveries", 2};
constexpr Table kLetters{"dead_letters", 2};

constexpr std::string_view kSelectDelivery =
    "select org, subscription, generation, watermark, ranges, paused, reason, saved_at, crc"
    " from deliveries";

constexpr Query kFindDelivery{"delivery_find", kSelectDelivery,
                              " where org = ?1 and subscription = ?2",
                              "SEARCH deliveries USING PRIMARY KEY (org=? AND subscription=?)"};
constexpr Query kAllDeliveries{"delivery_all", kSelectDelivery,
                               " where org = ?1 order by subscription",
                               "SEARCH deliveries USING PRIMARY KEY (org=?)"};
constexpr Query kPutDelivery{"delivery_put", R"(
    insert into deliveries (org, subscription, generation, watermark, ranges, paused, reason,
        saved_at, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (org, subscription) do update set
        generation = excluded.generation, watermark = excluded.watermark,
        ranges = excluded.ranges, paused = excluded.paused, reason = excluded.reason,
        saved_at = excluded.saved_at, crc = excluded.crc)",
                             "", ""};
constexpr Query kForgetDelivery{"delivery_forget", "delete from deliveries",
                                " where org = ?1 and subscription = ?2",
                                "SEARCH deliveries USING PRIMARY KEY (org=? AND subscription=?)"};

constexpr std::string_view kSelectLetter =
    "select org, id, subscription, position, event_id, event_type, entity_type, entity, property,"
    " attempts, first_at, last_at, last_error, redriving, crc from dead_letters";

constexpr Query kFindLetter{"dead_letter_find", kSelectLetter, " where org = ?1 and id = ?2",
                            "SEARCH dead_letters USING PRIMARY KEY (org=? AND id=?)"};
constexpr Query kLettersAfter{"dead_letter_page", kSelectLetter,
                              " where org = ?1 and id > ?2 order by id limit ?3",
                              "SEARCH dead_letters USING PRIMARY KEY (org=? AND id>?)"};
// By itself SQLite would look along the primary key.
constexpr Query kLettersOf{"dead_letter_page_of_subscription", kSelectLetter,
                           " indexed by dead_letters_by_subscription where org = ?1 and id > ?2 "
                           "and subscription = ?4 order by id limit ?3",
                           "SEARCH dead_letters USING INDEX dead_letters_by_subscription"
                           " (org=? AND subscription=? AND id>?)"};
constexpr Query kPutLetter{"dead_letter_put", R"(
    insert into dead_letters (org, id, subscription, position, event_id, event_type, entity_type,
        entity, property, attempts, first_at, last_at, last_error, redriving, crc)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
    on conflict (org, id) do update set
        attempts = excluded.attempts, first_at = excluded.first_at, last_at = excluded.last_at,
        last_error = excluded.last_error, redriving = excluded.redriving, crc = excluded.crc)",
                           "", ""};
constexpr Query kRemoveLetter{"dead_letter_remove", "delete from dead_letters",
                              " where org = ?1 and id = ?2",
                              "SEARCH dead_letters USING PRIMARY KEY (org=? AND id=?)"};
constexpr Query kForgetLetters{"dead_letter_forget", "delete from dead_letters",
                               " where org = ?1 and subscription = ?2",
                               "SEARCH dead_letters USING COVERING INDEX"
                               " dead_letters_by_subscription (org=? AND subscription=?)"};

constexpr std::size_t kRangeBytes = 2 * sizeof(Position);

std::vector<std::uint8_t> bytes_of(const std::vector<app::PositionRange>& ranges) {
    std::vector<std::uint8_t> bytes(ranges.size() * kRangeBytes);
    std::uint8_t* at = bytes.data();
    for (const app::PositionRange& each : ranges) {
        std::memcpy(at, &each.first, sizeof(Position));
        std::memcpy(at + sizeof(Position), &each.last, sizeof(Position));
        at += kRangeBytes;
    }
    return bytes;
}

std::vector<app::PositionRange> ranges_of(std::span<const std::uint8_t> bytes) {
    std::vector<app::PositionRange> ranges(bytes.size() / kRangeBytes);
    const std::uint8_t* at = bytes.data();
    for (app::PositionRange& each : ranges) {
        std::memcpy(&each.first, at, sizeof(Position));
        std::memcpy(&each.last, at + sizeof(Position), sizeof(Position));
        at += kRangeBytes;
    }
    return ranges;
}

app::DeliveryRow read_delivery(Row& row) {
    app::DeliveryRow delivery;
    delivery.generation = row.integer();
    delivery.watermark = row.integer();
    delivery.ranges = ranges_of(row.blob());
    delivery.paused = row.flag();
    delivery.reason = row.text();
    delivery.saved_at = row.instant();
    return delivery;
}

app::DeadLetter read_letter(Row& row) {
    app::DeadLetter letter;
    row.skip();  // org
    letter.id = row.id<DeadLetterId>();
    letter.subscription = row.text();
    letter.position = row.integer();
    letter.event = row.id<EventId>();
    letter.event_type = row.text();
    letter.entity_type = row.text();
    letter.entity = row.uuid();
    letter.property = row.maybe([](Row& at) { return at.id<PropertyId>(); });
    letter.attempts = row.small();
    letter.first_at = row.instant();
    letter.last_at = row.instant();
    letter.last_error = row.text();
    letter.state = row.flag() ? app::DeadLetterState::redriving : app::DeadLetterState::dead;
    return letter;
}

}  // namespace

DeliveryTable::DeliveryTable(Connection& connection)
    : find_(connection, kFindDelivery),
      all_(connection, kAllDeliveries),
      put_(connection, kPutDelivery),
      forget_(connection, kForgetDelivery),
      find_letter_(connection, kFindLetter),
      letters_(connection, kLettersAfter),
      letters_of_(connection, kLettersOf),
      put_letter_(connection, kPutLetter),
      remove_letter_(connection, kRemoveLetter),
      forget_letters_(connection, kForgetLetters) {}

Result<std::optional<app::DeliveryRow>> DeliveryTable::find(const app::DeliveryKey& key) {
    Run run(find_);
    run.with(key.org).with(key.subscription);
    return run.one(kDeliveries, [](Row& row) {
        row.skip();  // org
        row.skip();  // subscription
        return read_delivery(row);
    });
}

Result<std::vector<app::DeliveryEntry>> DeliveryTable::all(OrgId org) {
    Run run(all_);
    run.with(org);
    return run.all(kDeliveries, [](Row& row) {
        app::DeliveryEntry entry;
        entry.key.org = row.id<OrgId>();
        entry.key.subscription = row.text();
        entry.row = read_delivery(row);
        return entry;
    });
}

Status DeliveryTable::put(const app::DeliveryKey& key, const app::DeliveryRow& row) {
    const std::vector<std::uint8_t> ranges = bytes_of(row.ranges);
    Run run(put_);
    run.with(key.org).with(key.subscription).with(row.generation).with(row.watermark);
    run.with(ranges).with(row.paused).with(row.reason).with(row.saved_at);
    return run.checksum().finish();
}

Result<std::optional<app::DeadLetter>> DeliveryTable::find_letter(const app::DeadLetterKey& key) {
    Run run(find_letter_);
    run.with(key.org).with(key.id);
    return run.one(kLetters, read_letter);
}

Result<app::DeadLetterPage> DeliveryTable::letters(OrgId org, const app::DeadLetterFilter& filter) {
    const DeadLetterId after = filter.after.value_or(DeadLetterId{});
    app::DeadLetterPage page;
    Run run(filter.subscription.empty() ? letters_ : letters_of_);
    run.with(org).with(after).with(filter.limit + 1);
    if (!filter.subscription.empty()) run.with(filter.subscription);
    page.letters = TRY(run.all(kLetters, read_letter));
    if (page.letters.size() > filter.limit) {
        page.letters.pop_back();
        page.next = page.letters.back().id;
    }
    return page;
}

Status DeliveryTable::put_letter(OrgId org, const app::DeadLetter& letter) {
    if (letter.state == app::DeadLetterState::removed) {
        Run run(remove_letter_);
        return run.with(org).with(letter.id).finish();
    }
    const bool redriving = letter.state == app::DeadLetterState::redriving;
    Run run(put_letter_);
    run.with(org).with(letter.id).with(letter.subscription).with(letter.position);
    run.with(letter.event).with(letter.event_type).with(letter.entity_type).with(letter.entity);
    run.with(letter.property).with(letter.attempts).with(letter.first_at).with(letter.last_at);
    run.with(letter.last_error).with(redriving);
    return run.checksum().finish();
}

Status DeliveryTable::forget(const app::DeliveryKey& key) {
    {
        Run run(forget_letters_);
        TRY(run.with(key.org).with(key.subscription).finish());
    }
    Run run(forget_);
    return run.with(key.org).with(key.subscription).finish();
}

void add_delivery_queries(std::vector<const Query*>& queries) {
    for (const Query* each :
         {&kFindDelivery, &kAllDeliveries, &kPutDelivery, &kForgetDelivery, &kFindLetter,
          &kLettersAfter, &kLettersOf, &kPutLetter, &kRemoveLetter, &kForgetLetters}) {
        queries.push_back(each);
    }
}

}  // namespace daybook::storage::sql
