#include "persistence/open.hpp"

#include <chrono>

#include "persistence/memory/memory_journal.hpp"
#include "persistence/redis/redis_journal.hpp"
#include "persistence/rocksdb/rocksdb_journal.hpp"

namespace reenact::persistence {
namespace {

constexpr std::uint32_t shards_max = 4'096;
constexpr std::string_view rocksdb_scheme = "rocksdb:";
constexpr std::string_view redis_scheme = "redis"; // and what begins so: it may hold a password

} // namespace

stamp_t system_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

result<std::unique_ptr<journal>> open(std::string_view url, const open_options& how) {
  if (how.shards == 0 || how.shards > shards_max)
    return failure{failure::kind::refused, "a journal has 1 to " + std::to_string(shards_max) +
                                               " shards, not " + std::to_string(how.shards)};
  if (url == "memory:") return std::unique_ptr<journal>(std::make_unique<memory_journal>(how));
  if (url.starts_with(rocksdb_scheme) && url.size() > rocksdb_scheme.size()) {
    auto opened = rocksdb_journal::open(std::string(url.substr(rocksdb_scheme.size())), how);
    if (!opened) return opened.error();
    return std::unique_ptr<journal>(std::move(*opened));
  }
  if (url.starts_with(redis_scheme)) {
    auto opened = redis_journal::open(url, how);
    if (!opened) return opened.error();
    return std::unique_ptr<journal>(std::move(*opened));
  }
  return failure{failure::kind::refused, "unknown journal \"" + std::string(url) +
                                             "\": use memory:, rocksdb:PATH or redis://HOST:PORT"};
}

} // namespace reenact::persistence
