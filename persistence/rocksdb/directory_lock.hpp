#pragma once

#include <string>

#include "persistence/result.hpp"

namespace reenact::persistence {

/// The one process that may have a journal's directory open: flock on its file `lock`, which holds
/// the pid for whoever comes second. Released with the object, or with the process however it ends.
class directory_lock {
public:
  /// Refused with the holder's pid when another has it.
  static result<directory_lock> take(const std::string& directory);

  directory_lock(directory_lock&& other) noexcept;
  directory_lock& operator=(directory_lock&&) = delete;
  ~directory_lock();

private:
  explicit directory_lock(int file) : file_(file) {}
  int file_;
};

} // namespace reenact::persistence
