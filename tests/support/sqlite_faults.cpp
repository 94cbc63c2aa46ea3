// A vfs whose files hold the default layer's file behind them.
#include "support/sqlite_faults.h"

#include <sqlite3.h>

#include <new>

namespace daybook::test {
namespace {

struct FaultyFile {
    sqlite3_file base;
    int kind;      // SQLITE_OPEN_WAL, SQLITE_OPEN_MAIN_DB, or another
    bool is_kept;  // SqliteFaults::files knows it, by this name
    const char* path;
    sqlite3_file* real;  // right behind this
};

FaultyFile* faulty(sqlite3_file* file) {
    return reinterpret_cast<FaultyFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return faulty(file)->real;
}

int close_file(sqlite3_file* file) {
    return real(file)->pMethods->xClose(real(file));
}
int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}
// One more write, new size or sync, if the power lasts.
bool has_power() {
    int left = SqliteFaults::power_lasts;
    while (left > 0 && !SqliteFaults::power_lasts.compare_exchange_weak(left, left - 1)) {
    }
    return left != 0;
}
int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const bool is_log = faulty(file)->kind == SQLITE_OPEN_WAL;
    const bool is_database = faulty(file)->kind == SQLITE_OPEN_MAIN_DB;
    if (is_log) ++SqliteFaults::log_writes;
    if (is_database) ++SqliteFaults::database_writes;
    if (is_log && SqliteFaults::full_for_log) return SQLITE_FULL;
    if (is_database && SqliteFaults::full_for_database) return SQLITE_FULL;
    // What is under way when the power goes may be on the disk, too.
    if (faulty(file)->is_kept) {
        SqliteFaults::files().written(
            faulty(file)->path, offset,
            {static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
    }
    if (!has_power()) return SQLITE_IOERR_WRITE;
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (!has_power()) return SQLITE_IOERR_TRUNCATE;
    if (faulty(file)->is_kept) SqliteFaults::files().truncated(faulty(file)->path, size);
    return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
    const int kind = faulty(file)->kind;
    const bool fails = (kind == SQLITE_OPEN_WAL && SqliteFaults::fail_log_sync) ||
                       (kind == SQLITE_OPEN_MAIN_DB && SqliteFaults::fail_database_sync);
    if (fails && faulty(file)->is_kept) SqliteFaults::files().sync_failed(faulty(file)->path);
    if (fails || !has_power()) return SQLITE_IOERR_FSYNC;
    if (faulty(file)->is_kept) SqliteFaults::files().synced(faulty(file)->path);
    return real(file)->pMethods->xSync(real(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
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
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods{.iVersion = 2,
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
                                      .xShmMap = shm_map,
                                      .xShmLock = shm_lock,
                                      .xShmBarrier = shm_barrier,
                                      .xShmUnmap = shm_unmap,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* const layer = static_cast<sqlite3_vfs*>(vfs->pAppData);
    auto* const opened = new (file) FaultyFile{};
    opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
    opened->kind = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB);
    opened->path = name;
    opened->is_kept = SqliteFaults::keeps_files && opened->kind != 0;
    if (opened->is_kept) SqliteFaults::files().opened(name);
    const int code = layer->xOpen(layer, name, opened->real, flags, out_flags);
    // Without methods SQLite does not close it.
    if (opened->real->pMethods != nullptr) opened->base.pMethods = &kMethods;
    return code;
}

sqlite3_vfs make_vfs(sqlite3_vfs* layer) {
    sqlite3_vfs vfs = *layer;  // all but opening is the default layer's own
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(sizeof(FaultyFile)) + layer->szOsFile;
    vfs.pNext = nullptr;
    vfs.zName = "daybook-faults";
    vfs.pAppData = layer;
    vfs.xOpen = open_file;
    return vfs;
}

}  // namespace

std::string SqliteFaults::vfs() {
    static sqlite3_vfs registered = make_vfs(sqlite3_vfs_find(nullptr));
    constexpr int kNotDefault = 0;
    static const int code = sqlite3_vfs_register(&registered, kNotDefault);
    return code == SQLITE_OK ? registered.zName : "";
}

SyncedFiles& SqliteFaults::files() {
    static SyncedFiles files;
    return files;
}

void SqliteFaults::heal() {
    power_lasts = -1;
    keeps_files = false;
    files().forget();
    for (auto* fault : {&fail_log_sync, &fail_database_sync, &full_for_log, &full_for_database}) {
        fault->store(false);
    }
}

}  // namespace daybook::test
