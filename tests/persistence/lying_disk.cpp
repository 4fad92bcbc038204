#include "tests/persistence/lying_disk.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using kind = disk_op::kind;

/// A file of a lying disk.
class lying_disk::file final : public rocksdb::FSWritableFileOwnerWrapper {
public:
  file(lying_disk& of, std::string path, std::uint64_t number,
       std::unique_ptr<rocksdb::FSWritableFile> real)
    : FSWritableFileOwnerWrapper(std::move(real)),
      disk_(of),
      path_(std::move(path)),
      number_(number) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    if (auto s = disk_.note({kind::write, path_, data.ToString(), number_}); !s.ok()) return s;
    return target()->Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*info*/, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus PositionedAppend(const rocksdb::Slice& /*data*/, std::uint64_t /*offset*/,
                            const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return IOStatus::NotSupported("direct writes");
  }
  IOStatus Truncate(std::uint64_t /*size*/, const IOOptions& /*options*/,
                    IODebugContext* /*debug*/) override {
    return IOStatus::NotSupported("truncation");
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return disk_.note({kind::sync, path_, {}, number_});
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

private:
  lying_disk& disk_;
  const std::string path_;
  const std::uint64_t number_;
};

/// A directory of a lying disk.
class lying_disk::directory final : public rocksdb::FSDirectoryWrapper {
public:
  directory(lying_disk& of, std::string path, std::unique_ptr<rocksdb::FSDirectory> real)
    : FSDirectoryWrapper(std::move(real)),
      disk_(of),
      path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    return disk_.note({kind::sync_directory, path_, {}});
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& /*why*/) override {
    return Fsync(options, debug);
  }

private:
  lying_disk& disk_;
  const std::string path_;
};

lying_disk::lying_disk(std::string root)
  : FileSystemWrapper(rocksdb::FileSystem::Default()),
    root_(std::move(root)) {}

void lying_disk::set(fault f) {
  const std::scoped_lock lock(mutex_);
  fault_ = f;
}

std::size_t lying_disk::steps() const {
  const std::scoped_lock lock(mutex_);
  return trace_.size();
}

std::vector<disk_op> lying_disk::trace() const {
  const std::scoped_lock lock(mutex_);
  return trace_;
}

std::string lying_disk::relative(const std::string& path) const {
  return std::filesystem::path(path).lexically_normal().lexically_relative(root_).string();
}

IOStatus lying_disk::note(disk_op op) {
  const std::scoped_lock lock(mutex_);
  const bool writes = op.what == kind::write || op.what == kind::create;
  const bool table = op.path.ends_with(".sst");
  if (writes && (fault_ == fault::full || (fault_ == fault::tables_full && table)))
    return IOStatus::NoSpace("the lying disk is full");
  if (fault_ == fault::sync_fails && (op.what == kind::sync || op.what == kind::sync_directory))
    return IOStatus::IOError("the lying disk cannot sync " + op.path);
  trace_.push_back(std::move(op));
  return IOStatus::OK();
}

IOStatus lying_disk::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* made,
                                     IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> real;
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++files_;
  }
  if (auto s = note({kind::create, relative(path), {}, number}); !s.ok()) return s;
  if (auto s = target()->NewWritableFile(path, options, &real, debug); !s.ok()) return s;
  *made = std::make_unique<file>(*this, relative(path), number, std::move(real));
  return IOStatus::OK();
}

IOStatus lying_disk::NewDirectory(const std::string& path, const IOOptions& options,
                                  std::unique_ptr<rocksdb::FSDirectory>* made,
                                  IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  if (auto s = target()->NewDirectory(path, options, &real, debug); !s.ok()) return s;
  *made = std::make_unique<directory>(*this, relative(path), std::move(real));
  return IOStatus::OK();
}

IOStatus lying_disk::RenameFile(const std::string& from, const std::string& to,
                                const IOOptions& options, IODebugContext* debug) {
  if (auto s = note({kind::rename, relative(from), relative(to)}); !s.ok()) return s;
  return target()->RenameFile(from, to, options, debug);
}

IOStatus lying_disk::DeleteFile(const std::string& path, const IOOptions& options,
                                IODebugContext* debug) {
  if (auto s = note({kind::remove, relative(path), {}}); !s.ok()) return s;
  return target()->DeleteFile(path, options, debug);
}

void platter::apply(const disk_op& op) {
  switch (op.what) {
    case kind::create: now_[op.path] = files_[op.file] = std::make_shared<content>(); break;
    case kind::write: files_.at(op.file)->written += op.bytes; break;
    case kind::sync: files_.at(op.file)->synced = files_.at(op.file)->written.size(); break;
    case kind::rename:
      now_[op.bytes] = now_.at(op.path);
      now_.erase(op.path);
      break;
    case kind::remove: now_.erase(op.path); break;
    case kind::sync_directory: {
      const auto inside = [&](const auto& entry) {
        const auto parent = std::filesystem::path(entry.first).parent_path().string();
        return parent == (op.path == "." ? "" : op.path);
      };
      std::erase_if(synced_, inside);
      for (const auto& entry : now_)
        if (inside(entry)) synced_.insert(entry);
      break;
    }
  }
}

void platter::cut_power(const std::string& into, std::uint64_t luck) const {
  std::mt19937_64 random(luck);
  const auto coin = [&] { return luck != 0 && random() % 2 == 0; };
  entries left = synced_;
  for (const auto& [path, was] : synced_)
    if (!now_.contains(path) && coin()) left.erase(path); // a removal that made it
  for (const auto& [path, is] : now_)
    if (const auto old = synced_.find(path); (old == synced_.end() || old->second != is) && coin())
      left[path] = is;
  for (const auto& [path, file] : left) {
    auto bytes = file->synced;
    if (luck != 0) bytes += random() % (file->written.size() - file->synced + 1);
    const auto full = std::filesystem::path(into) / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary)
        .write(file->written.data(), static_cast<std::streamsize>(bytes));
  }
}
