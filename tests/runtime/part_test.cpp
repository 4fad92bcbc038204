#include "actors/runtime/part.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>

#include "actors/runtime/timers.hpp"

using namespace reenact::runtime;
using namespace std::chrono_literals;

namespace {

instant real_now() { return std::chrono::steady_clock::now(); }

/// Begins again at once, three times.
restart_policy hasty(std::function<void(const std::string&)> give_up = {}) {
  return {.first = 0s, .longest = 0s, .most = 3, .give_up = std::move(give_up)};
}

} // namespace

TEST_CASE("a part waits longer after each failure, up to a bound, and anew after a good while",
          "[part]") {
  instant now{1h};
  part p("it", [&] { return now; }, {.first = 1s, .longest = 5s, .most = 8, .within = 1min});
  for (const auto wait : {1s, 2s, 4s, 5s, 5s}) CHECK(p.failed("boom") == wait);
  now += 1min + 1ns;
  CHECK(p.failed("boom") == 1s);
}

TEST_CASE("a part that fails too often within the time is given up, and still goes on", "[part]") {
  instant now{1h};
  std::vector<std::string> given_up;
  part p("it", [&] { return now; },
         {.most = 3, .within = 1min, .give_up = [&](const auto& why) { given_up.push_back(why); }});
  for (int i = 0; i < 3; ++i) p.failed("boom");
  now += 2min;
  for (int i = 0; i < 3; ++i) p.failed("boom");
  CHECK(given_up.empty());
  p.failed("the last");
  CHECK(given_up == std::vector<std::string>{"it failed 4 times: the last"});
  CHECK(p.failed("and again") > 0s);
}

TEST_CASE("a part that nobody depends on is tried for ever", "[part]") {
  part p("it", real_now, {.longest = 1s, .most = 0});
  for (int i = 0; i < 100; ++i) CHECK(p.failed("boom") <= 1s);
}

TEST_CASE("work that throws whatever it likes is begun again until it ends", "[part]") {
  std::string given_up;
  part p("it", real_now, hasty([&](const auto& why) { given_up = why; }));
  int begun = 0;
  p.keep_at([&] {
    if (++begun == 5) return;
    if (begun == 4) throw 42; // no exception
    throw std::runtime_error("boom");
  });
  CHECK(begun == 5);
  CHECK(given_up == "it failed 4 times: it threw no exception");
}

TEST_CASE("who ends a part does not wait until it begins again", "[part]") {
  part p("it", real_now, {.first = 24h, .longest = 24h});
  std::atomic<int> begun{0};
  std::jthread kept([&] {
    p.keep_at([&] {
      if (++begun == 1) {
        begun.notify_all();
        throw std::runtime_error("boom");
      }
    });
  });
  begun.wait(0);
  p.hurry();
  kept.join();
  CHECK(begun == 2);
}

TEST_CASE("a timer that throws fires again, and those behind it fire too", "[part][timers]") {
  const system_clock time;
  timers clockwork(time, hasty());
  std::atomic<int> fired{0}, behind{0};
  CHECK(clockwork.after(0s, [&] {
    if (++fired < 3) throw std::runtime_error("boom");
  }));
  CHECK(clockwork.after(1ns, [&] {
    ++behind;
    behind.notify_all();
  }));
  clockwork.start();
  behind.wait(0);
  clockwork.stop();
  CHECK(fired == 3);
  CHECK(behind == 1);
}

TEST_CASE("timers that do nothing but throw give the node up, and can be stopped",
          "[part][timers]") {
  const system_clock time;
  std::atomic<int> given_up{0};
  timers clockwork(time, hasty([&](const auto& why) {
                     CHECK(why == "the timers' thread failed 4 times: boom");
                     ++given_up;
                     given_up.notify_all();
                   }));
  CHECK(clockwork.after(0s, [] { throw std::runtime_error("boom"); }));
  clockwork.start();
  given_up.wait(0);
  clockwork.stop();
  CHECK(clockwork.step() == 0);
}
