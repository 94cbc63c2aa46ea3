// Files in memory, few and bounded.
#include "http/body_files.h"

#include <sys/mman.h>
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

}  // namespace

std::shared_ptr<const BodyFile> BodyFile::with(const std::string& bytes) {
    const int descriptor = ::memfd_create("daybook-body", MFD_CLOEXEC);
    if (descriptor < 0) return nullptr;
    std::shared_ptr<const BodyFile> file(new BodyFile(descriptor));
    return write_whole(descriptor, bytes) ? file : nullptr;
}

BodyFile::~BodyFile() {
    ::close(descriptor_);
}

std::shared_ptr<const BodyFile> BodyFiles::find(const std::shared_ptr<const std::string>& body) {
    if (body->size() < limits::kBodyFileBytesMin) return nullptr;
    const auto found =
        std::ranges::find_if(known_, [&](const Known& each) { return is_same(each.body, body); });
    if (found == known_.end()) {
        known_.push_front({body, 0, nullptr});
        trim();
        return nullptr;
    }
    known_.splice(known_.begin(), known_, found);
    if (!found->file && (found->file = BodyFile::with(*body))) {
        found->bytes = body->size();
        bytes_ += found->bytes;
    }
    const std::shared_ptr<const BodyFile> file = found->file;
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
