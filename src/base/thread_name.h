// What a thread is called in top, ps and profiles.
#pragma once

#include <pthread.h>

namespace daybook {

// At most 15 characters. The first thread keeps the name of the program.
inline void name_this_thread(const char* name) {
    (void)::pthread_setname_np(::pthread_self(), name);
}

}  // namespace daybook
