#include <map>
#include <set>

#include <spdlog/spdlog.h>
#include <catch2/catch.hpp>

#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/model/record.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/cluster_stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using namespace storespb;
using kind = answer::kind;
using fate = unruly_journal::fate;

namespace {

/// Random clients at the gateways of three or four nodes that stand still past their leases, lose
/// their links, hear nothing from the journal, leave and join, as the seed picks. Afterwards all
/// come to rest, and the promises are checked against the journal.
class cluster_storm {
public:
  explicit cluster_storm(std::uint64_t seed) : dice_(seed), s_(seed) {
    for (std::size_t n = 0; n < s_.nodes(); ++n) trouble(n);
    s_.settle();
  }

  void rage() {
    for (int i = 0; i < 150; ++i) {
      act();
      for (auto steps = dice_() % 40; steps > 0 && s_.step(); --steps) {
      }
      if (one_in(3)) s_.time.advance(std::chrono::milliseconds(dice_() % 20));
    }
    calm_ = true;
    s_.net.heal();
    for (std::size_t n = 0; n < s_.nodes(); ++n)
      if (!s_.moves(n)) s_.thaw(n);
    s_.run_for(std::chrono::seconds(40));
  }

  void check() {
    read_journal();
    for (const auto& a : all_) {
      const auto& got = a.seen->got;
      INFO(a.what << " of " << a.entity << " at " << a.at << ": " << static_cast<int>(got.what)
                  << " " << got.text);
      REQUIRE(a.seen->times == 1);
      CHECK(got.what != kind::broken);
      CHECK(got.what != kind::elsewhere);
      if (got.what == kind::unavailable && !a.keyed) CHECK_FALSE(written_.contains(a.id));
      if (got.what != kind::accepted) continue;
      if (!a.keyed) CHECK(got.version >= a.acknowledged_before); // nothing stale; a repeat may be
      if (!a.writes) continue;
      REQUIRE(written_.contains(a.id));
      CHECK(written_.at(a.id) == got.version);
    }
    for (const auto& [entity, version] : acknowledged_) CHECK(heads_[entity] >= version);
    std::size_t shards = 0;
    for (std::size_t n = 0; n < s_.nodes(); ++n) {
      shards += s_.node(n).here.tokens.all().size();
      CHECK(s_.node(n).entities.unanswered() == 0);
      CHECK(s_.node(n).router.unanswered() == 0);
    }
    CHECK(shards == s_.journal->about().shards);
  }

private:
  struct asked {
    std::string what, entity;
    std::size_t at = 0;
    uuid id{};
    bool keyed = false, writes = false;
    std::uint64_t acknowledged_before = 0;
    std::shared_ptr<outcome_seen> seen;
  };

  bool one_in(unsigned n) { return dice_() % n == 0; }
  std::string one_of(const std::string& letters) {
    return letters.substr(dice_() % letters.size(), 1);
  }
  std::size_t any_node() { return dice_() % s_.nodes(); }

  void trouble(std::size_t n) {
    s_.node(n).journal->next_group = [this] {
      if (calm_ || !one_in(12)) return fate::good;
      return one_in(2) ? fate::silent : fate::vanished;
    };
  }

  void act() {
    const auto n = any_node();
    switch (dice_() % 40) {
      case 0: return freeze(n);
      case 1:
      case 2: return s_.moves(n) ? void() : s_.thaw(n);
      case 3: return s_.net.cut(s_.node(n).incarnation(), s_.node(any_node()).incarnation());
      case 4:
      case 5: return s_.net.heal();
      case 6: return s_.time.advance(std::chrono::milliseconds(dice_() % 3'000));
      case 7: return s_.moves(n) ? s_.node(n).entities.end_all() : void();
      case 8: return s_.moves(n) ? s_.node(n).keeper.begin_anew() : void();
      case 9: return s_.nodes() < 4 && one_in(3) ? trouble(s_.join()) : void();
      case 10: return leave(n);
      default: return ask(n);
    }
  }

  void freeze(std::size_t n) {
    std::size_t moving = 0;
    for (std::size_t i = 0; i < s_.nodes(); ++i) moving += s_.moves(i) ? 1 : 0;
    if (moving > 1 && s_.moves(n)) s_.freeze(n);
  }

  void leave(std::size_t n) {
    if (left_ || !s_.moves(n) || !one_in(2)) return;
    left_ = true; // one: the others must have room for its shards
    s_.node(n).keeper.leave();
    s_.node(n).members.leave();
  }

  void ask(std::size_t n) {
    if (!s_.moves(n)) return;
    const auto who = one_of("abcdefgh"), store = one_of("stu"), product = one_of("pqr");
    switch (dice_() % 10) {
      case 0: return ask(n, "open", pb<CreateStoreRequest>("name: 'n' location: 'l'"), store);
      case 1:
        return ask(n, "add", pb<AddProductRequest>("name: 'n' store_id: '" + store + "'"), product);
      case 2: return ask(n, "lock", DisableCustomerRequest(), who);
      case 3: return ask(n, "unlock", EnableCustomerRequest(), who);
      case 4:
      case 5: return ask(n, "look", GetCustomerRequest(), who);
      case 6:
      case 7: {
        ChangeSmsNumberRequest change;
        change.set_sms_number(one_of("123"));
        return ask(n, "change", change, who);
      }
      default:
        return ask(n, "create", pb<RegisterCustomerRequest>("name: 'n' sms_number: '1'"), who);
    }
  }

  void ask(std::size_t n, const std::string& what, const any_message& request,
           const std::string& entity) {
    asked a{.what = what, .at = n};
    a.entity = s_.types.find(request.GetDescriptor()).aggregate->name + "/" + entity;
    a.keyed = what != "look" && one_in(3);
    a.writes = what != "look";
    a.acknowledged_before = acknowledged_[a.entity];
    a.seen = s_.ask(n, request, entity, [&](call& c) {
      if (a.keyed) {
        c.from = origin::client;
        c.id = {static_cast<std::uint8_t>(dice_() % 4), static_cast<std::uint8_t>(what[0]),
                static_cast<std::uint8_t>(what[1]), static_cast<std::uint8_t>(entity[0])};
        c.request_hash = 1;
      }
      a.id = c.id;
    });
    a.seen->home = [this, entity_of = a.entity](const answer& got) {
      if (got.what == kind::accepted)
        acknowledged_[entity_of] = std::max(acknowledged_[entity_of], got.version);
    };
    all_.push_back(a);
  }

  void read_journal() {
    for (persistence::shard_id shard = 0; shard < s_.journal->about().shards; ++shard)
      (void)s_.journal->read_log(shard, 1, 100'000, [&](const persistence::stored& r) {
        ::model::Record record;
        REQUIRE(record.ParseFromArray(r.record.data(), static_cast<int>(r.record.size())));
        auto& at = heads_[std::string(r.type) + "/" + std::string(r.entity)];
        if (!record.type().empty()) at = r.version;
        if (!record.has_handled()) return true;
        uuid id{};
        std::copy_n(record.handled().command_id().begin(), 16, id.begin());
        CHECK(written_.emplace(id, at).second); // once
        return true;
      });
  }

  std::mt19937_64 dice_;
  cluster_stage s_;
  std::vector<asked> all_;
  std::map<std::string, std::uint64_t> acknowledged_, heads_;
  std::map<uuid, std::uint64_t> written_;
  bool calm_ = false, left_ = false;
};

} // namespace

TEST_CASE("nothing is lost, doubled or stale in a cluster whose nodes fail", "[cluster][seeds]") {
  spdlog::set_level(spdlog::level::off);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    cluster_storm it(seed);
    it.rage();
    it.check();
  }
  spdlog::set_level(spdlog::level::info);
}
