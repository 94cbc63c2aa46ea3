// Need: nothing. Goal: tasks run once, in order of their time, and what waits is dropped on
// stopping.
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "base/executor.h"

namespace daybook {
namespace {

TEST(ManualExecutor, RunsWhatIsDueInOrderOfTimeThenOfComing) {
    ManualExecutor executor;
    std::string order;
    executor.post_after(20, [&] { order += 'c'; });
    executor.post_after(10, [&] { order += 'a'; });
    executor.post_after(10, [&] { order += 'b'; });
    executor.post([&] { order += '0'; });
    EXPECT_EQ(executor.run_ready(), 1U);
    EXPECT_EQ(executor.advance_ms(9), 0U);
    EXPECT_EQ(executor.advance_ms(1), 2U);
    EXPECT_EQ(executor.advance_ms(100), 1U);
    EXPECT_EQ(order, "0abc");
    EXPECT_EQ(executor.monotonic_ms(), 110);
}

TEST(ManualExecutor, RunsWhatATaskPostsAtItsOwnTime) {
    ManualExecutor executor;
    std::vector<std::int64_t> times;
    executor.post_after(10, [&] {
        times.push_back(executor.monotonic_ms());
        executor.post_after(5, [&] { times.push_back(executor.monotonic_ms()); });
    });
    executor.advance_ms(100);
    EXPECT_EQ(times, (std::vector<std::int64_t>{10, 15}));
    EXPECT_EQ(executor.waiting(), 0U);
}

TEST(ThreadExecutor, RunsTasksOfAllThreadsAndTimers) {
    ThreadExecutor executor(2);
    std::promise<void> first;
    std::promise<void> later;
    const std::int64_t begun_ms = executor.monotonic_ms();
    executor.post_after(20, [&] { later.set_value(); });
    executor.post([&] { first.set_value(); });
    first.get_future().get();
    later.get_future().get();
    EXPECT_GE(executor.monotonic_ms() - begun_ms, 20);
}

TEST(ThreadExecutor, DropsWhatWaitsWhenItStops) {
    auto held = std::make_shared<int>(1);
    ThreadExecutor executor(1);
    executor.post_after(3'600'000, [held] { FAIL() << "it was due in an hour"; });
    executor.stop();
    executor.post([held] { FAIL() << "it was stopped"; });
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace daybook
