#include "persistence/redis/found.hpp"

#include "persistence/redis/site.hpp"

namespace reenact::persistence::redis {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::string_view hash_name = "fnv1a64-fmix64";

failure refused(const std::string& what) { return {failure::kind::refused, what}; }

} // namespace

result<identity> find_journal(session& at, const address& where, const open_options& how,
                              absent then) {
  const auto key = layout(how.redis.cluster).identity();
  request ask(command("HMGET").add(key).add("format").add("lineage").add("shards").add("hash"));
  if (then == absent::make) {
    ask = request(script::found);
    ask.keys.add(key);
    ask.arguments.add(format).add(hex(new_lineage())).add(how.shards).add(hash_name);
  }
  const auto said = at.ask(ask, clock::now() + how.redis.patience);
  if (!said) return said.error();
  if (said->view().is_error()) return refused_by(said->view());
  const auto place = where.shown() + " under " + how.redis.cluster;
  if ((*said)[0].is_nil()) return refused("there is no journal in " + place);
  const auto lineage = parse_lineage((*said)[1].text());
  const auto shards = static_cast<std::uint32_t>((*said)[2].number());
  if ((*said)[0].number() != format || !lineage || shards == 0 || (*said)[3].text() != hash_name)
    return refused("what lies in " + place +
                   " is no journal of this version: choose another redis.cluster");
  if (how.shards != 0 && shards != how.shards)
    return refused("the journal in " + place + " was made with " + std::to_string(shards) +
                   " shards, which stay for its life: it cannot be opened with " +
                   std::to_string(how.shards));
  return identity{*lineage, shards, "redis", {}, true};
}

} // namespace reenact::persistence::redis
