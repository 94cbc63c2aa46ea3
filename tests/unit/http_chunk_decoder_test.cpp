// The chunk decoder: what it reads, what it refuses, at every split.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "http/chunk_decoder.h"

namespace daybook::http {
namespace {

struct Decoded {
    int status = 0;  // 0: no refusal
    bool is_done = false;
    std::size_t taken = 0;
    std::string body;
};

Decoded decode(std::string_view bytes, std::size_t split) {
    ChunkDecoder decoder;
    Decoded decoded;
    for (std::string_view part : {bytes.substr(0, split), bytes.substr(split)}) {
        if (decoder.is_done()) break;
        const auto taken = decoder.feed(part, decoded.body);
        if (!taken) {
            decoded.status = taken.error().status;
            return decoded;
        }
        decoded.taken += *taken;
    }
    decoded.is_done = decoder.is_done();
    return decoded;
}

TEST(ChunkDecoder, ReadsABodyAtEverySplitAndStopsAtItsEnd) {
    const std::string chunked = "5\r\nhello\r\n00B\r\n world, two\r\n0\r\n\r\n";
    const std::string bytes = chunked + "GET /";
    for (std::size_t split = 0; split <= bytes.size(); ++split) {
        const Decoded decoded = decode(bytes, split);
        EXPECT_EQ(decoded.status, 0) << split;
        EXPECT_TRUE(decoded.is_done) << split;
        EXPECT_EQ(decoded.body, "hello world, two") << split;
        EXPECT_EQ(decoded.taken, chunked.size()) << split;
    }
}

TEST(ChunkDecoder, RefusesAtEverySplit) {
    const std::string_view refused[] = {
        "5;name=value\r\nhello\r\n0\r\n\r\n",    // an extension
        "5 \r\nhello\r\n0\r\n\r\n",              // a space
        "0x5\r\nhello\r\n0\r\n\r\n",             // a prefix
        "-5\r\nhello\r\n0\r\n\r\n",              // a sign
        "\r\nhello\r\n0\r\n\r\n",                // no size
        "000000005\r\nhello\r\n0\r\n\r\n",       // nine digits
        "5\nhello\r\n0\r\n\r\n",                 // LF alone after the size
        "5\r\nhello\n0\r\n\r\n",                 // LF alone after the data
        "5\r\nhello!\r\n0\r\n\r\n",              // more data than said
        "6\r\nhello\r\n0\r\n\r\n",               // less data than said
        "0\r\nAuthorization: Bearer x\r\n\r\n",  // a trailer
        "g\r\n",
    };
    for (const std::string_view bytes : refused) {
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            EXPECT_EQ(decode(bytes, split).status, 400) << bytes << " at " << split;
        }
    }
}

TEST(ChunkDecoder, RefusesABodyAboveTheLimitBeforeItArrives) {
    EXPECT_EQ(decode("200001\r\na", 0).status, 413);
    EXPECT_EQ(decode("ffffffff\r\na", 0).status, 413);
    const std::string full(limits::kHttpBodyBytesMax, 'a');
    EXPECT_EQ(decode("200000\r\n" + full + "\r\n1\r\nb", 0).status, 413);
    EXPECT_EQ(decode("200000\r\n" + full + "\r\n0\r\n\r\n", 0).body.size(), full.size());
}

}  // namespace
}  // namespace daybook::http
