// A file to import, plain or gzip (RFC 1952), held in memory as it lies on the disk.
//
// Why in memory: the first pass checks what the second one sends, and the hash names what was
// imported; all three must be of the same bytes, also if somebody saves the file in between.
// Limits: kInputFileBytesMax on disk, kInputTextBytesMax unpacked; above, it is refused.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::cli {

inline constexpr std::size_t kInputFileBytesMax = std::size_t{512} << 20;
inline constexpr std::size_t kInputTextBytesMax = std::size_t{4} << 30;

// The next piece of a text, valid until the next call; empty at its end.
using PieceSource = std::function<Result<std::string_view>()>;

class InputFile {
 public:
    // Errors: io_failed, too_large.
    static Result<InputFile> read(const std::string& path);

    InputFile(std::string name, std::string bytes);

    // As it was asked for.
    [[nodiscard]] const std::string& name() const { return name_; }
    // Of the bytes on disk, hexadecimal.
    [[nodiscard]] std::string sha256() const;
    // The text from its beginning; may be called again. Uses the file's memory. Errors of the
    // source: malformed (damaged or truncated gzip), too_large.
    [[nodiscard]] PieceSource text() const;

 private:
    std::string name_;
    std::shared_ptr<const std::string> bytes_;
};

}  // namespace daybook::cli
