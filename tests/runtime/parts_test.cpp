#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>

#include "actors/runtime/node.hpp"
#include "actors/runtime/supervisor.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/running.hpp"
#include "tests/runtime/stage.hpp"

/// The parts of a node, each made to fail: whoever waits is answered, the part begins again, and
/// the node is given up when that does not help. Timers: part_test.cpp; views: projector_test.cpp;
/// I/O threads: http_server_test.cpp.
using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using namespace std::chrono_literals;
using kind = answer::kind;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");
const auto look = pb<GetCustomerRequest>("id: 'c'");
const auto lock = pb<DisableCustomerRequest>("id: 'c'");

restart_policy hasty(std::function<void(const std::string&)> give_up = {}) {
  return {.first = 0s, .longest = 0s, .most = 3, .give_up = std::move(give_up)};
}

/// A supervisor under the deterministic scheduler.
struct watch {
  explicit watch(std::function<persistence::result<caf::actor>(caf::actor_system&)> start)
    : system(configured(config)),
      coordinator(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())),
      root(system.spawn(
          supervisor, &kept,
          std::function<persistence::result<caf::actor>()>([this, start] { return start(system); }),
          &clockwork)) {
    coordinator.run();
  }
  ~watch() {
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
    coordinator.run();
  }

  static caf::actor_system_config& configured(caf::actor_system_config& c) {
    c.set("scheduler.policy", caf::atom("testing"));
    return c;
  }
  void pass(duration by) {
    time.advance(by);
    clockwork.step();
    coordinator.run();
  }

  virtual_clock time;
  timers clockwork{time};
  std::string gave_up;
  part kept{"weak",
            [this] { return time.now(); },
            {.first = 1s, .most = 3, .give_up = [this](const auto& why) { gave_up = why; }}};
  caf::actor_system_config config;
  caf::actor_system system;
  caf::scheduler::test_coordinator& coordinator;
  caf::actor root;
};

} // namespace

TEST_CASE("an actor that fails is started again, and too often is too often", "[parts]") {
  int starts = 0;
  caf::actor child;
  watch w([&](caf::actor_system& in) {
    ++starts;
    return child = in.spawn([](caf::event_based_actor*) -> caf::behavior {
      return {[](int) { throw std::runtime_error("boom"); }};
    });
  });
  CHECK(starts == 1);
  for (int i = 2; i <= 4; ++i) {
    caf::anon_send(child, 1);
    w.coordinator.run();
    w.pass(1s - 1ns); // it waits before it tries again
    CHECK(starts == i - 1);
    w.pass(5s);
    CHECK(starts == i);
  }
  CHECK(w.gave_up.empty());
  caf::anon_send(child, 1);
  w.coordinator.run();
  CHECK(w.gave_up.starts_with("weak failed 4 times"));
  child = nullptr;
}

TEST_CASE("an actor that cannot be started is tried again", "[parts]") {
  int starts = 0;
  watch w([&](caf::actor_system& in) -> persistence::result<caf::actor> {
    if (++starts < 3) return persistence::failure{.text = "the queue is full"};
    return in.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
  });
  CHECK(starts == 1);
  w.pass(1s);
  CHECK(starts == 2);
  w.pass(2s);
  CHECK(starts == 3);
  w.pass(1min);
  CHECK(starts == 3);
}

TEST_CASE("entities live on while a new region has no tokens yet, and none is refused", "[parts]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.start_region();
  s.run_without_writer();
  const auto seen = s.ask(look, "c");
  s.run_without_writer();
  CHECK(seen->got.what == kind::accepted);
  CHECK(s.write()); // the claim
  const auto locked = s.ask(lock, "c");
  s.run();
  CHECK(locked->got.what == kind::accepted);
  CHECK(locked->got.version == 2);
}

TEST_CASE("a region whose claim cannot be queued is not begun", "[parts]") {
  stage s(1, {}, mallbots::install, {.queue_max = 1});
  const auto never = [](const std::string& why) { FAIL(why); };
  CHECK(claim_anew(s.here, s.entities, never));
  CHECK_FALSE(claim_anew(s.here, s.entities, never));
  s.run();
  CHECK(claim_anew(s.here, s.entities, never));
  s.run();
}

TEST_CASE("the region does not turn in circles while the writer's queue is full", "[parts]") {
  stage s(1, {}, mallbots::install, {.queue_max = 1});
  s.ask(ada, "c");
  s.run();
  const auto locked = s.ask(lock, "c"); // fills the queue
  s.run_without_writer();
  s.entities.end_all();
  int turns = 0;
  while (turns < 100 && s.act()) ++turns;
  CHECK(turns < 10);
  CHECK(locked->times == 0);
  const auto seen = s.ask(look, "c"); // the successor's
  s.run();
  CHECK(locked->got.what == kind::accepted);
  CHECK(seen->got.version == 2);
}

TEST_CASE("a region that cannot even wait is begun again, and hears of every end", "[parts]") {
  stage s(1, {}, mallbots::install, {.queue_max = 1});
  s.ask(ada, "c");
  s.run();
  s.ask(lock, "c");
  s.run_without_writer();
  s.clockwork.stop();
  s.entities.end_all();
  s.run_without_writer();
  const auto seen = s.ask(look, "c");
  s.run();
  CHECK(seen->times == 0); // nobody is there who would settle the end
  s.start_region();
  s.run();
  CHECK(seen->got.version == 2);
}

TEST_CASE("a reader whose task throws begins again, and too often gives the node up", "[parts]") {
  const system_clock time;
  std::promise<std::string> gave_up;
  reader_pool readers(time, hasty([&](const auto& why) { gave_up.set_value(why); }));
  readers.start(1);
  for (int i = 0; i < 4; ++i) CHECK(readers.push([] { throw std::runtime_error("boom"); }));
  CHECK(gave_up.get_future().get() == "a reader failed 4 times: boom");
  std::promise<void> done;
  CHECK(readers.push([&] { done.set_value(); }));
  done.get_future().wait();
}

TEST_CASE("a read that throws is answered like one that fails, and the next finds the entity",
          "[parts]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.entities.end_all();
  s.run();
  s.journal->reading_fails = []() -> bool { throw std::runtime_error("boom"); };
  const auto seen = s.ask(look, "c");
  s.run();
  CHECK(seen->got.what == kind::unavailable);
  CHECK(seen->got.text == "cannot load: boom");
  s.journal->reading_fails = nullptr;
  const auto again = s.ask(look, "c");
  s.run();
  CHECK(again->got.what == kind::accepted);
}

TEST_CASE("a journal that throws ends the node: in doubt, said once, and it can be stopped there",
          "[parts]") {
  std::promise<std::string> why;
  std::atomic<int> times{0};
  running r;
  node_options how;
  how.fatal = [&](const std::string& said) {
    r.live->stop(); // whatever thread it was that failed
    if (++times == 1) why.set_value(said);
  };
  r.start(std::move(how));
  const sender create(*r.live, ada);
  CHECK(create.ask("c").what == kind::accepted);
  r.journal->next_group = []() -> unruly_journal::fate { throw std::runtime_error("boom"); };
  std::promise<answer> doubted;
  create.send("d", [&](answer a) { doubted.set_value(std::move(a)); });
  CHECK(doubted.get_future().get().what == kind::unknown);
  CHECK(why.get_future().get() == "the journal's writer failed: boom");
  CHECK_FALSE(r.live->ready().ready);
  CHECK(create.ask("c").what == kind::unavailable);
  r.live->give_up("it is known");
  r.live.reset();
  CHECK(times == 1);
}

TEST_CASE("whoever asks while the node stops, on two threads at once, has one answer", "[parts]") {
  constexpr int threads = 3, rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    running r;
    r.start();
    std::atomic<int> sent{0}, answered{0};
    std::atomic<bool> over{false};
    std::latch go(threads + 2);
    const auto count = [&](const answer&) { ++answered; };
    const sender create(*r.live, ada), show(*r.live, look);
    std::vector<std::jthread> crowd;
    for (int t = 0; t < threads; ++t)
      crowd.emplace_back([&, t] {
        std::optional<io_unit> unit;
        if (t > 0) unit.emplace(r.live->system());
        go.arrive_and_wait();
        for (int i = 0; !over || i < 100; ++i) {
          const auto id = std::to_string(t) + "-" + std::to_string(i);
          sent += 3;
          create.send("f" + id, count, true);
          create.send("c" + id, count);
          show.send("c" + id, count);
        }
      });
    for (int s = 0; s < 2; ++s)
      crowd.emplace_back([&] {
        go.arrive_and_wait();
        r.live->stop();
        over = true;
      });
    crowd.clear();
    CHECK(answered == sent);
    CHECK(r.live->unanswered() == 0);
  }
}
