#include "tests/runtime/black_hole.hpp"
#include "tests/runtime/link_stage.hpp"

using namespace reenact::tests;

namespace {

void soon(reenact::runtime::caf_links_options& how) {
  how.beat = 50ms;
  how.silent_after = 500ms;
}

} // namespace

TEST_CASE("a peer that is silent from the first delays no link to others", "[links]") {
  silent_listener mute, dead;
  dead.fill();
  linked_node a(1, soon);
  // Dialed first, and as often as the others; the last seems a dead host.
  a.links->follow({{2, mute.address()}, {3, mute.address()}, {4, dead.address()}});
  linked_node b(5, soon), c(6, soon);
  b.links->follow({a.me});
  a.links->follow({{2, mute.address()}, {3, mute.address()}, {4, dead.address()}, b.me});
  CHECK(a.heard.wait_up(5));
  CHECK(exchange(a, b));
  // And no less when they have been tried for long.
  CHECK(mute.called(8));
  c.links->follow({a.me});
  a.links->follow({{2, mute.address()}, {3, mute.address()}, {4, dead.address()}, b.me, c.me});
  CHECK(a.heard.wait_up(6));
  CHECK(exchange(a, c));
  CHECK(a.heard.downs.empty());
}

TEST_CASE("a name is looked up, and one that is none delays nobody", "[links]") {
  linked_node a(1), b(2);
  b.links->follow({a.me});
  a.links->follow({{3, "no.such.host.invalid:1"},
                   {4, "no port"},
                   {2, "localhost:" + std::to_string(b.links->port())}});
  CHECK(a.heard.wait_up(2));
  CHECK(exchange(a, b));
}

TEST_CASE("a link that becomes a black hole is down at both ends, and up when it heals",
          "[links]") {
  linked_node a(1, soon), b(2, soon);
  black_hole line(b.links->port());
  a.links->follow({{2, line.address()}});
  b.links->follow({a.me});
  for (int round = 1; round <= 3; ++round) {
    REQUIRE(a.heard.wait_up(2));
    REQUIRE(b.heard.wait_up(1));
    CHECK(exchange(a, b));
    line.swallow();
    // One that is on its way when the line breaks must not arrive in another life of the link.
    (void)a.links->send(2, "lost " + std::to_string(round));
    CHECK(a.heard.wait_down(2));
    CHECK(b.heard.wait_down(1));
    CHECK_FALSE(a.links->send(2, "nobody"));
    line.heal();
  }
  CHECK(a.heard.wait_up(2));
  CHECK(b.heard.wait_up(1));
  CHECK(exchange(a, b));
  for (const auto& text : b.heard.heard[1]) CHECK_THAT(text, !Catch::StartsWith("lost"));
  CHECK(a.heard.strays + b.heard.strays == 0);
}

TEST_CASE("a listener that takes nothing stops its sender, and all goes on when it does",
          "[links]") {
  constexpr std::uint64_t window = 100;
  linked_node a(1, [](auto&how) { how.outbox_bytes_max = 100'000; }), b(2, [](auto&how) {
    soon(how); // its beats go out although its listener holds the link
    how.credit_envelopes = window;
  });
  link(a, b);
  b.heard.change([&] { b.heard.holding = true; });
  const std::string envelope(200, 'x');
  a.send(2, envelope);
  REQUIRE(b.heard.wait([&] { return b.heard.begun == 1; }));
  std::size_t sent = 1;
  while (a.links->send(2, envelope)) ++sent;
  // What is full is the outbox; what is beyond it is on its way, and bounded by the credit.
  const auto waiting = 100'000 / (envelope.size() + 64);
  CHECK(sent >= waiting);
  CHECK(sent <= waiting + window + 1);
  CHECK_FALSE(a.links->send(2, envelope));
  b.heard.change([&] { b.heard.holding = false; });
  CHECK(b.heard.wait([&] { return b.heard.count == sent; }));
  a.send(2, envelope);
  CHECK(b.heard.wait([&] { return b.heard.count == sent + 1; }));
  CHECK(a.heard.downs.empty());
}

TEST_CASE("credit in bytes is a bound too, which one envelope may pass", "[links]") {
  linked_node a(1), b(2, [](auto&how) { how.credit_bytes = 1'000; });
  link(a, b);
  b.heard.change([&] { b.heard.holding = true; });
  const std::string envelope(5'000, 'x');
  for (int i = 0; i < 10; ++i) a.send(2, envelope);
  REQUIRE(b.heard.wait([&] { return b.heard.begun == 1; }));
  // All but the first are still with the sender, and go when the link does.
  a.links->follow({});
  CHECK(a.heard.wait_down(2));
  b.heard.change([&] { b.heard.holding = false; });
  CHECK(b.heard.wait_down(1));
  CHECK(b.heard.begun == 1);
}

TEST_CASE("a listener that throws breaks the link, and only that", "[links]") {
  linked_node a(1), b(2, {}, [](ear&e) {
    e.answer = [](auto, auto envelope) {
      if (envelope == "bad") throw std::runtime_error("what is this?");
    };
  });
  link(a, b);
  CHECK(exchange(a, b));
  a.send(2, "bad");
  CHECK(a.heard.wait([&] { return a.heard.ups[2] == 2; }));
  CHECK(b.heard.wait([&] { return b.heard.ups[1] == 2; }));
  CHECK(exchange(a, b));
}

TEST_CASE("a listener may answer from its call", "[links]") {
  constexpr int rounds = 1'000;
  linked_node* ends[2] = {nullptr, nullptr};
  const auto answers = [&](int end) {
    return [&, end](ear& e) {
      e.keeping = false;
      e.answer = [&, end](auto from, auto envelope) {
        (void)ends[end]->links->send(from, std::string(envelope));
      };
    };
  };
  linked_node a(1, {}, answers(0)), b(2, {}, answers(1));
  ends[0] = &a;
  ends[1] = &b;
  link(a, b);
  a.send(2, "ball");
  CHECK(a.heard.wait([&] { return a.heard.count >= rounds; }));
  CHECK(b.heard.wait([&] { return b.heard.count >= rounds; }));
}
