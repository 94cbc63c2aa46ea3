// The worker pool and the mailbox: bounds, order, wake-ups, and the end.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "http/mailbox.h"
#include "http/worker_pool.h"

namespace daybook::http {
namespace {

TEST(WorkerPool, RunsWhatIsSubmitted) {
    std::atomic<int> sum = 0;
    std::promise<void> done;
    WorkerPool pool(2);
    for (int i = 1; i <= 100; ++i) {
        ASSERT_TRUE(pool.submit([&, i] {
            if ((sum += i) == 5'050) done.set_value();
        }));
    }
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(WorkerPool, RefusesAboveItsLimitButLetsGoOn) {
    std::promise<void> release;
    std::promise<void> started;
    std::atomic<int> ran = 0;
    {
        WorkerPool pool(1, 2);
        ASSERT_TRUE(pool.submit([&] {
            started.set_value();
            release.get_future().wait();
        }));
        started.get_future().wait();
        ASSERT_TRUE(pool.submit([&] { ++ran; }));
        ASSERT_TRUE(pool.submit([&] { ++ran; }));
        const Status refused = pool.submit([&] { ++ran; });
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().code, ErrorCode::queue_full);
        std::promise<void> last;
        pool.resume([&] { last.set_value(); });
        EXPECT_EQ(pool.waiting(), 3U);
        release.set_value();
        ASSERT_EQ(last.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
    }
    EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, SurvivesATaskThatThrows) {
    WorkerPool pool(1);
    std::promise<void> done;
    ASSERT_TRUE(pool.submit([] { throw std::runtime_error("on purpose"); }));
    ASSERT_TRUE(pool.submit([&] { done.set_value(); }));
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(Mailbox, WakesOnceForManyLetters) {
    int wakes = 0;
    Mailbox mailbox([&] { ++wakes; });
    std::vector<int> order;
    for (int i = 0; i < 3; ++i) mailbox.post([&order, i] { order.push_back(i); });
    EXPECT_EQ(wakes, 1);
    mailbox.open();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
    mailbox.post([] {});
    EXPECT_EQ(wakes, 2);
}

TEST(Mailbox, TakesLettersWhileItIsOpened) {
    int wakes = 0;
    int ran = 0;
    Mailbox mailbox([&] { ++wakes; });
    mailbox.post([&] { mailbox.post([&] { ++ran; }); });
    mailbox.open();
    EXPECT_EQ(ran, 0);
    EXPECT_EQ(wakes, 2);
    mailbox.open();
    EXPECT_EQ(ran, 1);
}

TEST(Mailbox, ThrowsLettersAwayWhenClosed) {
    int wakes = 0;
    Mailbox mailbox([&] { ++wakes; });
    const auto kept = std::make_shared<int>(7);
    mailbox.post([kept] {});
    mailbox.close();
    EXPECT_EQ(kept.use_count(), 1);
    mailbox.post([kept] {});
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_EQ(wakes, 1);
}

}  // namespace
}  // namespace daybook::http
