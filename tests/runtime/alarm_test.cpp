#include "tests/runtime/shop_stage.hpp"

// Durable timers: set in the append that decides them, sent once, through crashes.
using namespace reenact::tests;
namespace persistence = reenact::persistence;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// Time passes, and what is due by then happens.
void pass(shop_stage& s, duration by) {
  const auto step = std::max<duration>(by / 10, seconds(1));
  for (const auto end = s.time.now() + by; s.time.now() < end;) {
    s.time.advance(std::min<duration>(step, end - s.time.now()));
    s.clockwork.step();
    s.settle(seconds(5));
  }
}

std::string basket_status(shop_stage& s) {
  return s
      .shown<basketspb::GetBasketResponse>(pb<basketspb::GetBasketRequest>("view: 'full'"), "b-1")
      .basket()
      .status();
}

} // namespace

TEST_CASE("a basket that nobody touches is canceled after its time, not before, and once",
          "[alarms]") {
  shop_stage s;
  s.fill("b-1");
  pass(s, hours(24) - minutes(1));
  CHECK(basket_status(s) == "open");
  pass(s, minutes(2));
  CHECK(basket_status(s) == "canceled");
  pass(s, hours(48));
  CHECK(s.count("BasketCanceled") == 1);
}

TEST_CASE("a timer survives crashes, also one in the moment that it is due", "[alarms]") {
  shop_stage s;
  s.fill("b-1");
  pass(s, hours(12));
  s.react_anew();
  pass(s, hours(12) - seconds(30));
  s.react_anew();
  s.time.advance(minutes(1));
  s.react();
  s.react_anew(); // whoever sent it has not heard the answer
  pass(s, minutes(1));
  CHECK(basket_status(s) == "canceled");
  CHECK(s.count("BasketCanceled") == 1);
}

TEST_CASE("a basket that was active since is canceled a day after that", "[alarms]") {
  shop_stage s;
  s.fill("b-1");
  pass(s, hours(23));
  s.must(pb<basketspb::AddItemRequest>("product_id: 'p-1' quantity: 1"), "b-1");
  pass(s, hours(23));
  CHECK(basket_status(s) == "open");
  pass(s, hours(1) + minutes(1));
  CHECK(basket_status(s) == "canceled");
}

TEST_CASE("a basket that was checked out wakes nobody", "[alarms]") {
  shop_stage s;
  s.fill("b-1");
  s.checkout("b-1");
  s.settle();
  std::size_t set = 0;
  for (persistence::shard_id shard = 0; shard < s.journal->about().shards; ++shard)
    REQUIRE(s.journal->read_timers(shard, INT64_MAX, 100, [&](const auto&) {
      ++set;
      return true;
    }));
  CHECK(set == 0); // neither the basket's nor the saga's
}

TEST_CASE("a step that takes too long is late, visibly, and goes on all the same", "[alarms]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  while (s.count("SagaBegun") == 0) s.react();
  const auto customer = persistence::shard_of("c-1", s.journal->about().shards);
  s.journal->refuses = [&](const persistence::append& a) { return a.shard == customer; };
  pass(s, seconds(40));
  CHECK(s.count("StepLate") == 1);
  CHECK(s.order_status("o-1") == "pending");
  s.journal->refuses = nullptr;
  pass(s, seconds(40));
  CHECK(s.order_status("o-1") == "approved");
}

TEST_CASE("a timer that cannot be delivered is sent again", "[alarms]") {
  shop_stage s;
  s.fill("b-1");
  using fate = unruly_journal::fate;
  pass(s, hours(24) - minutes(1));
  int failures = 0;
  s.journal->next_group = [&] { return ++failures > 5 ? fate::good : fate::refused; };
  pass(s, minutes(5));
  CHECK(failures > 5);
  CHECK(basket_status(s) == "canceled");
  CHECK(s.count("BasketCanceled") == 1);
}
