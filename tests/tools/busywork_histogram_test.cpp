#include "tools/busywork/histogram.hpp"

#include <initializer_list>

#include <catch2/catch.hpp>

using reenact::tools::busywork::histogram;
using namespace std::chrono_literals;

namespace {

histogram of(std::initializer_list<std::int64_t> times_us) {
  histogram all;
  for (const auto us : times_us) all.add(std::chrono::microseconds(us));
  return all;
}

} // namespace

TEST_CASE("what took less than 64 us is counted exactly") {
  histogram all;
  for (int us = 0; us < 64; ++us) all.add(std::chrono::microseconds(us));
  CHECK(all.count() == 64);
  CHECK(all.percentile(0.5) == 31us);
  CHECK(all.percentile(1) == 63us);
}

TEST_CASE("a percentile is never too low, and too high by 1/32 at most") {
  for (std::int64_t us = 1; us < 60'000'000'000; us = us * 17 / 16 + 1) {
    const auto found = of({us, 60'000'000'000}).percentile(0.5).count();
    CHECK(found >= us);
    CHECK(found <= us + us / 32);
  }
}

TEST_CASE("the slowest is known exactly, and no percentile is above it") {
  const auto all = of({1'000, 2'000, 123'456});
  CHECK(all.most() == 123'456us);
  CHECK(all.percentile(0.999) == 123'456us);
  CHECK(all.percentile(1) == 123'456us);
}

TEST_CASE("percentiles of a uniform load are where they belong") {
  histogram all;
  for (int ms = 1; ms <= 10'000; ++ms) all.add(std::chrono::milliseconds(ms));
  const auto near = [&](double part, double s) {
    return std::chrono::duration<double>(all.percentile(part)).count() == Approx(s).epsilon(0.04);
  };
  CHECK(near(0.5, 5));
  CHECK(near(0.9, 9));
  CHECK(near(0.99, 9.9));
}

TEST_CASE("nothing measured is nothing, and the unthinkable has a place") {
  CHECK(histogram().percentile(0.99) == 0us);
  CHECK(histogram().most() == 0us);
  CHECK(of({-5}).most() == 0us);
  const auto days = of({200'000'000'000});
  CHECK(days.percentile(0.5) <= days.most());
  CHECK(days.count() == 1);
}
