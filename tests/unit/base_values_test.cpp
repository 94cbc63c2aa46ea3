// Need: nothing. Goal: ids, instants, digests and error codes are read and written exactly, and
// what is not one is refused. Seed: fixed, where random bytes are needed.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/ids.h"

namespace daybook {
namespace {

TEST(Uuid, ReadsWhatItWritesAndEitherCase) {
    constexpr std::string_view kText = "0190a8c2-7b1e-7f00-8abc-0123456789ef";
    const auto uuid = Uuid::parse(kText);
    ASSERT_TRUE(uuid.has_value());
    EXPECT_EQ(uuid->to_string(), kText);
    EXPECT_EQ(Uuid::parse("0190A8C2-7B1E-7F00-8ABC-0123456789EF"), uuid);
    EXPECT_EQ(uuid->bytes[0], 0x01);
    EXPECT_EQ(uuid->bytes[15], 0xEF);
}

TEST(Uuid, RefusesEverythingElse) {
    for (const std::string_view text :
         {"", "0190a8c2-7b1e-7f00-8abc-0123456789e", "0190a8c2-7b1e-7f00-8abc-0123456789ef0",
          "0190a8c27b1e7f008abc0123456789ef", "0190a8c2-7b1e-7f00-8abc-0123456789eg",
          "0190a8c2_7b1e-7f00-8abc-0123456789ef", "{190a8c2-7b1e-7f00-8abc-0123456789e}",
          "0190a8c2-7b1e-7f00-8abc0-123456789ef", "+190a8c2-7b1e-7f00-8abc-0123456789ef"}) {
        EXPECT_FALSE(Uuid::parse(text).has_value()) << text;
    }
}

TEST(Uuid, NewOnesAreOfVersionSevenAndSortByTime) {
    SeededRandom random(7);
    Uuid before;
    for (std::int64_t ms = 1'773'576'000'000; ms < 1'773'576'000'200; ++ms) {
        const Uuid uuid = new_uuid(Instant{ms}, random);
        EXPECT_LT(before, uuid);
        EXPECT_LT(before.to_string(), uuid.to_string());
        EXPECT_EQ(uuid.bytes[6] >> 4, 7);
        EXPECT_EQ(uuid.bytes[8] >> 6, 2);
        before = uuid;
    }
    // RFC 9562, A.6: 2022-02-22T19:22:22Z is 017F22E279B0 in milliseconds.
    const Uuid example = new_uuid(Instant{0x017F22E279B0}, random);
    EXPECT_EQ(example.to_string().substr(0, 15), "017f22e2-79b0-7");
}

TEST(Uuid, OfTheSameInstantDiffer) {
    SeededRandom random(8);
    std::set<Uuid> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(new_uuid(Instant{1}, random));
    EXPECT_EQ(seen.size(), 1'000U);
}

TEST(Instant, ReadsRfc3339) {
    const struct {
        std::string_view text;
        std::int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.001Z", 1},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2026-03-29T04:30:00.000Z", 1'774'758'600'000},
        {"2026-03-29T10:00:00+05:30", 1'774'758'600'000},
        {"2026-03-29T00:30:00-04:00", 1'774'758'600'000},
        {"2026-03-29T04:30:00.5Z", 1'774'758'600'500},
        {"2026-03-29T04:30:00.123456789Z", 1'774'758'600'123},
        {"2024-02-29T00:00:00Z", 1'709'164'800'000},
    };
    for (const auto& each : cases) {
        const auto instant = Instant::parse(each.text);
        ASSERT_TRUE(instant.has_value()) << each.text;
        EXPECT_EQ(instant->ms, each.ms) << each.text;
    }
}

TEST(Instant, RefusesWhatIsNotOne) {
    for (const std::string_view text : {"",
                                        "2026-03-29",
                                        "2026-03-29T04:30:00",
                                        "2026-03-29 04:30:00Z",
                                        "2026-02-29T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-00-01T00:00:00Z",
                                        "2026-03-32T00:00:00Z",
                                        "2026-03-29T24:00:00Z",
                                        "2026-03-29T04:60:00Z",
                                        "2026-03-29T04:30:60Z",
                                        "2026-03-29T04:30:00.Z",
                                        "2026-03-29T04:30:00.1234567890Z",
                                        "2026-03-29T04:30:00+24:00",
                                        "2026-03-29T04:30:00+05:60",
                                        "2026-03-29T04:30:00+0530",
                                        "2026-03-29T04:30:00ZZ",
                                        "0000-01-01T00:00:00Z",
                                        "+2026-03-29T04:30:00Z",
                                        "2026-3-29T04:30:00Z"}) {
        EXPECT_FALSE(Instant::parse(text).has_value()) << text;
    }
}

// An event keeps instants as text: one that cannot be read again would spoil the log.
TEST(Instant, AnOffsetDoesNotLeadOutOfTheYearsThatCanBeWritten) {
    EXPECT_FALSE(Instant::parse("9999-12-31T23:59:59-00:01").has_value());
    EXPECT_FALSE(Instant::parse("0001-01-01T00:00:00+00:01").has_value());
    for (const std::string_view text :
         {"0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z",
          "1582-10-10T12:34:56.789Z", "2026-03-29T04:30:00.007Z"}) {
        EXPECT_EQ(Instant::parse(text).value().to_string(), text);
    }
}

TEST(Calendar, GoesThereAndBackForEveryDayOfFourCenturies) {
    CivilDate expected{1900, 1, 1};
    for (std::int32_t days = days_from_civil(expected);; ++days) {
        const CivilDate date = civil_from_days(days);
        ASSERT_EQ(date.year, expected.year) << days;
        ASSERT_EQ(date.month, expected.month) << days;
        ASSERT_EQ(date.day, expected.day) << days;
        ASSERT_EQ(days_from_civil(date), days);
        if (expected.year == 2300) break;
        if (++expected.day <= days_in_month(expected.year, expected.month)) continue;
        expected.day = 1;
        if (++expected.month <= 12) continue;
        expected.month = 1;
        ++expected.year;
    }
}

TEST(Hex, GoesThereAndBack) {
    const std::vector<std::uint8_t> bytes{0x00, 0x0F, 0xA5, 0xFF};
    EXPECT_EQ(to_hex(bytes), "000fa5ff");
    EXPECT_EQ(from_hex("000fA5Ff"), bytes);
    EXPECT_EQ(from_hex(""), std::vector<std::uint8_t>{});
    for (const std::string_view text : {"0", "0g", "g0", " 0", "0x", "00 "}) {
        EXPECT_FALSE(from_hex(text).has_value()) << text;
    }
}

std::string sha256_hex(std::string_view text) {
    return to_hex(sha256({as_bytes(text)}));
}

// FIPS 180-4, examples of SHA-256.
TEST(Sha256, GivesTheKnownDigests) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
    EXPECT_EQ(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256({as_bytes("abc")}));
    EXPECT_NE(sha256({as_bytes("a"), as_bytes("bc")}), sha256({as_bytes("bc"), as_bytes("a")}));
}

// RFC 3720, B.4, and the check value of the catalogues ("123456789").
TEST(Crc32c, GivesTheKnownSumsByTableAndByInstruction) {
    std::vector<std::uint8_t> up;
    std::vector<std::uint8_t> down;
    for (std::uint8_t i = 0; i < 32; ++i) {
        up.push_back(i);
        down.push_back(static_cast<std::uint8_t>(31 - i));
    }
    const std::string_view digits = "123456789";
    const struct {
        std::vector<std::uint8_t> bytes;
        std::uint32_t sum;
    } cases[] = {{std::vector<std::uint8_t>(32, 0x00), 0x8A9136AA},
                 {std::vector<std::uint8_t>(32, 0xFF), 0x62A8AB43},
                 {up, 0x46DD794E},
                 {down, 0x113FDB5C},
                 {{digits.begin(), digits.end()}, 0xE3069283},
                 {{}, 0}};
    for (const auto& each : cases) {
        EXPECT_EQ(crc32c(each.bytes), each.sum);
        EXPECT_EQ(crc32c_by_table(each.bytes), each.sum);
    }
}

TEST(Crc32c, BothWaysAgreeAtEveryLengthAndCanGoOn) {
    SeededRandom random(9);
    std::vector<std::uint8_t> bytes(100);
    random.fill(bytes);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const std::span<const std::uint8_t> part(bytes.data(), length);
        const std::uint32_t sum = crc32c(part);
        EXPECT_EQ(sum, crc32c_by_table(part)) << length;
        const std::size_t cut = length / 3;
        EXPECT_EQ(crc32c(part.subspan(cut), crc32c(part.first(cut))), sum) << length;
        EXPECT_EQ(crc32c_by_table(part.subspan(cut), crc32c_by_table(part.first(cut))), sum);
    }
}

TEST(ErrorCodes, HaveUniqueNamesAndTheKindOfTheirStatus) {
    std::set<std::string_view> names;
    for (const ErrorCode code : all_error_codes()) names.insert(code_name(code));
    EXPECT_EQ(names.size(), all_error_codes().size());
    const struct {
        ErrorCode code;
        std::string_view name;
        ErrorKind kind;
    } cases[] = {
        {ErrorCode::malformed_json, "malformed_json", ErrorKind::malformed},
        {ErrorCode::unauthenticated, "unauthenticated", ErrorKind::unauthenticated},
        {ErrorCode::not_found, "not_found", ErrorKind::not_found},
        {ErrorCode::duplicate, "duplicate", ErrorKind::conflict},
        {ErrorCode::not_pending, "not_pending", ErrorKind::conflict},
        {ErrorCode::stale_version, "stale_version", ErrorKind::stale},
        {ErrorCode::total_too_large, "total_too_large", ErrorKind::rule},
        {ErrorCode::idempotency_mismatch, "idempotency_mismatch", ErrorKind::rule},
        {ErrorCode::if_match_required, "if_match_required", ErrorKind::precondition_required},
        {ErrorCode::queue_full, "queue_full", ErrorKind::unavailable},
        {ErrorCode::commit_unknown, "commit_unknown", ErrorKind::unavailable},
        {ErrorCode::corrupt, "corrupt", ErrorKind::internal},
        {ErrorCode::internal, "internal", ErrorKind::internal},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(code_name(each.code), each.name);
        EXPECT_EQ(code_kind(each.code), each.kind) << each.name;
    }
}

TEST(ErrorCodes, AFieldErrorPointsAtTheField) {
    const Error refused = field_error(ErrorCode::invalid_value, "/name", "Too long.");
    EXPECT_EQ(refused.detail, "Too long.");
    ASSERT_EQ(refused.fields.size(), 1U);
    EXPECT_EQ(refused.fields[0].pointer, "/name");
    EXPECT_EQ(refused.fields[0].code, ErrorCode::invalid_value);
}

}  // namespace
}  // namespace daybook
