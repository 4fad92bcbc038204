#include <catch2/catch.hpp>

#include "tests/runtime/shop_stage.hpp"

using namespace reenact::tests;

namespace {

const std::string received = "Your order b-1 was received.";
const std::string prepared = "Your order b-1 is being prepared.";

/// A purchase whose customer is told of it.
struct told_stage : shop_stage {
  told_stage() { fill("b-1"); }

  /// The ids under which a text was delivered.
  std::set<std::string> ids_of(const std::string& text) const {
    std::set<std::string> ids;
    for (const auto& [id, said] : texts.all)
      if (said == text) ids.insert(id);
    return ids;
  }
};

} // namespace

TEST_CASE("a customer is texted once for each thing that becomes of an order", "[notifier]") {
  told_stage s;
  s.checkout("b-1");
  s.settle();
  REQUIRE(s.texts.all.size() == 2);
  CHECK(s.ids_of(received).size() == 1);
  CHECK(s.ids_of(prepared).size() == 1);
  s.react_anew();
  s.settle();
  CHECK(s.texts.all.size() == 2);
}

TEST_CASE("a text that cannot be delivered is tried again, under the same id", "[notifier]") {
  told_stage s;
  int left = 5;
  s.texts.answers = [&] { return left-- > 0 ? port::outcome::failed : port::outcome::delivered; };
  s.checkout("b-1");
  s.settle();
  CHECK(s.texts.all.size() == 7);
  CHECK(s.ids_of(received).size() == 1);
  CHECK(s.ids_of(prepared).size() == 1);
  CHECK(s.order_status("b-1") == "approved"); // which waits for no text
}

TEST_CASE("a text that was on its way in a crash is delivered again, under its id", "[notifier]") {
  told_stage s;
  s.texts.answers = [] { return port::outcome::failed; };
  s.checkout("b-1");
  s.settle(std::chrono::seconds(1));
  s.react_anew();
  s.texts.answers = nullptr;
  s.settle();
  CHECK(s.ids_of(received).size() == 1);
  CHECK(s.progress("notification-texts").pending == 0);
}

TEST_CASE("a text that is refused becomes a dead letter", "[notifier]") {
  told_stage s;
  s.texts.answers = [] { return port::outcome::refused; };
  s.checkout("b-1");
  s.settle();
  const auto p = s.progress("notification-texts");
  CHECK(p.dead == 2);
  CHECK(p.pending == 0);
  CHECK(s.order_status("b-1") == "approved");
}

TEST_CASE("a port that nobody has opened is waited for, and named", "[notifier]") {
  told_stage s;
  s.here.ports.clear();
  s.checkout("b-1");
  s.settle(std::chrono::seconds(1));
  const auto p = s.progress("notification-texts");
  REQUIRE(p.waits.size() == 2);
  CHECK(p.waits[0].why == "no port is called notifier");
  CHECK(p.waits[0].event == "mallbots.notifications.NotificationSent");
  CHECK(p.waits[0].attempts > 1);
  CHECK(p.waits[0].again <= p.waits[1].again); // the next to be tried comes first
  s.here.ports.emplace("notifier", &s.texts);
  s.settle();
  CHECK(s.texts.all.size() == 2);
}

TEST_CASE("nobody is texted whose number is unknown", "[notifier]") {
  told_stage s;
  s.customer = "c-2";
  s.fill("b-2");
  s.checkout("b-2");
  s.settle();
  CHECK(s.texts.all.empty());
  CHECK(s.count("NotificationSent") > 0);
}
