// A layer below SQLite that writes a transaction's frames to the write-ahead log in one go.
//
// Why: SQLite writes each frame with two system calls, some two hundred for a batch of 64 commands;
// they took a quarter of the writer's time. Guarantee: what was written is in the file before a
// sync, a read, or a question for the size comes back, so nobody sees the difference: SQLite tells
// readers of new frames only after the sync of their commit (`synchronous=FULL`, and pages are
// written at the commit alone: `cache_spill=OFF`). An error of a write that was put off is the
// error of what made it due; nothing of it is kept then, as SQLite writes those frames again.
// Limits: base/limits.h (kLogBufferBytesMax); what is more is written at once.
#pragma once

#include <string>

namespace daybook::storage::sqlite {

// The name of such a layer over another, of which it opens the files; empty is SQLite's default.
std::string log_buffering_vfs(const std::string& base);

}  // namespace daybook::storage::sqlite
