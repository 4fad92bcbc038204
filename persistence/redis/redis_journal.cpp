#include "persistence/redis/redis_journal.hpp"

#include <utility>

#include "persistence/redis/consumers.hpp"
#include "persistence/redis/event_reading.hpp"
#include "persistence/redis/found.hpp"
#include "persistence/redis/leases.hpp"
#include "persistence/refusals.hpp"

namespace reenact::persistence {
namespace {

using namespace std::chrono_literals;
using redis::clock;

constexpr auto audit_period = 60'000ms;
constexpr auto ping_period = 1'000ms; ///< a server that answers nothing so long is away
constexpr auto ping_patience = 2'000ms;
constexpr auto again = 50ms; ///< between two attempts to find a server that is away

failure refused(const std::string& what) { return {failure::kind::refused, what}; }

} // namespace

result<std::unique_ptr<redis_journal>> redis_journal::open(std::string_view url,
                                                           const open_options& how) {
  if (!redis::is_cluster_name(how.redis.cluster))
    return refused("redis.cluster has 1 to 64 letters, digits, '.', '_' or '-'");
  if (!redis::level_of(how.redis.floor))
    return refused("redis.floor is always, everysec, no or memory");
  auto where = redis::parse_address(url, how.redis);
  if (!where) return where.error();
  const auto until = clock::now() + how.redis.patience;
  auto at = redis::session::open(*where, until);
  if (!at)
    return failure{at.error().what,
                   at.error().text + ". Start the server, or name another journal"};
  const auto audit = redis::ask_audit(*at, until);
  if (!audit) return audit.error();
  if (auto can = redis::usable(*audit); !can) return can.error();
  auto who = redis::find_journal(*at, *where, how, redis::absent::make);
  if (!who) return who.error();
  who->durability = redis::in_words(audit->promise);
  std::unique_ptr<redis_journal> opened(new redis_journal(*where, how, *who, *audit));
  if (auto ends = opened->site_.look(*at, until); !ends) return ends.error();
  opened->minder_ = std::thread(&redis_journal::mind, opened.get());
  return opened;
}

redis_journal::redis_journal(redis::address where, const open_options& how, identity who,
                             const redis::audit& first)
  : about_(std::move(who)),
    site_(std::move(where), how, redis::layout(how.redis.cluster), about_.lineage, first),
    reading_(site_),
    writer_(site_) {}

redis_journal::~redis_journal() { (void)close(); }

status redis_journal::close() {
  watch({});
  site_.end();
  if (minder_.joinable()) minder_.join();
  return done{};
}

/// Comes back to a server that was away, asks it each second whether it is there and each minute
/// what it promises, and tells of what was lost.
void redis_journal::mind() {
  std::optional<redis::session> at;
  for (auto audit_at = clock::now() + audit_period;;) {
    const bool away = !at || !at->alive();
    const auto errand = site_.wait_for_errand(away ? again : ping_period);
    if (errand.ends) return;
    tell(errand);
    if (errand.away) at.reset();
    if (!at || !at->alive()) {
      auto made = site_.connect(clock::now() + ping_patience);
      if (!made) {
        site_.pause(again);
        continue;
      }
      at.emplace(std::move(*made));
      audit_at = clock::now();
    }
    if (errand.audit || clock::now() >= audit_at) {
      const auto found = redis::ask_audit(*at, clock::now() + ping_patience);
      if (found) site_.audited(*found);
      if (found && site_.look(*at, clock::now() + ping_patience))
        audit_at = clock::now() + audit_period;
    }
    const auto pong = at->ask(redis::request(redis::command("PING")), clock::now() + ping_patience);
    if (!pong) site_.lost(pong.error());
  }
}

void redis_journal::tell(const redis::site::errand& what) {
  if (!what.loss) return;
  const std::scoped_lock lock(watching_);
  if (watcher_.shrunk) watcher_.shrunk(*what.loss);
}

void redis_journal::watch(watcher by) {
  tail_.reset();
  const std::scoped_lock lock(watching_);
  watcher_ = by;
  if (by.grown) tail_ = std::make_unique<redis::tail>(site_, by.grown);
}

result<std::unique_ptr<members>> redis_journal::join() const {
  return std::unique_ptr<members>(std::make_unique<redis::leases>(
      site_.where(), site_.keys(), about_.shards, site_.options().lease));
}

status redis_journal::may(shard_id shard) const {
  if (auto well = health(); !well) return well;
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  return done{};
}

status redis_journal::may(std::string_view consumer, shard_id shard) const {
  if (auto right = may(shard); !right) return right;
  if (!is_name(consumer)) return not_a_name("a consumer");
  return done{};
}

result<token> redis_journal::claim(shard_id shard, std::uint64_t incarnation) {
  if (auto right = may(shard); !right) return right.error();
  return writer_.claim(shard, incarnation);
}

status redis_journal::release(shard_id shard, const token& writer) {
  if (auto right = may(shard); !right) return right;
  return writer_.release(shard, writer);
}

std::vector<outcome> redis_journal::commit(std::span<const append* const> group) {
  return writer_.commit(group);
}

result<version_t> redis_journal::head(const stream& of) const {
  return redis::read_head(reading_, site_.keys(), about_.shards, of);
}

status redis_journal::read_stream(const stream& of, version_t from, const visitor& visit) const {
  return redis::read_stream(reading_, site_.keys(), about_.shards, of, from, visit);
}

status redis_journal::read_log(shard_id shard, sequence_t from, std::size_t most,
                               const visitor& visit) const {
  if (auto right = may(shard); !right) return right;
  return redis::read_log(reading_, site_.keys(), shard, from, most, visit);
}

status redis_journal::read_timers(shard_id shard, stamp_t until, std::size_t most,
                                  const timer_visitor& visit) const {
  if (auto right = may(shard); !right) return right;
  return redis::read_timers(reading_, site_.keys(), shard, until, most, visit);
}

status redis_journal::store_snapshot(const token& writer, const stream& of, const snapshot& what) {
  const auto shard = shard_of(of.entity, about_.shards);
  if (auto right = may(shard); !right) return right;
  if (!is_name(of.type) || !is_name(of.entity)) return not_a_name("a stream");
  if (what.bytes.size() > snapshot_bytes_max) return too_large("a snapshot", snapshot_bytes_max);
  redis::request store(redis::script::store_snapshot);
  store.keys.add(site_.keys().owner(shard))
      .add(site_.keys().snapshots(shard) + redis::name_of(of.type, of.entity));
  store.arguments.add(redis::seal_snapshot(of, what));
  const auto stored = writer_.write(shard, writer, store);
  if (!stored) return stored.error();
  return done{};
}

result<snapshot> redis_journal::load_snapshot(const stream& of) const {
  return redis::load_snapshot(reading_, site_.keys(), about_.shards, of);
}

status redis_journal::store_progress(const token& writer, std::string_view consumer, shard_id shard,
                                     const progress& what) {
  if (auto right = may(consumer, shard); !right) return right;
  return redis::store_progress(writer_, site_.keys(), writer, consumer, shard, what);
}

status redis_journal::drop_dead_letter(const token& writer, std::string_view consumer,
                                       shard_id shard, sequence_t at) {
  if (auto right = may(consumer, shard); !right) return right;
  return redis::drop_letter(writer_, site_.keys(), writer, consumer, shard, at);
}

result<positions_by_shard> redis_journal::positions(std::string_view consumer) const {
  return redis::read_positions(reading_, site_.keys(), about_.shards, consumer);
}

result<std::vector<sequence_t>> redis_journal::parked(std::string_view consumer,
                                                      shard_id shard) const {
  if (auto right = may(shard); !right) return right.error();
  return redis::read_parked(reading_, site_.keys(), consumer, shard);
}

status redis_journal::read_dead_letters(std::string_view consumer, shard_id shard,
                                        const dead_letter_visitor& visit) const {
  if (auto right = may(shard); !right) return right;
  return redis::read_letters(reading_, site_.keys(), consumer, shard, visit);
}

result<std::vector<std::string>> redis_journal::consumers() const {
  return redis::read_consumers(reading_, site_.keys(), about_.shards);
}

} // namespace reenact::persistence
