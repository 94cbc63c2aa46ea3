// What the API answers when the store fails: the right status, and no more of it than callers need.
#include <gtest/gtest.h>

#include <string>

#include "storage/memory/store.h"
#include "support/api_server.h"

namespace daybook::test {
namespace {

using storage::memory::MemoryStore;
using storage::memory::Operation;

std::unique_ptr<app::Store> open_memory(const app::Environment& environment,
                                        const TemporaryDirectory&) {
    return std::make_unique<MemoryStore>(environment);
}

class ApiFaults : public testing::Test {
 protected:
    HttpAnswer add_after(Operation operation, ErrorCode code) {
        dynamic_cast<MemoryStore&>(server_.store()).fail_later(operation, 1, code);
        return server_.send(
            {"POST", "/v1/finance/categories",
             R"({"kind":"category","key":"k)" + std::to_string(++keys_) + R"(","name":"K"})"});
    }

    ApiServer server_{StoreKind{"memory", open_memory}};
    int keys_ = 0;
};

TEST_F(ApiFaults, HideWhyTheNodeFailed) {
    const Position before = server_.head();
    for (const Operation operation : {Operation::begin, Operation::write, Operation::commit}) {
        const HttpAnswer answer = add_after(operation, ErrorCode::io_failed);
        EXPECT_EQ(answer.status, 500) << answer.body;
        EXPECT_EQ(member(answer.body, "code"), "io_failed");
        EXPECT_NE(member(answer.body, "detail").find("requestId"), std::string::npos);
    }
    EXPECT_EQ(server_.head(), before);
    EXPECT_EQ(server_.send({"GET", "/readyz", "", "", "nobody"}).status, 200);
}

TEST_F(ApiFaults, SayThatTheDiskIsFull) {
    const HttpAnswer answer = add_after(Operation::commit, ErrorCode::disk_full);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(member(answer.body, "code"), "disk_full");
    EXPECT_EQ(answer.header("retry-after"), "60");
}

TEST_F(ApiFaults, RefuseWritesAfterAnUnknownCommitAndGoOnReading) {
    const HttpAnswer unknown = add_after(Operation::sync, ErrorCode::commit_unknown);
    EXPECT_EQ(unknown.status, 503);
    EXPECT_EQ(member(unknown.body, "code"), "commit_unknown");
    const HttpAnswer ready = server_.send({"GET", "/readyz", "", "", "nobody"});
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(member(ready.body, "acceptsWrites"), "false");
    EXPECT_NE(member(ready.body, "reason"), "null");
    const HttpAnswer refused = server_.send(
        {"POST", "/v1/finance/categories", R"({"kind":"category","key":"late","name":"L"})"});
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(member(refused.body, "code"), "read_only");
    EXPECT_EQ(server_.send({"GET", "/v1/finance/categories"}).status, 200);
}

}  // namespace
}  // namespace daybook::test
