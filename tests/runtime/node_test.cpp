#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "actors/runtime/region_actor.hpp"
#include "actors/runtime/supervisor.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/schema.hpp"
#include "persistence/open.hpp"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

/// A node on real threads: what the deterministic scheduler cannot show.
using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using kind = answer::kind;

namespace {

/// Calls of one kind of request, made ready to be sent many times.
struct sender {
  sender(node& to, const any_message& request) : node_(to), request_(request.New()) {
    request_->CopyFrom(request);
    target_ = to.hosted().find(request.GetDescriptor());
    for (const auto* service : messages::services())
      for (int i = 0; i < service->method_count(); ++i)
        if (service->method(i)->input_type() == request.GetDescriptor()) rpc_ = service->method(i);
  }

  class counted final : public call {
  public:
    explicit counted(std::function<void(answer)> home) : home_(std::move(home)) {}

  private:
    void finished() noexcept override { home_(std::move(result)); }
    std::function<void(answer)> home_;
  };

  void send(const std::string& entity, std::function<void(answer)> home, bool fresh = false) const {
    auto c = caf::make_counted<counted>(std::move(home));
    c->type = target_.aggregate;
    c->request_type = target_.request;
    c->rpc = rpc_;
    c->request.reset(request_->New());
    c->request->CopyFrom(*request_);
    c->result.response.reset(google::protobuf::MessageFactory::generated_factory()
                                 ->GetPrototype(rpc_->output_type())
                                 ->New());
    c->entity = entity;
    c->fresh = fresh;
    c->id = random_uuid(node_.random());
    c->deadline = node_.time().now() + std::chrono::minutes(5);
    node_.submit(std::move(c));
  }

  answer ask(const std::string& entity) const {
    std::promise<answer> got;
    send(entity, [&](answer a) { got.set_value(std::move(a)); });
    return got.get_future().get();
  }

  node& node_;
  std::unique_ptr<any_message> request_;
  reenact::model::registry::target target_;
  const messages::method* rpc_ = nullptr;
};

struct running {
  explicit running(node_options how = {}) : journal(std::move(*persistence::open("memory:"))) {
    mallbots::install(types);
    live = std::make_unique<node>(types, *journal, time, random, std::move(how));
    REQUIRE(live->start());
  }

  reenact::model::registry types;
  std::unique_ptr<persistence::journal> journal;
  system_clock time;
  system_entropy random;
  std::unique_ptr<node> live;
};

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");

} // namespace

TEST_CASE("on real threads, in place, among sweeps, each call has one answer", "[node]") {
  constexpr int threads = 4, calls = 6'000, entities = 40;
  running r({.limits = {.idle_sweeps = 1}, .sweep_each = std::chrono::milliseconds(1)});
  auto& live = *r.live;
  std::atomic<int> answered{0}, accepted{0}, refused{0}, other{0};
  const auto count = [&](const answer& a) {
    ++answered;
    ++(a.what == kind::accepted ? accepted : a.what == kind::rejected ? refused : other);
  };
  const sender create(live, ada), blank(live, RegisterCustomerRequest()),
      lock(live, DisableCustomerRequest()), unlock(live, EnableCustomerRequest()),
      look(live, GetCustomerRequest());
  const sender* kinds[] = {&create, &lock, &unlock, &look};
  std::latch go(threads);
  std::vector<std::thread> crowd;
  for (int t = 0; t < threads; ++t)
    crowd.emplace_back([&, t] {
      std::optional<io_unit> unit;
      if (t % 2 == 0) unit.emplace(live.system()); // these threads run entities in place
      std::mt19937 dice(static_cast<unsigned>(t));
      go.arrive_and_wait();
      for (int i = 0; i < calls; ++i) {
        if (i % 50 == 49) {
          create.send("fresh-" + std::to_string(t) + "-" + std::to_string(i), count, true);
        } else if (i % 10 == 9) { // these leave at once
          blank.send("stranger-" + std::to_string(dice() % 4), count);
        } else {
          kinds[dice() % 4]->send("e" + std::to_string(dice() % entities), count);
        }
      }
    });
  for (auto& t : crowd) t.join();
  CHECK(live.drain(std::chrono::minutes(1)));
  live.stop();
  CHECK(answered == threads * calls);
  CHECK(accepted > 0);
  CHECK(refused > 0);
  CHECK(other == 0);
}

TEST_CASE("a stopped node answers whoever still asks", "[node]") {
  running r;
  const sender create(*r.live, ada);
  CHECK(create.ask("c").what == kind::accepted);
  CHECK(r.live->drain(std::chrono::seconds(5)));
  CHECK(create.ask("d").what == kind::unavailable);
  CHECK_FALSE(r.live->ready().ready);
  r.live->stop();
  CHECK(create.ask("d").what == kind::unavailable);
}

TEST_CASE("a part that fails is started again, and too often is too often", "[supervisor]") {
  virtual_clock time;
  timers clockwork(time);
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system(config);
  auto& coordinator = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  int starts = 0;
  caf::actor child;
  std::string gave_up;
  const part weak{"weak", [&] {
                    ++starts;
                    return child = system.spawn([](caf::event_based_actor*) -> caf::behavior {
                      return {[](int) {}};
                    });
                  }};
  auto root = system.spawn(
      supervisor, weak, restart_policy{.most = 3}, &clockwork, &time,
      std::function<void(std::string)>([&](const std::string& why) { gave_up = why; }));
  coordinator.run();
  CHECK(starts == 1);
  for (int i = 2; i <= 4; ++i) {
    caf::anon_send_exit(child, caf::exit_reason::unhandled_exception);
    coordinator.run();
    CHECK(clockwork.step() == 0); // it waits before it tries again
    time.advance(std::chrono::seconds(1));
    clockwork.step();
    coordinator.run();
    CHECK(starts == i);
  }
  CHECK(gave_up.empty());
  caf::anon_send_exit(child, caf::exit_reason::unhandled_exception);
  coordinator.run();
  CHECK(gave_up.starts_with("weak failed 3 times"));
  child = root = nullptr;
}

TEST_CASE("timers fire in the order they are due, and never after stop", "[timers]") {
  virtual_clock time;
  timers clockwork(time);
  std::string fired;
  clockwork.after(std::chrono::seconds(2), [&] { fired += 'b'; });
  clockwork.after(std::chrono::seconds(1), [&] { fired += 'a'; });
  CHECK(clockwork.step() == 0);
  time.advance(std::chrono::seconds(5));
  CHECK(clockwork.step() == 2);
  CHECK(fired == "ab");
  clockwork.after(std::chrono::seconds(1), [&] { fired += 'c'; });
  clockwork.stop();
  time.advance(std::chrono::seconds(5));
  CHECK(clockwork.step() == 0);
  CHECK_FALSE(clockwork.after(std::chrono::seconds(1), [] {}));
}
