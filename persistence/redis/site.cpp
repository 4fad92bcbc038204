#include "persistence/redis/site.hpp"

#include <charconv>
#include <utility>

namespace reenact::persistence::redis {

site::site(address where, const open_options& how, layout keys, uuid lineage, const audit& first)
  : where_(std::move(where)),
    how_(how),
    keys_(std::move(keys)),
    lineage_(lineage),
    floor_(level_of(how.redis.floor).value_or(level::always)),
    seen_(how.shards),
    owned_(how.shards),
    audit_(first) {}

result<session> site::connect(deadline until) {
  if (auto well = health(); !well) return well.error();
  auto made = session::open(where_, until);
  if (made) {
    if (auto ends = look(*made, until); !ends)
      made = failure{ends.error().what == failure::kind::unknown ? failure::kind::unreachable
                                                                 : ends.error().what,
                     ends.error().text};
  }
  if (!made) {
    lost(made.error());
    return made;
  }
  const std::scoped_lock lock(mutex_);
  if (std::exchange(away_, std::nullopt)) audit_wanted_ = true;
  wake_.notify_all();
  return made;
}

result<std::vector<sequence_t>> site::look(session& at, deadline until) {
  const auto losses = losses_.load();
  const auto before = seen(); // what is raised meanwhile may rightly be more than is found
  request ends(script::ends);
  ends.keys.add(keys_.identity());
  for (shard_id s = 0; s < shards(); ++s) ends.keys.add(keys_.log(s));
  const auto said = at.ask(ends, until);
  if (!said) return said.error();
  if (said->view().is_error()) return refused_by(said->view());
  if (const auto lineage = (*said)[0].text(); lineage != hex(lineage_)) {
    break_down(lineage.empty() ? "is gone from the server"
                               : "was replaced by another one on the server");
    return health().error();
  }
  std::vector<sequence_t> found(shards());
  bool is_short = false;
  for (shard_id s = 0; s < shards(); ++s) {
    found[s] = (*said)[s + 1].number();
    is_short = is_short || found[s] < before[s];
  }
  if (is_short) lose(losses, before, found);
  for (shard_id s = 0; s < shards(); ++s) saw(s, found[s], losses);
  return found;
}

void site::lose(std::uint64_t losses, const std::vector<sequence_t>& before,
                const std::vector<sequence_t>& after) {
  std::string what = "acknowledged events are lost: the log of";
  std::size_t count = 0;
  for (shard_id s = 0; s < shards(); ++s) {
    if (after[s] >= before[s]) continue;
    if (++count <= 4)
      what += (count == 1 ? " shard " : ", of shard ") + std::to_string(s) + " ended at " +
              std::to_string(before[s]) + " and ends at " + std::to_string(after[s]);
  }
  if (count > 4) what += ", and so on in " + std::to_string(count) + " shards";
  const std::scoped_lock lock(mutex_);
  if (losses != losses_) return; // somebody else has found it
  ++losses_;
  for (shard_id s = 0; s < shards(); ++s) seen_[s] = after[s];
  loss_ = what + ". The journal goes on from what is there";
  wake_.notify_all();
}

void site::break_down(const std::string& why) {
  const std::scoped_lock lock(mutex_);
  if (broken_) return;
  ++losses_;
  broken_ = failure{failure::kind::broken,
                    "the journal at " + where_.shown() + " " + why +
                        ": all that this process remembers of it is worth nothing. See to the data "
                        "of the server, then start again"};
  wake_.notify_all();
}

std::vector<sequence_t> site::seen() const { return {seen_.begin(), seen_.end()}; }

bool site::saw(shard_id s, sequence_t end, std::uint64_t losses) {
  if (losses != losses_) return false;
  auto before = seen_[s].load();
  while (before < end)
    if (seen_[s].compare_exchange_weak(before, end)) return true;
  return false;
}

void site::lost(const failure& why) {
  const std::scoped_lock lock(mutex_);
  if (away_) return;
  away_ = failure{failure::kind::unreachable, why.text};
  wake_.notify_all();
}

void site::audited(const audit& found) {
  const std::scoped_lock lock(mutex_);
  audit_ = found;
  if (found.replicas >= how_.redis.wait_replicas) short_ = false;
}

audit site::last_audit() const {
  const std::scoped_lock lock(mutex_);
  return audit_;
}

void site::replicas_short(bool are) {
  const std::scoped_lock lock(mutex_);
  short_ = are;
}

status site::health() const {
  const std::scoped_lock lock(mutex_);
  if (broken_) return *broken_;
  return done{};
}

status site::open_to_commands() const {
  const std::scoped_lock lock(mutex_);
  if (broken_) return *broken_;
  if (away_) return *away_;
  if (short_)
    return failure{failure::kind::refused,
                   "fewer than " + std::to_string(how_.redis.wait_replicas) +
                       " replicas of Redis had the last write: see to them"};
  return fit_for_commands(audit_, floor_, how_.redis.wait_replicas);
}

void site::ask_audit() {
  const std::scoped_lock lock(mutex_);
  audit_wanted_ = true;
  wake_.notify_all();
}

site::errand site::wait_for_errand(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, most, [&] { return ended_ || away_ || audit_wanted_ || loss_; });
  return {ended_, away_.has_value(), std::exchange(audit_wanted_, false),
          std::exchange(loss_, std::nullopt)};
}

void site::end() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  wake_.notify_all();
}

void site::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [&] { return ended_.load(); });
}

std::string hex(const uuid& lineage) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : lineage) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::optional<uuid> parse_lineage(std::string_view hex) {
  uuid lineage{};
  if (hex.size() != 2 * lineage.size()) return std::nullopt;
  for (std::size_t i = 0; i < lineage.size(); ++i) {
    const auto end = hex.data() + 2 * i + 2;
    const auto read = std::from_chars(end - 2, end, lineage[i], 16);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  }
  return lineage;
}

} // namespace reenact::persistence::redis
