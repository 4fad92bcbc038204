#include "actors/runtime/timers.hpp"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace reenact::runtime;

TEST_CASE("timers that many threads set all fire, once each, on the timers' thread", "[timers]") {
  constexpr int threads = 4, each = 500;
  const system_clock time;
  timers clockwork(time);
  clockwork.start();
  std::latch fired(std::ptrdiff_t{threads} * each);
  std::atomic<std::thread::id> where{};
  std::atomic<bool> elsewhere = false;
  std::vector<std::jthread> setters;
  for (int t = 0; t < threads; ++t)
    setters.emplace_back([&] {
      for (int i = 0; i < each; ++i)
        (void)clockwork.after(std::chrono::microseconds(each - i), [&] {
          auto nobody = std::thread::id();
          if (!where.compare_exchange_strong(nobody, std::this_thread::get_id()) &&
              nobody != std::this_thread::get_id())
            elsewhere = true;
          fired.count_down();
        });
    });
  fired.wait();
  CHECK_FALSE(elsewhere);
  CHECK(where.load() != std::this_thread::get_id());
}

TEST_CASE("timers can be stopped while others still set them", "[timers]") {
  const system_clock time;
  timers clockwork(time);
  clockwork.start();
  std::atomic<int> fired = 0;
  std::jthread setter([&] {
    while (clockwork.after(duration(1), [&] {
      ++fired;
      fired.notify_all();
    })) {
    }
  });
  fired.wait(0); // it is under way
  clockwork.stop();
  setter.join();
  const int then = fired;
  CHECK_FALSE(clockwork.after(duration(0), [&] { ++fired; }));
  CHECK(clockwork.step() == 0);
  CHECK(fired == then);
}

TEST_CASE("a timer that is due before those that wait wakes the thread", "[timers]") {
  const system_clock time;
  timers clockwork(time);
  clockwork.start();
  CHECK(clockwork.after(std::chrono::hours(1), [] {}));
  const auto began = time.now();
  for (int i = 0; i < 20; ++i) {
    std::latch fired(1);
    CHECK(clockwork.after(std::chrono::milliseconds(1), [&] { fired.count_down(); }));
    fired.wait();
  }
  CHECK(time.now() - began < std::chrono::seconds(5)); // not at the thread's next look each
}
