// Large bodies that are sent again and again, as files without a name: the kernel sends the pages
// of a file as they are (sendfile), where it would copy those of the process for every answer.
//
// Operation: a body that a cache keeps is copied into a file when it is asked for the second time,
// and the file goes with the body. Concurrency: the I/O thread only. Limits: base/limits.h
// (kBodyFile…); above them the least recently sent file goes, and its body is sent from memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace daybook::http {

// An anonymous file with the bytes of a body; closed with the last that sends it.
class BodyFile {
 public:
    // Null if there is no room for it or no descriptor; nothing is lost then.
    static std::shared_ptr<const BodyFile> with(const std::string& bytes);
    ~BodyFile();
    BodyFile(const BodyFile&) = delete;
    BodyFile& operator=(const BodyFile&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
    explicit BodyFile(int descriptor) : descriptor_(descriptor) {}
    const int descriptor_;
};

class BodyFiles {
 public:
    // The file of this body; null if it is too small for one, or asked for the first time.
    std::shared_ptr<const BodyFile> find(const std::shared_ptr<const std::string>& body);

 private:
    struct Known {
        std::weak_ptr<const std::string> body;
        std::size_t bytes = 0;  // of the file, if there is one
        std::shared_ptr<const BodyFile> file;
    };
    void trim();

    std::list<Known> known_;  // the most recently sent first
    std::size_t bytes_ = 0;
};

}  // namespace daybook::http
