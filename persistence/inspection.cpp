#include "persistence/inspection.hpp"

#include "persistence/redis/inspection.hpp"
#include "persistence/rocksdb/inspection.hpp"

namespace reenact::persistence {

result<statistics> stat(std::string_view url, const redis_options& how) {
  return redis::is_address(url) ? redis::stat(url, how) : rocks::stat(url);
}

result<verification> verify(std::string_view url, const verify_progress& tell,
                            const redis_options& how) {
  return redis::is_address(url) ? redis::verify(url, how, tell) : rocks::verify(url, tell);
}

result<event_source> look_at_events(std::string_view url, const redis_options& how) {
  return redis::is_address(url) ? redis::look_at_events(url, how) : rocks::look_at_events(url);
}

} // namespace reenact::persistence
