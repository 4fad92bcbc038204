#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/directory.hpp"
#include "actors/runtime/entity_actor.hpp"
#include "actors/runtime/region_actor.hpp"
#include "messages/model/record.pb.h"
#include "messages/schema.hpp"
#include "tests/runtime/unruly_journal.hpp"

/// A node's entities on CAF's deterministic scheduler: writer, readers and time are stepped on the
/// test's thread, and a seed picks what runs next among actors and these steps. Hooks let others
/// move where threads would: during a commit, and in the middle of an entity's turn.
namespace reenact::tests {

using namespace reenact::runtime;

class virtual_clock final : public runtime::clock {
public:
  instant now() const override { return now_; }
  std::int64_t wall_us() const override {
    return std::chrono::duration_cast<std::chrono::microseconds>(now_.time_since_epoch()).count();
  }
  void advance(duration by) { now_ += by; }

private:
  instant now_{std::chrono::hours(1)};
};

class seeded_entropy final : public entropy {
public:
  explicit seeded_entropy(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t draw() override { return engine_(); }

private:
  std::mt19937_64 engine_;
};

/// A lease that somebody may look at, and do something else meanwhile.
class watched_lease final : public lease {
public:
  bool valid() const override {
    if (looked) looked();
    return held_;
  }
  void give_up() override { held_ = false; }

  std::function<void()> looked; ///< as an entity's turn begins, and between decision and answer

private:
  bool held_ = true;
};

/// What became of a call; filled when it comes home.
struct outcome_seen {
  int times = 0;
  answer got;
  std::function<void(const answer&)> home; ///< called at that moment, when set
};

class probe final : public call {
public:
  explicit probe(std::shared_ptr<outcome_seen> seen) : seen_(std::move(seen)) {}

private:
  void finished() noexcept override {
    ++seen_->times;
    seen_->got = std::move(result);
    if (const auto home = std::exchange(seen_->home, nullptr)) home(seen_->got);
  }

  std::shared_ptr<outcome_seen> seen_;
};

/// How a test changes the request before it goes.
using with = std::function<void(call&)>;

class stage {
public:
  using install = std::function<void(model::registry&)>;

  explicit stage(
      std::uint64_t seed = 1, bounds limits = {},
      const install& modules = [](model::registry& r) { mallbots::install(r); },
      persistence::journal_writer::options queue = {}, std::size_t readers_max = 1'000)
    : types(installed(modules)),
      random(seed),
      order_(seed),
      journal(std::make_unique<unruly_journal>(
          persistence::open_options{.clock = [this] { return time.wall_us(); }})),
      readers(time, {}, readers_max),
      writer(*journal, queue, {}),
      system_(configured(config_)),
      coordinator_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())),
      here{system_, types, *journal, writer, readers, time, random, held, limits},
      entities(here) {
    take_tokens();
    start_region();
  }

  ~stage() { stop(); }

  /// As a node stops.
  void stop() {
    if (!region) return;
    held.give_up();
    clockwork.stop();
    readers.stop();
    writing_ = true;
    writer.stop();
    caf::anon_send_exit(region, caf::exit_reason::user_shutdown);
    region = nullptr;
    entities.close();
    run();
    entities.answer_all();
  }

  void take_tokens() { REQUIRE(claim_shards(here)); }
  /// As if somebody else had taken the shards, and nobody here knew.
  void lose_shards() {
    for (persistence::shard_id shard = 0; shard < here.tokens.shards(); ++shard)
      REQUIRE(journal->claim(shard, 99));
  }

  /// The first region, or a successor of one that failed: it knows nothing of what its predecessor
  /// was about to do.
  void start_region() {
    if (region) {
      caf::anon_send_exit(region, caf::exit_reason::kill);
      (void)claim_anew(here, entities, [](const std::string& why) { FAIL(why); }); // or not yet
    }
    region = system_.spawn(region_actor, &here, &entities, &clockwork);
    entities.report_to(region);
  }

  /// Sends a request about `entity`; the answer is in what is returned, once it came.
  std::shared_ptr<outcome_seen> ask(
      const any_message& request, const std::string& entity, const with& change = {},
      std::shared_ptr<outcome_seen> seen = std::make_shared<outcome_seen>()) {
    auto c = caf::make_counted<probe>(seen);
    const auto target = types.find(request.GetDescriptor());
    c->type = target.aggregate;
    c->request_type = target.request;
    c->rpc = messages::rpc_of(request.GetTypeName());
    c->request.reset(request.New());
    c->request->CopyFrom(request);
    c->result.response = messages::new_message(c->rpc->output_type());
    c->entity = entity;
    c->id = random_uuid(random);
    c->deadline = time.now() + std::chrono::seconds(30);
    if (change) change(*c);
    asked.push_back(seen);
    entities.submit(std::move(c));
    return seen;
  }

  /// Puts a record behind `expected` others into a customer's stream, as another program would
  /// have while nobody here has the customer in memory.
  void write_behind_back(const std::string& customer, persistence::version_t expected,
                         const ::model::Record& record) {
    entities.end_all();
    run();
    const auto shard = persistence::shard_of(customer, journal->about().shards);
    const persistence::append odd{.shard = shard,
                                  .writer = here.tokens.of(shard),
                                  .type = "customers.Customer",
                                  .entity = customer,
                                  .expected = expected,
                                  .records = {record.SerializeAsString()}};
    const persistence::append* group[] = {&odd};
    REQUIRE(journal->commit(group).front().what == persistence::outcome::kind::appended);
  }

  /// One step of the world, drawn by the seed; false when nothing can move.
  bool step() {
    const auto jobs = coordinator_.jobs.size();
    auto choice = order_() % (jobs + 2);
    for (std::size_t tried = 0; tried < jobs + 2; ++tried, choice = (choice + 1) % (jobs + 2)) {
      if (choice == 0 ? write() : choice == 1 ? readers.step() : run_job(choice - 2)) return true;
    }
    return false;
  }

  /// One step of the writer, unless it is in the middle of one.
  bool write() {
    if (writing_) return false;
    writing_ = true;
    const bool wrote = writer.step();
    writing_ = false;
    return wrote;
  }

  /// Until nothing moves any more, also when time passes.
  void run() {
    do {
      while (step()) {
      }
      time.advance(full_queue_wait);
    } while (clockwork.step() > 0);
  }

  /// One turn of an actor, the first that can.
  bool act() { return coordinator_.try_run_once(); }

  /// Only actors and readers move: what is appended stays on its way.
  void run_without_writer() {
    while (act() || readers.step()) {
    }
  }

  const any_message& shown(const std::shared_ptr<outcome_seen>& seen) {
    return *seen->got.response;
  }

  model::registry types;
  virtual_clock time;
  seeded_entropy random;
  timers clockwork{time};

private:
  static model::registry installed(const install& modules) {
    model::registry all;
    modules(all);
    return all;
  }
  static caf::actor_system_config& configured(caf::actor_system_config& c) {
    c.set("scheduler.policy", caf::atom("testing"));
    return c;
  }

  bool run_job(std::size_t index) {
    if (index >= coordinator_.jobs.size()) return false;
    std::swap(coordinator_.jobs[index], coordinator_.jobs.front());
    return coordinator_.try_run_once();
  }

  std::mt19937_64 order_;
  bool writing_ = false;

public:
  std::unique_ptr<unruly_journal> journal;
  reader_pool readers;
  persistence::journal_writer writer;
  watched_lease held;

private:
  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& coordinator_;

public:
  surroundings here;
  directory entities;
  caf::actor region;
  std::vector<std::shared_ptr<outcome_seen>> asked;
};

} // namespace reenact::tests
