#include "actors/runtime/window.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace reenact::runtime;
using ::model::Handled;

namespace {

constexpr std::int64_t hour_us = 3'600LL * 1'000'000;

uuid number(std::uint64_t n) {
  uuid id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return id;
}

remembered command(std::uint64_t n, Handled::Origin from, std::int64_t at_us) {
  return {.id = number(n), .origin = from, .at_us = at_us, .reply = "to " + std::to_string(n)};
}

/// A window that has seen commands 0 to `count` - 1 of one origin, all at once.
window after(std::uint64_t count, Handled::Origin from) {
  window seen;
  for (std::uint64_t n = 0; n < count; ++n) seen.remember(command(n, from, 0));
  return seen;
}

} // namespace

TEST_CASE("a client's key is kept for a day, and the last 1,024 for ever", "[window]") {
  auto seen = after(window::client_always + 2, Handled::CLIENT);
  seen.remember(command(9'000, Handled::CLIENT, 24 * hour_us));
  CHECK(seen.size() == window::client_always + 3); // not longer than a day yet
  seen.remember(command(9'001, Handled::CLIENT, 24 * hour_us + 1));
  CHECK(seen.size() == window::client_always);
  CHECK(seen.find(number(3)) == nullptr);
  REQUIRE(seen.find(number(4)) != nullptr);
  CHECK(seen.find(number(4))->reply == "to 4");
  CHECK(seen.find(number(9'001)) != nullptr);
}

TEST_CASE("a gateway's id is kept for a minute", "[window]") {
  auto seen = after(3, Handled::DRAWN);
  seen.remember(command(3, Handled::DRAWN, window::drawn_us));
  CHECK(seen.find(number(0)) != nullptr);
  seen.remember(command(4, Handled::DRAWN, window::drawn_us + 1));
  CHECK(seen.find(number(0)) == nullptr);
  CHECK(seen.size() == 2);
}

TEST_CASE("no origin is remembered beyond the bound, and none drives out another", "[window]") {
  const auto from = GENERATE(Handled::DRAWN, Handled::CLIENT, Handled::INTERNAL);
  auto seen = after(window::most, from);
  CHECK(seen.find(number(0)) != nullptr);
  seen.remember(command(window::most, from, 0));
  CHECK(seen.size() == window::most);
  CHECK(seen.find(number(0)) == nullptr);
  CHECK(seen.find(number(1)) != nullptr);
  const auto other = from == Handled::CLIENT ? Handled::INTERNAL : Handled::CLIENT;
  seen.remember(command(0, other, 0));
  CHECK(seen.find(number(0)) != nullptr);
  CHECK(seen.find(number(1)) != nullptr);
}

TEST_CASE("what a saga was answered is kept for ever", "[window]") {
  auto seen = after(1, Handled::INTERNAL);
  seen.remember(command(1, Handled::INTERNAL, 365 * (24 * hour_us)));
  CHECK(seen.find(number(0)) != nullptr);
}

TEST_CASE("a window that was saved remembers the same", "[window]") {
  auto seen = after(40, Handled::CLIENT);
  seen.remember(command(50, Handled::INTERNAL, 7));
  window::list kept;
  seen.save(kept);
  window loaded;
  loaded.load(kept);
  CHECK(loaded.size() == seen.size());
  for (const auto n : {0, 39, 50}) {
    const auto* found = loaded.find(number(static_cast<std::uint64_t>(n)));
    REQUIRE(found != nullptr);
    CHECK(found->origin == (n == 50 ? Handled::INTERNAL : Handled::CLIENT));
    CHECK(found->at_us == (n == 50 ? 7 : 0));
  }
}
