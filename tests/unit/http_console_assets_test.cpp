// The console's files: what is served, how it is coded and kept, what is passed on.
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "http/console_assets.h"
#include "http/target.h"

namespace daybook::http {
namespace {

constexpr std::array<ConsoleFile, 5> kFiles = {{{"index.html", "<!doctype html>"},
                                                {"index.html.br", "page as br"},
                                                {"index.html.gz", "page as gz"},
                                                {"main-Ab1.js", "let x"},
                                                {"main-Ab1.js.gz", "script as gz"}}};

class Behind final : public Handler {
 public:
    void handle(Request, Respond respond) override {
        Response response;
        response.body = "the API";
        respond(std::move(response));
    }
};

Response ask(const std::string& target, std::vector<Header> headers = {},
             Method method = Method::get, std::span<const ConsoleFile> files = kFiles) {
    Behind behind;
    ConsoleAssets console(behind, files);
    Request request;
    request.method = method;
    request.headers = std::move(headers);
    auto parsed = parse_target(target);
    if (!parsed) return {};
    request.segments = std::move(parsed->segments);
    request.query = std::move(parsed->query);
    std::optional<Response> answered;
    console.handle(std::move(request), [&](Response response) { answered = std::move(response); });
    return std::move(answered).value_or(Response{});
}

std::string header(const Response& response, std::string_view name) {
    for (const Header& each : response.headers) {
        if (each.name == name) return each.value;
    }
    return {};
}

TEST(ConsoleAssets, ServesThePageWithAStrictPolicy) {
    const Response page = ask("/?from=mail");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body_bytes(), "<!doctype html>");
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
    const std::string policy = header(page, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'")) << policy;
    EXPECT_FALSE(policy.contains("unsafe")) << policy;
    EXPECT_FALSE(policy.contains("http")) << policy;
    EXPECT_TRUE(policy.contains("frame-ancestors 'none'")) << policy;
    EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
}

TEST(ConsoleAssets, LetsHashedNamesBeKeptForEver) {
    const Response script = ask("/assets/main-Ab1.js");
    EXPECT_EQ(script.body_bytes(), "let x");
    EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(script, "Vary"), "Accept-Encoding");
}

TEST(ConsoleAssets, ChoosesTheSmallestCodingThatTheClientTakes) {
    const auto coding = [](const std::string& target, const std::string& accepted) {
        const Response response = ask(target, {{"accept-encoding", accepted}});
        return header(response, "Content-Encoding") + ":" + std::string(response.body_bytes());
    };
    EXPECT_EQ(coding("/", "gzip, deflate, br, zstd"), "br:page as br");
    EXPECT_EQ(coding("/", "gzip;q=0.8, br;q=0"), "gzip:page as gz");
    EXPECT_EQ(coding("/", "br;q=0.0, gzip;q=0"), ":<!doctype html>");
    EXPECT_EQ(coding("/", "brotli"), ":<!doctype html>");
    EXPECT_EQ(coding("/assets/main-Ab1.js", "br,gzip"), "gzip:script as gz");
}

TEST(ConsoleAssets, SaysWhatIsUnchangedForEachCoding) {
    const std::string plain = header(ask("/"), "ETag");
    const std::string brotli = header(ask("/", {{"accept-encoding", "br"}}), "ETag");
    EXPECT_NE(plain, brotli);
    const Response same = ask("/", {{"if-none-match", "\"other\", W/" + plain}});
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body_bytes(), "");
    EXPECT_EQ(header(same, "ETag"), plain);
    EXPECT_EQ(ask("/", {{"if-none-match", brotli}}).status, 200);
}

TEST(ConsoleAssets, PassesOnWhatIsNotItsOwn) {
    EXPECT_EQ(ask("/v1/settings").body_bytes(), "the API");
    EXPECT_EQ(ask("/assets").body_bytes(), "the API");
    EXPECT_EQ(ask("/assets/a/b").body_bytes(), "the API");
    EXPECT_EQ(ask("/", {}, Method::post).body_bytes(), "the API");
}

TEST(ConsoleAssets, SaysWhatIsNotThere) {
    const Response missing = ask("/assets/main-Old.js");
    ASSERT_TRUE(missing.error);
    EXPECT_EQ(missing.error->code, ErrorCode::not_found);
    EXPECT_TRUE(ask("/assets/main-Ab1.js.gz").error);
    const Response page = ask("/", {}, Method::get, {});
    ASSERT_TRUE(page.error);
    EXPECT_TRUE(page.error->detail.contains("no console")) << page.error->detail;
}

}  // namespace
}  // namespace daybook::http
