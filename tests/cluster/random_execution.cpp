#include "tests/cluster/random_execution.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace reenact::tests {
namespace {

constexpr std::size_t clients = 4, shards = 3;

/// A stream and what has been answered from it.
struct register_of_records {
  std::string type, id, within;
  std::size_t shard = 0;
  std::uint64_t records = 0, version = 0;
  bool removed = false;
  std::map<std::string, operation> answered; ///< by command
};

/// A command on its way: it may yet happen.
struct on_its_way {
  operation did;
  bool applied = false;
};

class world {
public:
  explicit world(std::uint64_t seed) : chance_(seed) { made_.seen.resize(clients); }

  execution run(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
    for (std::size_t client = 0; client < clients; ++client)
      if (doing_[client]) give_up(client, ending::maybe);
    while (!sagas_.empty()) proceed();
    for (const auto& log : logs_) made_.dump.insert(made_.dump.end(), log.begin(), log.end());
    return std::move(made_);
  }

private:
  std::size_t below(std::size_t most) { return static_cast<std::size_t>(chance_() % most); }
  bool once_in(std::size_t times) { return below(times) == 0; }

  void step() {
    now_ += static_cast<std::int64_t>(1 + below(5));
    if (once_in(4) && !sagas_.empty()) proceed();
    if (once_in(4) && !late_.empty()) arrive(below(late_.size()));
    const auto client = below(clients);
    auto& doing = doing_[client];
    if (!doing) {
      doing = on_its_way{choose(client)};
      doing->did.begun_ns = now_;
      return;
    }
    const bool command = !doing->did.command.empty();
    if (once_in(12) && command) return give_up(client, ending::maybe);
    if (once_in(12) && !doing->applied) return give_up(client, ending::not_executed);
    if (!std::exchange(doing->applied, true)) return apply(doing->did);
    end(client);
  }

  void end(std::size_t client) {
    auto did = std::move(doing_[client]->did);
    doing_[client].reset();
    did.ended_ns = now_;
    made_.seen[client].push_back(std::move(did));
  }

  void give_up(std::size_t client, ending how) {
    auto& doing = *doing_[client];
    if (how == ending::maybe && !doing.applied) late_.push_back(doing.did);
    doing.did.how = how;
    doing.did.version = doing.did.answer = 0;
    doing.did.seen.clear();
    end(client);
  }

  /// What nobody waits for any more happens now, or is lost on the way.
  void arrive(std::size_t i) {
    auto did = late_[i];
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
    if (!once_in(3)) apply(did);
  }

  operation choose(std::size_t client) {
    if (const auto& mine = made_.seen[client]; once_in(4) && !mine.empty())
      if (const auto& before = mine[below(mine.size())]; !before.command.empty())
        return again(before);
    operation did;
    const auto what = below(10);
    did.type = once_in(2) ? "stores.Store" : "stores.Product";
    if (did.type == "stores.Product" && (what < 2 || what == 9))
      did.within = "s" + std::to_string(below(3));
    if (what == 9) {
      did.what = work::list;
      return did;
    }
    if (what > 5) {
      did.what = work::read;
    } else {
      did.what = what < 2 ? work::create : what == 2 ? work::remove : work::change;
      did.command = "c" + std::to_string(++commands_);
    }
    if (did.what == work::create || all_.empty())
      did.entity = did.command.empty() ? "nobody" : "e-" + did.command;
    else
      std::tie(did.type, did.entity) = std::next(all_.begin(), at_random(all_.size()))->first;
    return did;
  }

  std::ptrdiff_t at_random(std::size_t most) { return static_cast<std::ptrdiff_t>(below(most)); }

  static operation again(const operation& before) {
    operation did;
    did.what = before.what;
    did.type = before.type;
    did.entity = before.entity;
    did.within = before.within;
    did.command = before.command;
    return did;
  }

  void apply(operation& did) {
    if (did.what == work::list) return show_list(did);
    const std::pair name(did.type, did.entity);
    const auto found = all_.find(name);
    if (found == all_.end() && did.what != work::create) return answer(did, ending::refused, 0);
    auto& entity = all_[name];
    if (did.command.empty())
      return answer(did, entity.removed ? ending::refused : ending::accepted, entity.version);
    if (const auto known = entity.answered.find(did.command); known != entity.answered.end()) {
      did.how = known->second.how;
      did.version = known->second.version;
      did.answer = known->second.answer;
      return;
    }
    decide(did, entity);
    entity.answered[did.command] = did;
  }

  void decide(operation& did, register_of_records& entity) {
    if (did.what == work::create) {
      entity.type = did.type;
      entity.id = did.entity;
      entity.within = did.within;
      entity.shard = below(shards);
    } else if (entity.removed || once_in(6)) {
      append(entity, "", did.command);
      return answer(did, ending::refused, entity.version);
    } else if (did.what != work::remove && once_in(8)) {
      append(entity, "", did.command);
      return answer(did, ending::accepted, entity.version);
    }
    append(entity, "first", did.command);
    if (once_in(4)) append(entity, "second", did.command);
    entity.removed = did.what == work::remove;
    answer(did, ending::accepted, entity.version);
    if (did.what == work::create && once_in(2)) begin_saga();
  }

  void answer(operation& did, ending how, std::uint64_t version) {
    did.how = how;
    did.version = version;
    did.answer = version * 2 + (how == ending::accepted ? 1 : 0);
  }

  void show_list(operation& did) {
    did.how = ending::accepted;
    for (const auto& [name, entity] : all_)
      if (entity.type == did.type && entity.within == did.within && !entity.removed)
        did.seen.push_back(entity.id);
  }

  dumped_record& append(register_of_records& entity, std::string type, std::string command) {
    auto& log = logs_[entity.shard];
    dumped_record r;
    r.shard = static_cast<std::uint32_t>(entity.shard);
    r.sequence = log.size() + 1;
    r.stamp_us = now_ / 4;
    r.stream = entity.type;
    r.entity = entity.id;
    r.version = ++entity.records;
    r.type = std::move(type);
    r.command = std::move(command);
    if (!r.type.empty()) entity.version = r.version;
    log.push_back(std::move(r));
    return log.back();
  }

  void begin_saga() {
    register_of_records saga{.type = "cosec.CreateOrder", .id = "o" + std::to_string(++commands_)};
    append(saga, "model.SagaBegun", "p" + std::to_string(++commands_)).next = true;
    sagas_.push_back(std::move(saga));
  }

  void proceed() {
    const auto i = below(sagas_.size());
    const bool more = once_in(3);
    append(sagas_[i], "model.StepSucceeded", "p" + std::to_string(++commands_)).next = more;
    if (!more) sagas_.erase(sagas_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  std::mt19937_64 chance_;
  std::int64_t now_ = 0;
  std::uint64_t commands_ = 0;
  std::map<std::pair<std::string, std::string>, register_of_records> all_;
  std::array<std::optional<on_its_way>, clients> doing_;
  std::vector<operation> late_;
  std::vector<register_of_records> sagas_;
  std::array<std::vector<dumped_record>, shards> logs_;
  execution made_;
};

} // namespace

execution random_execution(std::uint64_t seed, std::size_t steps) { return world(seed).run(steps); }

} // namespace reenact::tests
