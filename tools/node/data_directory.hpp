#pragma once

#include <string>
#include <utility>

#include "persistence/result.hpp"

namespace reenact::tools {

/// The directory a node keeps its things in, held by one process at a time: the system gives the
/// lock up when the process ends, however it ends. Main thread.
class data_directory {
public:
  /// Makes the directory where it is missing and takes it; `refused` says who has it or what to do.
  static persistence::result<data_directory> take(const std::string& path);

  ~data_directory();
  data_directory(data_directory&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}
  data_directory& operator=(data_directory&&) = delete;

private:
  explicit data_directory(int lock) : lock_(lock) {}

  int lock_; ///< file descriptor of DIRECTORY/node.lock
};

} // namespace reenact::tools
