#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/directory.hpp"
#include "actors/runtime/entity_actor.hpp"
#include "actors/runtime/region_actor.hpp"
#include "messages/schema.hpp"
#include "persistence/memory/memory_journal.hpp"
#include "persistence/open.hpp"

/// A node's entities on CAF's deterministic scheduler: writer, readers and time are stepped on the
/// test's thread, and a seed picks what runs next among actors and these steps.
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

/// What became of a call; filled when it comes home.
struct outcome_seen {
  int times = 0;
  answer got;
};

class probe final : public call {
public:
  explicit probe(std::shared_ptr<outcome_seen> seen) : seen_(std::move(seen)) {}

private:
  void finished() noexcept override {
    ++seen_->times;
    seen_->got = std::move(result);
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
      const install& modules = [](model::registry& r) { mallbots::install(r); })
    : types(installed(modules)),
      random(seed),
      order_(seed),
      journal(std::move(*persistence::open("memory:"))),
      writer(*journal, {}, {}),
      system_(configured(config_)),
      coordinator_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())),
      here{system_, types, *journal, writer, readers, time, random, held, limits},
      entities(here) {
    take_tokens();
    start_region();
  }

  ~stage() {
    caf::anon_send_exit(region, caf::exit_reason::user_shutdown);
    region = nullptr;
    entities.close();
    run();
    entities.answer_all();
  }

  void take_tokens() {
    std::vector<persistence::token> tokens;
    for (persistence::shard_id s = 0; s < journal->about().shards; ++s)
      tokens.push_back(*journal->claim(s, random.draw()));
    here.tokens.replace(std::move(tokens));
  }

  /// The first region, or a successor of one that failed: it knows nothing of what its predecessor
  /// was about to do.
  void start_region() {
    if (region) caf::anon_send_exit(region, caf::exit_reason::kill);
    region = system_.spawn(region_actor, &here, &entities);
    entities.report_to(region);
  }

  /// Sends a request about `entity`; the answer is in what is returned, once it came.
  std::shared_ptr<outcome_seen> ask(const any_message& request, const std::string& entity,
                                    const with& change = {}) {
    auto seen = std::make_shared<outcome_seen>();
    auto c = caf::make_counted<probe>(seen);
    const auto target = types.find(request.GetDescriptor());
    c->type = target.aggregate;
    c->request_type = target.request;
    c->rpc = rpc_of(request.GetDescriptor());
    c->request.reset(request.New());
    c->request->CopyFrom(request);
    c->result.response.reset(google::protobuf::MessageFactory::generated_factory()
                                 ->GetPrototype(c->rpc->output_type())
                                 ->New());
    c->entity = entity;
    c->id = random_uuid(random);
    c->deadline = time.now() + std::chrono::seconds(30);
    if (change) change(*c);
    asked.push_back(seen);
    entities.submit(std::move(c));
    return seen;
  }

  /// One step of the world, drawn by the seed; false when nothing can move.
  bool step() {
    const auto jobs = coordinator_.jobs.size();
    auto choice = order_() % (jobs + 2);
    for (std::size_t tried = 0; tried < jobs + 2; ++tried, choice = (choice + 1) % (jobs + 2)) {
      if (choice == 0 ? writer.step() : choice == 1 ? readers.step() : run_job(choice - 2))
        return true;
    }
    return false;
  }

  void run() {
    while (step()) {
    }
  }

  /// Only actors and readers move: what is appended stays on its way.
  void run_without_writer() {
    while (coordinator_.try_run_once() || readers.step()) {
    }
  }

  const any_message& shown(const std::shared_ptr<outcome_seen>& seen) {
    return *seen->got.response;
  }

  model::registry types;
  virtual_clock time;
  seeded_entropy random;

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

  static const messages::method* rpc_of(const model::descriptor* request) {
    for (const auto* service : messages::services())
      for (int i = 0; i < service->method_count(); ++i)
        if (service->method(i)->input_type() == request) return service->method(i);
    return nullptr;
  }

  bool run_job(std::size_t index) {
    if (index >= coordinator_.jobs.size()) return false;
    std::swap(coordinator_.jobs[index], coordinator_.jobs.front());
    return coordinator_.try_run_once();
  }

  std::mt19937_64 order_;

public:
  std::unique_ptr<persistence::journal> journal;
  reader_pool readers;
  persistence::journal_writer writer;
  embedded_lease held;

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
