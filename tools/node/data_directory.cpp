#include "tools/node/data_directory.hpp"

#include <filesystem>
#include <system_error>

namespace reenact::tools {

persistence::result<persistence::directory_lock> take_data_directory(const std::string& path) {
  using persistence::failure;
  const auto refused = [](const std::string& why) {
    return failure{failure::kind::refused, why + " (data directory; --data chooses another)"};
  };
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return refused("cannot make " + path + ": " + error.message());
  auto lock = persistence::directory_lock::take(path);
  if (!lock) return refused(lock.error().text);
  return lock;
}

} // namespace reenact::tools
