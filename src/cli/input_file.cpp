// Reads a file, and inflates it piece by piece if it begins like gzip.
#include "cli/input_file.h"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/digest.h"
#include "base/hex.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib.h, inflateInit2: gzip with the largest window

class Inflater {
 public:
    Inflater(std::string name, std::shared_ptr<const std::string> bytes)
        : name_(std::move(name)), bytes_(std::move(bytes)) {
        ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
        rest_ = *bytes_;
    }
    ~Inflater() {
        if (ready_) inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Result<std::string_view> next() {
        if (!ready_) return fail(ErrorCode::internal, "zlib has no memory.");
        stream_.next_out = piece_.data();
        stream_.avail_out = static_cast<uInt>(piece_.size());
        while (stream_.avail_out == piece_.size() && !(ended_ && rest_.empty())) TRY(step());
        const std::size_t made = piece_.size() - stream_.avail_out;
        unpacked_ += made;
        if (unpacked_ > kInputTextBytesMax) {
            return fail(ErrorCode::too_large,
                        name_ + " is more than 4 GiB unpacked. Split it and import the parts.");
        }
        return std::string_view(reinterpret_cast<const char*>(piece_.data()), made);
    }

 private:
    Status step() {
        if (ended_) {  // another member follows (RFC 1952, 2.2)
            inflateReset(&stream_);
            ended_ = false;
        }
        if (rest_.empty()) {
            return fail(ErrorCode::malformed,
                        name_ + " ends in the middle of its compressed data. Fetch it again.");
        }
        const std::size_t given = std::min(rest_.size(), kPieceBytes);
        // zlib does not write to its input; its types are from before const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
        stream_.avail_in = static_cast<uInt>(given);
        const int outcome = inflate(&stream_, Z_NO_FLUSH);
        rest_.remove_prefix(given - stream_.avail_in);
        if (outcome == Z_STREAM_END) {
            ended_ = true;
        } else if (outcome != Z_OK) {
            return fail(ErrorCode::malformed, name_ + " is damaged: gzip cannot unpack it.");
        }
        return {};
    }

    std::string name_;
    std::shared_ptr<const std::string> bytes_;
    std::string_view rest_;
    z_stream stream_{};
    std::array<Bytef, kPieceBytes> piece_{};
    std::size_t unpacked_ = 0;
    bool ready_ = false;
    bool ended_ = false;
};

}  // namespace

InputFile::InputFile(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::make_shared<const std::string>(std::move(bytes))) {}

Result<InputFile> InputFile::read(const std::string& path) {
    const auto close = [](std::FILE* file) { std::fclose(file); };
    const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
    if (!file)
        return fail(ErrorCode::io_failed, "Cannot read " + path + ": " + std::strerror(errno));
    std::string bytes;
    std::array<char, kPieceBytes> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
        bytes.append(piece.data(), count);
        if (bytes.size() > kInputFileBytesMax) {
            return fail(ErrorCode::too_large,
                        path + " is more than 512 MiB. Split it and import the parts.");
        }
    }
    if (std::ferror(file.get()) != 0)
        return fail(ErrorCode::io_failed, "Cannot read " + path + ": " + std::strerror(errno));
    return InputFile(path, std::move(bytes));
}

std::string InputFile::sha256() const {
    return to_hex(daybook::sha256({as_bytes(*bytes_)}));
}

PieceSource InputFile::text() const {
    if (bytes_->starts_with("\x1f\x8b")) {
        auto inflater = std::make_shared<Inflater>(name_, bytes_);
        return [inflater] { return inflater->next(); };
    }
    return [bytes = bytes_, done = false]() mutable -> Result<std::string_view> {
        if (std::exchange(done, true)) return std::string_view();
        return std::string_view(*bytes);
    };
}

}  // namespace daybook::cli
