// Few and bounded.
#include "http/body_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/limits.h"

namespace daybook::http {
namespace {

bool is_same(const std::weak_ptr<const std::string>& one,
             const std::shared_ptr<const std::string>& other) {
    return !one.owner_before(other) && !other.owner_before(one);
}

bool write_whole(int descriptor, const std::string& bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t more = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (more <= 0) return false;
        written += static_cast<std::size_t>(more);
    }
    return true;
}

// Null if there is no room for it or no descriptor; nothing is lost then.
BodyFile file_with(const std::string& bytes, const std::string& directory) {
    constexpr mode_t kOnlyOurs = 0600;
    const auto file = std::make_shared<const Descriptor>(
        ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOnlyOurs));
    const bool is_whole = file->number() >= 0 && write_whole(file->number(), bytes);
    return is_whole ? file : nullptr;
}

}  // namespace

BodyFile BodyFiles::find(const std::shared_ptr<const std::string>& body) {
    if (body->size() < limits::kBodyFileBytesMin) return nullptr;
    const auto found =
        std::ranges::find_if(known_, [&](const Known& each) { return is_same(each.body, body); });
    if (found == known_.end()) {
        known_.push_front({.body = body, .file = nullptr});
        trim();
        return nullptr;
    }
    known_.splice(known_.begin(), known_, found);
    const bool is_second_time = !std::exchange(found->is_asked_again, true);
    if (is_second_time && (found->file = file_with(*body, directory_))) {
        found->bytes = body->size();
        bytes_ += found->bytes;
    }
    BodyFile file = found->file;
    trim();
    return file;
}

void BodyFiles::trim() {
    std::erase_if(known_, [&](const Known& each) {
        if (each.body.expired()) bytes_ -= each.bytes;
        return each.body.expired();
    });
    while (known_.size() > limits::kBodyFilesMax || bytes_ > limits::kBodyFilesBytesMax) {
        bytes_ -= known_.back().bytes;
        known_.pop_back();
    }
}

}  // namespace daybook::http
