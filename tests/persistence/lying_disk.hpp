#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

/// Something a program did to a disk. Paths are relative to the disk's root.
struct disk_op {
  enum class kind { create, write, sync, rename, remove, sync_directory };
  kind what;
  std::string path;
  std::string bytes;      ///< what was written; of a rename: the new path
  std::uint64_t file = 0; ///< which file is created, written or synced, whatever it is called
};

/// A RocksDB file system over a real directory that writes down everything done to it, so that the
/// power can be cut afterwards, between any two steps of one run (platter). Syncs cost nothing, and
/// are only written down. It can also run full and fail to sync. Any thread.
class lying_disk final : public rocksdb::FileSystemWrapper {
public:
  enum class fault {
    none,
    full,        ///< nothing more can be written
    tables_full, ///< no table can be written, logs can
    sync_fails,
  };

  explicit lying_disk(std::string root);

  const char* Name() const override { return "lying_disk"; }
  const std::string& root() const { return root_; }
  std::unique_ptr<rocksdb::Env> env(const std::shared_ptr<lying_disk>& self) const {
    return rocksdb::NewCompositeEnv(self);
  }

  void set(fault f);
  /// How much was done so far, and what.
  std::size_t steps() const;
  std::vector<disk_op> trace() const;

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

private:
  class file;
  class directory;

  std::string relative(const std::string& path) const;
  /// Writes an operation down, unless the disk fails it.
  rocksdb::IOStatus note(disk_op op);

  const std::string root_;
  mutable std::mutex mutex_;
  fault fault_ = fault::none;
  std::vector<disk_op> trace_;
  std::uint64_t files_ = 0;
};

/// What is on a disk after a part of a trace, and what of it survives if the power goes then.
class platter {
public:
  void apply(const disk_op& op);

  /// Writes what survives to a directory. `luck` 0: only what was synced. Else a seed: of what was
  /// not synced, any files, renames and removals, and any beginning of what was written to a file.
  void cut_power(const std::string& into, std::uint64_t luck = 0) const;

private:
  struct content {
    std::string written;
    std::size_t synced = 0;
  };
  using entries = std::map<std::string, std::shared_ptr<content>>;

  std::map<std::uint64_t, std::shared_ptr<content>> files_;
  entries now_;    // as the program sees it
  entries synced_; // as the directories were when they were synced
};
