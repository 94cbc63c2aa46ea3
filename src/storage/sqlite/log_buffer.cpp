// Only the file of the write-ahead log is wrapped; every other one is the base layer's own.
#include "storage/sqlite/log_buffer.h"

#include <sqlite3.h>

#include <cstddef>
#include <map>
#include <memory>
#include <new>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/mutex.h"

namespace daybook::storage::sqlite {
namespace {

struct LogFile {
    sqlite3_file base;
    sqlite3_file* real;    // right behind this
    std::string* unsaved;  // for the file from `offset` on
    sqlite3_int64 offset;
};

LogFile& log_file(sqlite3_file* file) {
    return *reinterpret_cast<LogFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return log_file(file).real;
}

int save(sqlite3_file* file) {
    LogFile& log = log_file(file);
    if (log.unsaved->empty()) return SQLITE_OK;
    const int code = log.real->pMethods->xWrite(log.real, log.unsaved->data(),
                                                static_cast<int>(log.unsaved->size()), log.offset);
    log.unsaved->clear();
    return code;
}

int close_file(sqlite3_file* file) {
    const int saved = save(file);
    const int closed = real(file)->pMethods->xClose(real(file));
    delete log_file(file).unsaved;
    return saved == SQLITE_OK ? closed : saved;
}
int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    if (const int code = save(file); code != SQLITE_OK) return code;
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}
int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    LogFile& log = log_file(file);
    const auto size = static_cast<std::size_t>(count);
    const bool goes_on = offset == log.offset + static_cast<sqlite3_int64>(log.unsaved->size()) &&
                         log.unsaved->size() + size <= limits::kLogBufferBytesMax;
    if (!goes_on) {
        if (const int code = save(file); code != SQLITE_OK) return code;
        log.offset = offset;
    }
    log.unsaved->append(static_cast<const char*>(bytes), size);
    return SQLITE_OK;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = save(file); code != SQLITE_OK) return code;
    return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
    if (const int code = save(file); code != SQLITE_OK) return code;
    return real(file)->pMethods->xSync(real(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (const int code = save(file); code != SQLITE_OK) return code;
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int lock) {
    return real(file)->pMethods->xLock(real(file), lock);
}
int unlock_file(sqlite3_file* file, int lock) {
    return real(file)->pMethods->xUnlock(real(file), lock);
}
int check_reserved_lock(sqlite3_file* file, int* result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int device_characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

// Shared memory and mappings belong to the database's file.
constexpr sqlite3_io_methods kMethods{.iVersion = 1,
                                      .xClose = close_file,
                                      .xRead = read_file,
                                      .xWrite = write_file,
                                      .xTruncate = truncate_file,
                                      .xSync = sync_file,
                                      .xFileSize = file_size,
                                      .xLock = lock_file,
                                      .xUnlock = unlock_file,
                                      .xCheckReservedLock = check_reserved_lock,
                                      .xFileControl = file_control,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = device_characteristics,
                                      .xShmMap = nullptr,
                                      .xShmLock = nullptr,
                                      .xShmBarrier = nullptr,
                                      .xShmUnmap = nullptr,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* const layer = static_cast<sqlite3_vfs*>(vfs->pAppData);
    if ((flags & SQLITE_OPEN_WAL) == 0) return layer->xOpen(layer, name, file, flags, out_flags);
    auto* const opened = new (file) LogFile{};
    opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
    const int code = layer->xOpen(layer, name, opened->real, flags, out_flags);
    // Without methods SQLite does not close it.
    if (opened->real->pMethods == nullptr) return code;
    opened->unsaved = new std::string;
    opened->base.pMethods = &kMethods;
    return code;
}

// Registered with SQLite for as long as the process lives.
struct Layer {
    explicit Layer(sqlite3_vfs* base)
        : name(std::string("daybook-") + base->zName),
          vfs(*base) {  // all but opening is the base's
        vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + base->szOsFile;
        vfs.pNext = nullptr;
        vfs.zName = name.c_str();
        vfs.pAppData = base;
        vfs.xOpen = open_file;
        constexpr int kNotDefault = 0;
        CHECK(sqlite3_vfs_register(&vfs, kNotDefault) == SQLITE_OK);
    }
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    const std::string name;
    sqlite3_vfs vfs;
};

}  // namespace

std::string log_buffering_vfs(const std::string& base) {
    static Mutex mutex;
    static auto* const layers = new std::map<std::string, std::unique_ptr<Layer>>();
    const Lock lock(mutex);
    std::unique_ptr<Layer>& layer = (*layers)[base];
    if (!layer) {
        sqlite3_vfs* const found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
        CHECK(found != nullptr);
        layer = std::make_unique<Layer>(found);
    }
    return layer->name;
}

}  // namespace daybook::storage::sqlite
