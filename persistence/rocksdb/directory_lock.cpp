#include "persistence/rocksdb/directory_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace reenact::persistence {

result<directory_lock> directory_lock::take(const std::string& directory) {
  const auto path = directory + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0)
    return failure{failure::kind::refused, "cannot open " + path + ": " + std::strerror(errno)};
  directory_lock held(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> pid{};
    const auto bytes = ::pread(file, pid.data(), pid.size(), 0);
    return failure{failure::kind::refused,
                   directory + " is open in process " +
                       std::string(pid.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0) +
                       ": stop that one first, or use another directory"};
  }
  const auto pid = std::to_string(::getpid());
  if (::ftruncate(file, 0) != 0 ||
      ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return failure{failure::kind::refused, "cannot write " + path + ": " + std::strerror(errno)};
  return held;
}

directory_lock::directory_lock(directory_lock&& other) noexcept
  : file_(std::exchange(other.file_, -1)) {}

directory_lock::~directory_lock() {
  if (file_ >= 0) ::close(file_);
}

} // namespace reenact::persistence
