#include "tools/node/data_directory.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace reenact::tools {
namespace {

persistence::failure refused(const std::string& path, const std::string& why) {
  return {persistence::failure::kind::refused, "data directory " + path + ": " + why};
}

std::string reason(int error) { return std::generic_category().message(error); }

/// The process that wrote its number into the lock file.
std::string holder(int lock) {
  char digits[16];
  const auto length = ::pread(lock, digits, sizeof digits, 0);
  return length > 0 ? "pid " + std::string(digits, static_cast<std::size_t>(length))
                    : "another process";
}

} // namespace

persistence::result<data_directory> data_directory::take(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return refused(path, error.message() + "; choose another with --data");
  const auto file = path + "/node.lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0)
    return refused(path, "cannot write there (" + reason(errno) +
                             "); give this user the right to, or choose another with --data");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    auto failure =
        refused(path, errno == EWOULDBLOCK
                          ? "in use by " + holder(lock) + "; stop it, or choose another with --data"
                          : "cannot be locked (" + reason(errno) + ")");
    ::close(lock);
    return failure;
  }
  const auto pid = std::to_string(::getpid());
  if (::ftruncate(lock, 0) != 0 ||
      ::pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    auto failure = refused(path, "cannot write there (" + reason(errno) + ")");
    ::close(lock);
    return failure;
  }
  return data_directory(lock);
}

data_directory::~data_directory() {
  if (lock_ >= 0) ::close(lock_);
}

} // namespace reenact::tools
