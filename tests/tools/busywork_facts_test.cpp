#include "tools/busywork/facts.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "tools/busywork/tally.hpp"

using namespace reenact::tools::busywork;

namespace {

fact customer(int number) {
  return {.what = thing::customer, .id = "c-" + std::to_string(number), .name = "Ada"};
}

} // namespace

TEST_CASE("the last answer about something is the one that counts") {
  facts known(10, 1);
  known.learn({.what = thing::store, .id = "s-1", .name = "Books"});
  known.learn({.what = thing::store, .id = "s-1", .name = "Toys"});
  REQUIRE(known.all().size() == 1);
  CHECK(known.all()[0].name == "Toys");
}

TEST_CASE("what is being changed is forgotten, by that one thing alone") {
  facts known(10, 1);
  for (int i = 0; i < 5; ++i) known.learn(customer(i));
  known.learn({.what = thing::store, .id = "c-1", .name = "Books"});
  CHECK(known.forget(thing::customer, "c-1")->id == "c-1");
  CHECK_FALSE(known.forget(thing::customer, "c-1"));
  CHECK_FALSE(known.knows(thing::customer, "c-1"));
  CHECK(known.knows(thing::store, "c-1"));
  for (const int i : {0, 2, 3, 4}) CHECK(known.forget(thing::customer, customer(i).id));
  CHECK(known.all().size() == 1);
}

TEST_CASE("of nothing there is no one") {
  facts known(10, 1);
  dice chance(1, 1);
  CHECK(known.one_of(thing::order, chance) == nullptr);
  known.learn({.what = thing::order, .id = "o-1"});
  CHECK(known.one_of(thing::order, chance)->id == "o-1");
}

TEST_CASE("of more facts than fit, an even sample is kept") {
  constexpr int room = 100, told = 2'000, rounds = 200;
  int early = 0;
  for (int round = 0; round < rounds; ++round) {
    facts known(room, static_cast<std::uint64_t>(round));
    for (int i = 0; i < told; ++i) known.learn(customer(i));
    REQUIRE(known.all().size() == room);
    for (int i = 0; i < told / 2; ++i) early += known.knows(thing::customer, customer(i).id);
  }
  CHECK(early == Approx(room * rounds / 2.0).epsilon(0.05));
}

TEST_CASE("errors are counted by text, and there is a bound to the texts") {
  tally seen;
  for (int i = 0; i < 3; ++i) seen.fail("400", "the basket has no items");
  for (int i = 0; i < 1'000; ++i) seen.fail("500", "text " + std::to_string(i));
  CHECK(seen.errors == 1'003);
  CHECK(seen.errors_by_text.at({"400", "the basket has no items"}) == 3);
  CHECK(seen.errors_by_text.size() == tally::errors_kept_max + 1);
  CHECK(seen.errors_by_text.at({"other", "further texts"}) == 901);
}
