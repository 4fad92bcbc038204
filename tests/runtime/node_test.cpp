#include <algorithm>
#include <atomic>
#include <latch>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "actors/runtime/node.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/running.hpp"
#include "tests/runtime/stage.hpp"

/// A node on real threads: what the deterministic scheduler cannot show.
using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using kind = answer::kind;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");

} // namespace

TEST_CASE("on real threads, in place, among sweeps, each call has one answer", "[node]") {
  constexpr int threads = 4, calls = 6'000, entities = 40;
  running r({.limits = {.idle_sweeps = 1}, .sweep_each = std::chrono::milliseconds(1)});
  auto& live = *r.live;
  std::vector<std::atomic<int>> answers(std::size_t{threads} * calls); // to each call
  std::atomic<int> accepted{0}, refused{0}, other{0};
  const auto count = [&](std::size_t call) {
    return [&, call](const answer& a) {
      ++answers[call];
      ++(a.what == kind::accepted ? accepted : a.what == kind::rejected ? refused : other);
    };
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
        const auto told = count(static_cast<std::size_t>(t) * calls + static_cast<std::size_t>(i));
        if (i % 50 == 49) {
          create.send("fresh-" + std::to_string(t) + "-" + std::to_string(i), told, true);
        } else if (i % 10 == 9) { // these leave at once
          blank.send("stranger-" + std::to_string(dice() % 4), told);
        } else {
          kinds[dice() % 4]->send("e" + std::to_string(dice() % entities), told);
        }
      }
    });
  for (auto& t : crowd) t.join();
  CHECK(live.drain(std::chrono::minutes(1)));
  live.stop();
  CHECK(std::ranges::all_of(answers, [](const auto& times) { return times == 1; }));
  CHECK(accepted > 0);
  CHECK(refused > 0);
  CHECK(other == 0);
}

TEST_CASE("a stopped node answers whoever still asks", "[node]") {
  running r(node_options{});
  const sender create(*r.live, ada);
  CHECK(create.ask("c").what == kind::accepted);
  CHECK(r.live->drain(std::chrono::seconds(5)));
  CHECK(create.ask("d").what == kind::unavailable);
  CHECK_FALSE(r.live->ready().ready);
  r.live->stop();
  CHECK(create.ask("d").what == kind::unavailable);
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
