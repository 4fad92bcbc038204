#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "messages/mallbots/customers/api.pb.h"
#include "messages/model/record.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using kind = answer::kind;

namespace {

/// Random clients at a few entities, on a world whose every step the seed picks: entities end at
/// any moment, shards are taken by others, the region fails. Afterwards the promises are checked
/// against the journal.
class storm {
public:
  explicit storm(std::uint64_t seed)
    : dice_(seed),
      s_(seed, {.unanswered_entity_max = 12, .speculative_max = 3, .snapshot_events_min = 4}) {}

  void rage() {
    for (int i = 0; i < 80; ++i) {
      act();
      for (auto steps = dice_() % 6; steps > 0; --steps) {
        s_.step();
        acknowledge();
      }
    }
    s_.run();
    acknowledge();
  }

  void check() {
    const auto written = commands_written();
    std::map<uuid, std::pair<std::string, std::uint64_t>> effects;
    for (const auto& a : all_) {
      INFO(a.what << " of " << a.entity << ": " << a.seen->got.text);
      REQUIRE(a.seen->times == 1);
      const auto& got = a.seen->got;
      CHECK(got.what != kind::broken);
      if (got.what == kind::unknown) CHECK(a.keyed); // a repeat, whose first copy was lost
      if (got.what != kind::accepted) {
        // A keyed one may have been carried out by another copy, and a refusal of it is noted.
        if (got.what == kind::unavailable && !a.keyed) CHECK_FALSE(written.contains(a.id));
        continue;
      }
      if (a.what == "look") {
        CHECK(got.version >= a.acknowledged_before);
        continue;
      }
      CHECK(written.at(a.id) == 1);
      const auto [effect, first] = effects.try_emplace(a.id, a.entity, got.version);
      if (first && !a.keyed) CHECK(got.version > a.acknowledged_before);
      CHECK(effect->second.second == got.version); // a repeat gets the first answer
    }
    std::set<std::pair<std::string, std::uint64_t>> versions;
    for (const auto& [id, effect] : effects) CHECK(versions.insert(effect).second);
  }

private:
  struct asked {
    std::string what, entity;
    uuid id;
    bool keyed;
    std::uint64_t acknowledged_before;
    std::shared_ptr<outcome_seen> seen;
  };

  void act() {
    switch (dice_() % 16) {
      case 0: return s_.entities.end_all();
      case 1: return s_.entities.sweep();
      case 2: return dice_() % 4 == 0 ? s_.take_tokens() : void();
      case 3: return dice_() % 4 == 0 ? s_.start_region() : void();
      default: return ask();
    }
  }

  void ask() {
    const auto entity = std::string(1, static_cast<char>('a' + dice_() % 3));
    switch (dice_() % 5) {
      case 0:
        return ask("create", pb<RegisterCustomerRequest>("name: 'n' sms_number: '1'"), entity);
      case 1: return ask("lock", DisableCustomerRequest(), entity);
      case 2: return ask("unlock", EnableCustomerRequest(), entity);
      case 3: return ask("change", pb<ChangeSmsNumberRequest>("sms_number: '2'"), entity);
      default: return ask("look", GetCustomerRequest(), entity);
    }
  }

  void ask(const std::string& what, const any_message& request, const std::string& entity) {
    asked a{what, entity, {}, dice_() % 3 == 0, acknowledged_[entity], nullptr};
    a.seen = s_.ask(request, entity, [&](call& c) {
      if (a.keyed) {
        c.from = origin::client;
        c.id = command_id(c.rpc->full_name(), entity + std::to_string(dice_() % 3), "");
      }
      a.id = c.id;
    });
    all_.push_back(std::move(a));
  }

  void acknowledge() {
    for (; done_ < all_.size() && all_[done_].seen->times > 0; ++done_) {
    }
    for (auto i = done_; i < all_.size(); ++i) note(all_[i]);
    if (done_ > 0) note(all_[done_ - 1]);
  }

  void note(const asked& a) {
    if (a.seen->times > 0 && a.seen->got.what == kind::accepted)
      acknowledged_[a.entity] = std::max(acknowledged_[a.entity], a.seen->got.version);
  }

  std::map<uuid, int> commands_written() {
    std::map<uuid, int> times;
    for (persistence::shard_id shard = 0; shard < s_.journal->about().shards; ++shard)
      (void)s_.journal->read_log(shard, 1, 100'000, [&](const persistence::stored& r) {
        ::model::Record record;
        REQUIRE(record.ParseFromArray(r.record.data(), static_cast<int>(r.record.size())));
        if (!record.has_handled()) return true;
        uuid id{};
        std::copy_n(record.handled().command_id().begin(), 16, id.begin());
        ++times[id];
        return true;
      });
    return times;
  }

  std::mt19937_64 dice_;
  stage s_;
  std::vector<asked> all_;
  std::map<std::string, std::uint64_t> acknowledged_;
  std::size_t done_ = 0;
};

} // namespace

TEST_CASE("whatever runs first, every call has one answer and every command one effect",
          "[seeds]") {
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    INFO("seed " << seed);
    storm weather(seed);
    weather.rage();
    weather.check();
  }
}
