#include "tools/journal_options.hpp"

#include <fstream>
#include <string>

namespace reenact::tools {

persistence::result<persistence::open_options> journal_options(const settings& with) {
  persistence::open_options how{.shards = static_cast<std::uint32_t>(with.count("journal.shards"))};
  how.redis.cluster = with.text("cluster.name");
  how.redis.insecure = with.yes("tls.insecure");
  how.redis.floor = with.text("journal.durability");
  if (!with.text("journal.wait_replicas").empty())
    how.redis.wait_replicas = static_cast<unsigned>(with.count("journal.wait_replicas"));
  how.redis.password = with.text("journal.password");
  if (const auto& file = with.text("journal.password_file"); !file.empty()) {
    std::ifstream in(file);
    if (!std::getline(in, how.redis.password) || how.redis.password.empty())
      return persistence::failure{
          persistence::failure::kind::refused,
          "no password can be read from " + file + " (journal.password_file)"};
  }
  return how;
}

} // namespace reenact::tools
