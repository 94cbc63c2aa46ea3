// Need: nothing. Goal: the writer's queue serves the orgs in turn, within the limits of a batch.
#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"
#include "storage/queue.h"
#include "support/sample_books.h"

namespace daybook::storage {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

OrgId org(std::uint8_t number) {
    return OrgId{test::numbered_uuid(number)};
}

// `tag` tells the commands of an org apart.
void push(Queue& queue, std::uint8_t number, std::size_t weight, int tag = 0) {
    Submission submission;
    submission.command.principal.org = org(number);
    submission.command.correlation = std::to_string(tag);
    submission.weight = weight;
    queue.push(std::move(submission));
}

void push_many(Queue& queue, std::uint8_t number, std::size_t count, std::size_t weight = 1) {
    for (std::size_t i = 0; i < count; ++i) push(queue, number, weight, static_cast<int>(i));
}

std::map<OrgId, std::size_t> commands_by_org(const Batch& batch) {
    std::map<OrgId, std::size_t> counts;
    for (const Submission& each : batch) ++counts[each.org()];
    return counts;
}

Batch second_half(Batch& batch) {
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    Batch rest(std::move_iterator(middle), std::move_iterator(batch.end()));
    batch.erase(middle, batch.end());
    return rest;
}

TEST(StorageQueue, GivesCommandsOfAnOrgInOrder) {
    Queue queue;
    push_many(queue, 1, 100);
    int expected = 0;
    while (!queue.empty()) {
        for (const Submission& each : queue.next_batch(0)) {
            EXPECT_EQ(each.command.correlation, std::to_string(expected++));
        }
    }
    EXPECT_EQ(expected, 100);
    EXPECT_TRUE(queue.next_batch(0).empty());
}

TEST(StorageQueue, EndsABatchAtItsLimits) {
    Queue queue;
    push_many(queue, 1, 2 * limits::kBatchCommandsMax);
    EXPECT_EQ(queue.next_batch(0).size(), limits::kBatchCommandsMax);
    EXPECT_EQ(queue.commands(), limits::kBatchCommandsMax);

    Queue heavy;
    push_many(heavy, 1, 10, 60);
    push_many(heavy, 2, 10, 60);
    EXPECT_EQ(heavy.next_batch(0).size(), limits::kBatchEntriesMax / 60);
}

TEST(StorageQueue, ServesOrgsInTurnByEntries) {
    Queue queue;
    push_many(queue, 1, 100, 8);
    push_many(queue, 2, 100, 32);
    push_many(queue, 3, 100, 8);
    auto entries = commands_by_org(queue.next_batch(0));
    entries[org(1)] *= 8;
    entries[org(2)] *= 32;
    entries[org(3)] *= 8;
    // Within a turn and a command of each other.
    for (const auto& [id, count] : entries) {
        EXPECT_GE(count, limits::kBatchEntriesMax / 3 - limits::kTurnEntries - 32);
        EXPECT_LE(count, limits::kBatchEntriesMax / 3 + limits::kTurnEntries);
    }
}

TEST(StorageQueue, LetsALatecomerInAfterOneTurn) {
    Queue queue;
    push_many(queue, 1, 1'000);
    EXPECT_EQ(commands_by_org(queue.next_batch(0)).at(org(1)), limits::kBatchCommandsMax);
    push(queue, 2, 1);
    EXPECT_EQ(commands_by_org(queue.next_batch(0)).count(org(2)), 1U);
}

// Batches that time cuts short must not turn into turns of one org alone.
TEST(StorageQueue, ServesOthersAlsoWhenBatchesAreCutShort) {
    Queue queue;
    push_many(queue, 1, 1'000);
    push_many(queue, 2, 1'000);
    std::map<OrgId, std::size_t> served;
    for (int i = 0; i < 100; ++i) {
        Batch batch = queue.next_batch(0);
        queue.put_back(second_half(batch));
        for (const auto& [id, count] : commands_by_org(batch)) served[id] += count;
    }
    const std::size_t one = served[org(1)];
    const std::size_t other = served[org(2)];
    EXPECT_LE(one > other ? one - other : other - one, 2 * limits::kTurnEntries);
}

TEST(StorageQueue, GivesWhatWasPutBackFirstAndInOrder) {
    Queue queue;
    push_many(queue, 1, 10);
    Batch batch = queue.next_batch(0);
    queue.put_back(second_half(batch));
    EXPECT_EQ(queue.commands(), 5U);
    EXPECT_FALSE(queue.empty());
    batch = queue.next_batch(0);
    ASSERT_EQ(batch.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(batch[i].command.correlation, std::to_string(i + 5));
    }
    EXPECT_TRUE(queue.empty());
}

TEST(StorageQueue, RunsALargeBulkAloneAndOneASecondWhileOthersWait) {
    Queue queue;
    push_many(queue, 1, 3, 1'000);
    push_many(queue, 2, 500);
    std::size_t singles_before = 0;
    Batch batch = queue.next_batch(0);
    while (batch.size() != 1) {
        singles_before += batch.size();
        batch = queue.next_batch(0);
    }
    EXPECT_EQ(batch.front().weight, 1'000U);
    EXPECT_GT(singles_before, 0U);
    push_many(queue, 2, 500);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(queue.next_batch(kSecondUs / 2).front().weight, 1U);
    batch = queue.next_batch(kSecondUs);
    while (batch.size() != 1) batch = queue.next_batch(kSecondUs);
    EXPECT_EQ(batch.front().org(), org(1));
}

TEST(StorageQueue, RunsBulksOneAfterTheOtherWhenNobodyElseWaits) {
    Queue queue;
    push_many(queue, 1, 3, 1'000);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.next_batch(0).size(), 1U);
    // Nor do two orgs that both have only bulks wait for the second to pass.
    push_many(queue, 1, 2, 1'000);
    push_many(queue, 2, 2, 1'000);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.next_batch(0).size(), 1U);
    EXPECT_TRUE(queue.empty());
}

TEST(StorageQueue, KeepsHalfOfItsRoomForOthers) {
    Queue queue;
    push_many(queue, 1, limits::kQueueCommandsMax / 2);
    EXPECT_FALSE(queue.has_room(org(1), 1));
    EXPECT_TRUE(queue.has_room(org(2), 1));
    push_many(queue, 2, limits::kQueueCommandsMax / 2);
    EXPECT_FALSE(queue.has_room(org(3), 1));

    Queue heavy;
    push_many(heavy, 1, 100, 1'000);
    EXPECT_FALSE(heavy.has_room(org(1), 1));
    EXPECT_TRUE(heavy.has_room(org(2), 1'000));
    push_many(heavy, 2, 99, 1'000);
    EXPECT_TRUE(heavy.has_room(org(2), 1'000));
    EXPECT_FALSE(heavy.has_room(org(2), 1'001));
}

TEST(StorageQueue, GivesEverythingAwayAtOnce) {
    Queue queue;
    push_many(queue, 1, 100);
    push_many(queue, 2, 100);
    Batch batch = queue.next_batch(0);
    queue.put_back(second_half(batch));
    EXPECT_EQ(queue.take_all().size(), 200 - batch.size());
    EXPECT_TRUE(queue.empty());
    EXPECT_TRUE(queue.has_room(org(1), limits::kBulkEntriesMax));
    EXPECT_TRUE(queue.next_batch(0).empty());
}

TEST(StorageQueue, ReturnsWhatCouldNotBeRunToTheFrontOfItsLine) {
    Queue queue;
    push_many(queue, 1, 3);
    push_many(queue, 2, 1);
    Batch batch = queue.next_batch(0);
    push(queue, 1, 1, 3);
    Batch put_off;
    for (Submission& each : batch) {
        if (each.org() == org(1)) put_off.push_back(std::move(each));
    }
    queue.return_to_lines(std::move(put_off));
    EXPECT_EQ(queue.commands(), 4U);
    int expected = 0;
    for (const Submission& each : queue.next_batch(0)) {
        EXPECT_EQ(each.org(), org(1));
        EXPECT_EQ(each.command.correlation, std::to_string(expected++));
    }
    EXPECT_EQ(expected, 4);
    EXPECT_TRUE(queue.empty());
    EXPECT_TRUE(queue.has_room(org(1), limits::kQueueEntriesMax / 2)) << "all of it is counted off";
}

TEST(StorageQueue, TakesTheLineOfOneOrg) {
    Queue queue;
    push_many(queue, 1, 2);
    push_many(queue, 2, limits::kBatchCommandsMax + 1);
    const Batch batch = queue.take_line(org(2));
    EXPECT_EQ(commands_by_org(batch),
              (std::map<OrgId, std::size_t>{{org(2), limits::kBatchCommandsMax}}));
    EXPECT_EQ(queue.take_line(org(2)).size(), 1U);
    EXPECT_TRUE(queue.take_line(org(2)).empty());
    EXPECT_TRUE(queue.take_line(org(3)).empty());
    EXPECT_EQ(queue.next_batch(0).size(), 2U);
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace daybook::storage
