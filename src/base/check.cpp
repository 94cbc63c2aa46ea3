// Says what was violated and where, then aborts: a process that is wrong must not write.
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace daybook {

void check_failed(const char* condition, const char* file, int line) {
    (void)std::fprintf(stderr, "daybook: check failed: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace daybook
