// Large bodies that are sent again and again, as files without a name: the kernel sends the pages
// of a file as they are (sendfile), where it would copy those of the process for every answer.
//
// Operation: a body that a cache keeps is copied into a file when it is asked for the second time,
// and the file goes with the body. The files lie in a directory of the disk, not in memory files
// (memfd): their pages are larger, and sent in fewer pieces. Concurrency: the I/O thread only.
// Limits: base/limits.h (kBodyFile…); above them the least recently sent file goes, and its body is
// sent from memory, as it is where no file can be made.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "base/descriptor.h"

namespace daybook::http {

// A file with the bytes of a body; closed with the last that sends it.
using BodyFile = std::shared_ptr<const Descriptor>;

class BodyFiles {
 public:
    explicit BodyFiles(std::string directory) : directory_(std::move(directory)) {}

    // The file of this body; null if it is too small for one, or asked for the first time.
    BodyFile find(const std::shared_ptr<const std::string>& body);

 private:
    struct Known {
        std::weak_ptr<const std::string> body;
        bool is_asked_again = false;
        std::size_t bytes = 0;  // of the file, if there is one
        BodyFile file;
    };
    void trim();

    const std::string directory_;
    std::list<Known> known_;  // the most recently sent first
    std::size_t bytes_ = 0;
};

}  // namespace daybook::http
