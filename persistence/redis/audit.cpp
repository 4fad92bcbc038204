#include "persistence/redis/audit.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace reenact::persistence::redis {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"memory", "no", "everysec", "always"};

/// The value of "name:value" in what INFO says.
std::string_view line_of(std::string_view info, std::string_view name) {
  for (std::size_t at = 0; at < info.size();) {
    const auto end = std::min(info.find('\n', at), info.size());
    auto line = info.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
      return line.substr(name.size() + 1);
    at = end + 1;
  }
  return {};
}

std::uint64_t number(std::string_view digits) {
  std::uint64_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

level promise_of(std::string_view info, answer_view config) {
  if (line_of(info, "aof_enabled") != "1") return level::memory;
  level promise = level::no;
  bool off_at_rewrite = false;
  for (std::size_t i = 0; i + 1 < config.size(); i += 2) {
    if (config[i].text() == "appendfsync")
      promise = level_of(config[i + 1].text()).value_or(level::no);
    if (config[i].text() == "no-appendfsync-on-rewrite")
      off_at_rewrite = config[i + 1].text() == "yes";
  }
  return off_at_rewrite ? level::no : promise;
}

failure closed(const std::string& why) { return {failure::kind::refused, why}; }

} // namespace

std::optional<level> level_of(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<level>(i);
  return std::nullopt;
}

result<audit> ask_audit(session& at, deadline until) {
  const std::array<request, 2> asked{
      request(command("INFO").add("all")),
      request(command("CONFIG").add("GET").add("appendfsync").add("no-appendfsync-on-rewrite"))};
  const auto said = at.ask(asked, until);
  if (!said) return said.error();
  for (const auto& one : *said)
    if (one.view().is_error())
      return failure{
          failure::kind::refused,
          "Redis does not say what it promises; its user must be allowed INFO and CONFIG "
          "GET: " +
              std::string(one.view().text())};
  const auto info = (*said)[0].view().text();
  audit found;
  found.version = line_of(info, "redis_version");
  found.run_id = line_of(info, "run_id");
  found.major = number(found.version);
  found.cluster = line_of(info, "cluster_enabled") == "1";
  found.master = line_of(info, "role") == "master";
  found.replicas = number(line_of(info, "connected_slaves"));
  found.promise = promise_of(info, (*said)[1].view());
  found.writes_fail =
      found.promise != level::memory && line_of(info, "aof_last_write_status") != "ok";
  found.used = number(line_of(info, "used_memory"));
  found.limit = number(line_of(info, "maxmemory"));
  found.evicts = found.limit > 0 && line_of(info, "maxmemory_policy") != "noeviction";
  return found;
}

status usable(const audit& found) {
  if (found.cluster)
    return closed(
        "this Redis is in cluster mode, which is not supported yet: use one with "
        "cluster-enabled no");
  if (found.major < 7)
    return closed("this Redis is " + found.version + "; the journal needs 7 or newer");
  if (!found.master) return closed("this Redis is a replica: name its master");
  return done{};
}

status fit_for_commands(const audit& found, level floor, unsigned replicas) {
  if (auto can = usable(found); !can) return can;
  if (found.writes_fail)
    return closed(
        "Redis cannot write its append-only file: see to its disk (aof_last_write_status "
        "of INFO persistence)");
  if (found.promise < floor)
    return closed("Redis promises \"" + in_words(found.promise) +
                  "\", and redis.floor asks for \"" + in_words(floor) +
                  "\": set appendonly yes, appendfsync " +
                  std::string(level_names[static_cast<std::size_t>(floor)]) +
                  " and no-appendfsync-on-rewrite no in redis.conf, or lower redis.floor");
  if (found.evicts)
    return closed(
        "Redis may evict events when its memory is full: set maxmemory-policy noeviction");
  if (found.replicas < replicas)
    return closed("Redis has " + std::to_string(found.replicas) + " replicas, and " +
                  std::to_string(replicas) + " must have each write: start them");
  if (found.fullness() >= full)
    return closed("Redis uses " + std::to_string(found.used) + " of " +
                  std::to_string(found.limit) +
                  " bytes: new commands wait until there is room; raise maxmemory");
  return done{};
}

std::string warning(const audit& found) {
  if (found.fullness() < nearly_full) return {};
  return "Redis uses " + std::to_string(found.used) + " of " + std::to_string(found.limit) +
         " bytes; at 90 % no new commands are taken: raise maxmemory";
}

std::string in_words(level promise) {
  switch (promise) {
    case level::always: return "fsync before reply (appendfsync always)";
    case level::everysec:
      return "fsync within a second (appendfsync everysec): a process crash loses nothing, a power "
             "loss the last second";
    case level::no: return "written when the system likes (appendfsync no)";
    case level::memory: break;
  }
  return "none: in the memory of Redis only (appendonly no)";
}

} // namespace reenact::persistence::redis
