// Need: the binary, PostgreSQL and NATS. Goal: whoever talks to one node sees what happened on
// another: a report read with a position, a token made or revoked elsewhere, a stream.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/cli_books.h"
#include "support/nats_server.h"
#include "support/postgres_server.h"
#include "support/stream_client.h"

namespace daybook::test {
namespace {

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

class ServeNodes : public testing::Test {
 protected:
    void start(std::vector<std::string> more = {}) {
        for (const std::string name : {"one", "other"}) {
            std::vector<std::string> arguments{"--store", database_.address()};
            arguments.insert(arguments.end(), more.begin(), more.end());
            auto& node = name == "one" ? one_ : other_;
            node = std::make_unique<Serving>(data(name), arguments);
        }
        run({"org", "create", "--name", "Aurora"});
        owner_ = run({"token", "create", "--role", "owner", "--org", "Aurora"});
        const HttpAnswer made =
            call(*one_, owner_, "POST", "/v1/properties",
                 R"({"name":"Hotel","kind":"hotel","currency":"EUR","timeZone":"Europe/Lisbon"})");
        EXPECT_EQ(made.status, 201) << made.body;
        hotel_ = json_member(made.body, "id");
    }
    [[nodiscard]] std::string data(const std::string& name) const {
        return (directory_.path() / name).string();
    }
    // On the first node.
    std::string run(std::vector<std::string> words) {
        words.insert(words.end(), {"--data", data("one")});
        const Finished finished = run_daybook(std::move(words));
        EXPECT_EQ(finished.exit_code, 0) << finished.errors;
        return first_line(finished.output);
    }
    // Adds on the node, and gives its position.
    std::string add(const Serving& node) {
        const HttpAnswer added = call(node, owner_, "POST", "/v1/finance/expenses",
                                      R"({"propertyId":")" + hotel_ +
                                          R"(","amountMinor":100,"currency":"EUR",)"
                                          R"("paymentMode":"cash","category":"other"})");
        EXPECT_EQ(added.status, 201) << added.body;
        return added.header("daybook-position");
    }
    // What went out of the hotel's cash today, as the node knows it with that position.
    std::string out_minor(const Serving& node, const std::string& position) {
        HttpClient client = HttpClient::connect_tcp(node.port());
        const auto answer = client.request(
            "GET", "/v1/reports/daily?propertyId=" + hotel_,
            "Authorization: Bearer " + owner_ + "\r\nDaybook-Min-Position: " + position + "\r\n");
        EXPECT_EQ(answer->status, 200) << answer->body;
        return json_member(answer->body, "outMinor");
    }
    std::string bus(const Serving& node) {
        return json_member(call(node, "", "GET", "/readyz").body, "bus");
    }
    void wait_for_bus(const std::string& state) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (bus(*one_) != state || bus(*other_) != state) {
            ASSERT_LT(std::chrono::steady_clock::now(), until) << bus(*one_) << bus(*other_);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    void expect_reads_of_own_writes() {
        for (int i = 0; i < 20; ++i) {
            const Serving& writes = i % 2 == 0 ? *one_ : *other_;
            const Serving& reads = i % 2 == 0 ? *other_ : *one_;
            const std::string position = add(writes);
            spent_ += 100;
            EXPECT_EQ(out_minor(reads, position), std::to_string(spent_));
            EXPECT_EQ(out_minor(writes, position), std::to_string(spent_));
        }
    }
    // Every event from the cursor on, also those that came from the other node, without a gap.
    void expect_stream(const Serving& follows, const Serving& writes) {
        StreamClient stream(follows.port(), "/v1/reports/realtime/stream",
                            "Authorization: Bearer " + owner_ + "\r\n");
        const auto ready = stream.next();
        ASSERT_TRUE(ready);
        std::int64_t position = std::stoll(ready->id);
        std::string last;
        for (int i = 0; i < 5; ++i) last = add(i % 3 == 0 ? follows : writes);
        spent_ += 500;
        while (position < std::stoll(last)) {
            const auto frame = stream.next_news();
            ASSERT_TRUE(frame);
            EXPECT_EQ(std::stoll(frame->id), ++position);
        }
    }

    NatsServer nats_;
    LentDatabase database_;
    TemporaryDirectory directory_;
    std::unique_ptr<Serving> one_;
    std::unique_ptr<Serving> other_;
    std::string owner_;
    std::string hotel_;
    int spent_ = 0;
};

TEST_F(ServeNodes, ShareTheBooksWithABusAndWithoutIt) {
    start({"--bus", nats_.address()});
    wait_for_bus("connected");
    expect_reads_of_own_writes();
    expect_stream(*other_, *one_);
    nats_.stop();
    wait_for_bus("disconnected");
    expect_reads_of_own_writes();
    expect_stream(*one_, *other_);
    nats_.start();
    wait_for_bus("connected");
    expect_stream(*other_, *one_);
    EXPECT_EQ(one_->stop(), 0) << one_->said();
    EXPECT_EQ(other_->stop(), 0) << other_->said();
    const Finished verified = run_daybook({"verify", "--data", data("other")});
    EXPECT_EQ(verified.exit_code, 0) << verified.errors;
}

TEST_F(ServeNodes, LetInWhomAnotherLetInAndNoLongerWhomItDoesNot) {
    start();
    EXPECT_EQ(bus(*one_), "off");
    for (int i = 0; i < 5; ++i) {
        const HttpAnswer made =
            call(*one_, owner_, "POST", "/v1/tokens",
                 R"({"name":"till )" + std::to_string(i) + R"(","role":"manager"})");
        const std::string token = json_member(made.body, "secret");
        const std::string id = json_member(made.body, "id");
        EXPECT_EQ(call(*other_, token, "GET", "/v1/me").status, 200) << "at once: " << made.body;
        EXPECT_LT(call(*one_, owner_, "DELETE", "/v1/tokens/" + id).status, 300);
        EXPECT_EQ(call(*one_, token, "GET", "/v1/me").status, 401);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (call(*other_, token, "GET", "/v1/me").status != 401) {
            ASSERT_LT(std::chrono::steady_clock::now(), until);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
}

TEST_F(ServeNodes, ClearTheirCachesTogether) {
    start();
    const std::string position = add(*one_);
    spent_ += 100;
    const auto entries = [&](const Serving& node) {
        const std::string body = call(node, owner_, "GET", "/v1/reports/cache/metrics").body;
        return json_member(body.substr(body.find(R"("daily")")), "entries");
    };
    EXPECT_EQ(out_minor(*other_, position), std::to_string(spent_));
    EXPECT_EQ(out_minor(*other_, position), std::to_string(spent_));
    EXPECT_EQ(entries(*other_), "1");
    // Of whatever property, for the others drop all.
    EXPECT_EQ(call(*one_, owner_, "POST", "/v1/reports/cache/clear",
                   R"({"propertyId":")" + hotel_ + "\"}")
                  .status,
              200);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (entries(*other_) != "0") {
        ASSERT_LT(std::chrono::steady_clock::now(), until);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(out_minor(*other_, position), std::to_string(spent_));
}

TEST_F(ServeNodes, GoOnWhereANodeIsKilled) {
    start({"--bus", nats_.address()});
    const std::string position = add(*one_);
    one_->kill_now();
    spent_ += 100;
    EXPECT_EQ(out_minor(*other_, position), std::to_string(spent_));
    add(*other_);
    spent_ += 100;
    one_ = std::make_unique<Serving>(data("one"), std::vector<std::string>{});
    EXPECT_EQ(out_minor(*one_, add(*other_)), std::to_string(spent_ + 100));
}

}  // namespace
}  // namespace daybook::test
