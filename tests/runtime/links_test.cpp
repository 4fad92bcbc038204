#include <thread>

#include "tests/runtime/link_stage.hpp"

using namespace reenact::tests;
using reenact::runtime::caf_links;
using reenact::runtime::links;

TEST_CASE("two nodes that follow each other are linked, once", "[links]") {
  linked_node a(1), b(2);
  link(a, b);
  CHECK(exchange(a, b));
  CHECK(a.heard.ups[2] == 1);
  CHECK(b.heard.ups[1] == 1);
  CHECK_FALSE(a.links->send(3, "nobody"));
}

TEST_CASE("three nodes are linked each with each", "[links]") {
  linked_node a(1), b(2), c(3);
  introduce({&a, &b, &c});
  for (auto* one : {&a, &b, &c})
    for (auto* other : {&a, &b, &c})
      if (one != other) REQUIRE(one->heard.wait_up(other->me.incarnation));
  CHECK(exchange(a, b));
  CHECK(exchange(b, c));
  CHECK(exchange(a, c));
}

TEST_CASE("envelopes of many threads arrive whole, each thread's in order, both ways", "[links]") {
  constexpr std::size_t threads = 4, each = 5'000;
  linked_node a(1), b(2);
  link(a, b);
  {
    std::vector<std::jthread> senders;
    for (auto* from : {&a, &b})
      for (std::size_t t = 0; t < threads; ++t)
        senders.emplace_back([&, from, t] {
          for (std::size_t i = 0; i < each; ++i) {
            const auto envelope = std::to_string(t) + " " + std::to_string(i);
            // Full at times: then the link is slower than this loop.
            while (!from->links->send(from == &a ? 2 : 1, envelope)) std::this_thread::yield();
          }
        });
  }
  for (auto* to : {&a, &b}) {
    REQUIRE(to->heard.wait([&] { return to->heard.count == threads * each; }));
    std::map<std::string, std::size_t> next;
    for (const auto& envelope : to->heard.heard[to == &a ? 2 : 1]) {
      const auto space = envelope.find(' ');
      if (std::to_string(next[envelope.substr(0, space)]++) != envelope.substr(space + 1))
        FAIL(envelope << " came out of order");
    }
  }
}

TEST_CASE("the largest envelope arrives, and a larger one is refused", "[links]") {
  linked_node a(1), b(2);
  link(a, b);
  std::string largest(links::envelope_bytes_max, 'x');
  largest[largest.size() / 2] = '\0';
  CHECK_FALSE(a.links->send(2, largest + "y"));
  a.send(2, "before");
  a.send(2, largest);
  a.send(2, "");
  REQUIRE(b.heard.wait([&] { return b.heard.count == 3; }));
  CHECK(b.heard.heard[1][0] == "before");
  CHECK((b.heard.heard[1][1] == largest));
  CHECK(b.heard.heard[1][2].empty());
  CHECK(b.heard.ups[1] == 1);
}

TEST_CASE("a node of another cluster is not linked to", "[links]") {
  linked_node a(1), b(2, [](auto&how) { how.cluster = "other"; }), c(3);
  introduce({&a, &b, &c});
  CHECK(a.heard.wait_up(3)); // though it was tried after the other
  CHECK_FALSE(a.links->send(2, "secret"));
  CHECK_FALSE(b.links->send(1, "secret"));
  CHECK(a.heard.ups[2] == 0);
  CHECK(b.heard.ups[1] == 0);
}

TEST_CASE("a node of another journal is not linked to", "[links]") {
  linked_node a(1), b(2, [](auto&how) { how.lineage = {9}; }), c(3);
  introduce({&a, &b, &c});
  CHECK(a.heard.wait_up(3));
  CHECK(a.heard.ups[2] == 0);
  CHECK(b.heard.ups[1] == 0);
}

TEST_CASE("a node is linked to only by those whom it follows", "[links]") {
  linked_node a(1), b(2);
  a.links->follow({b.me});
  linked_node c(3);
  link(a, c); // both tries of a were made by now, or are being made
  CHECK(b.heard.ups[1] == 0);
  introduce({&a, &b, &c});
  CHECK(b.heard.wait_up(1));
}

TEST_CASE("who stops is down at the others at once, and sends nothing more", "[links]") {
  linked_node a(1), b(2), c(3);
  introduce({&a, &b, &c});
  REQUIRE(c.heard.wait_up(1));
  REQUIRE(c.heard.wait_up(2));
  a.links->stop();
  CHECK(c.heard.wait_down(1));
  CHECK_FALSE(a.links->send(3, "late"));
  CHECK_FALSE(c.links->send(1, "late"));
  c.links->stop();
  CHECK(b.heard.wait_down(3));
  c.links->stop(); // again changes nothing
}

TEST_CASE("who is followed no more is down, and up again when it is followed again", "[links]") {
  linked_node a(1), b(2);
  link(a, b);
  for (int round = 0; round < 3; ++round) {
    auto& dropping = round % 2 == 0 ? a : b;
    auto& other = round % 2 == 0 ? b : a;
    dropping.links->follow({});
    CHECK(dropping.heard.wait_down(other.me.incarnation));
    CHECK(other.heard.wait_down(dropping.me.incarnation));
    CHECK_FALSE(dropping.links->send(other.me.incarnation, "late"));
    dropping.links->follow({other.me});
    CHECK(dropping.heard.wait_up(other.me.incarnation));
    CHECK(other.heard.wait_up(dropping.me.incarnation));
    CHECK(exchange(a, b));
  }
}

TEST_CASE("a peer's next incarnation at the same address is another peer", "[links]") {
  linked_node a(1);
  auto b = std::make_unique<linked_node>(5);
  link(a, *b);
  const auto port = b->links->port();
  b.reset();
  CHECK(a.heard.wait_down(5));
  linked_node next(6, [&](auto& how) { how.port = port; });
  next.links->follow({a.me});
  a.links->follow({{5, next.me.address}, next.me}); // the old one is believed to live a while
  CHECK(a.heard.wait_up(6));
  CHECK(exchange(a, next));
  CHECK(a.heard.ups[5] == 1);
  a.links->follow({next.me});
  CHECK(exchange(a, next));
  CHECK(a.heard.ups[6] == 1);
}

TEST_CASE("what stops under load stops, and is not heard of any more", "[links]") {
  std::atomic<bool> stopped = false, late = false;
  linked_node a(1), b(2, {}, [&](ear&e) {
    e.keeping = false;
    e.answer = [&](auto, auto) {
      if (stopped) late = true;
    };
  });
  link(a, b);
  std::atomic<bool> enough = false;
  {
    std::vector<std::jthread> senders;
    for (int t = 0; t < 2; ++t)
      senders.emplace_back([&] {
        while (!enough) (void)a.links->send(2, std::string(200, 'x'));
      });
    CHECK(b.heard.wait([&] { return b.heard.count > 1'000; }));
    b.links->stop();
    stopped = true;
    CHECK(a.heard.wait_down(2));
    a.links->stop();
    enough = true;
  }
  CHECK_FALSE(late);
}

TEST_CASE("without TLS only loopback is bound, unless on purpose", "[links]") {
  ear nobody;
  reenact::runtime::caf_links_options how;
  how.incarnation = 1;
  for (const auto* host : {"0.0.0.0", "::", "192.0.2.1", "example.org", ""}) {
    how.host = host;
    const auto made = caf_links::listen(how, nobody);
    REQUIRE_FALSE(made);
    CHECK_THAT(made.error().text, Catch::Contains("--insecure") && Catch::Contains("tools/dev-ca"));
  }
  how.insecure = true;
  how.host = "0.0.0.0";
  CHECK(caf_links::listen(how, nobody));
}

TEST_CASE("a port that is taken is refused in words", "[links]") {
  linked_node a(1);
  ear nobody;
  reenact::runtime::caf_links_options how;
  how.incarnation = 2;
  how.port = a.links->port();
  const auto made = caf_links::listen(how, nobody);
  REQUIRE_FALSE(made);
  CHECK_THAT(made.error().text, Catch::Contains("cannot listen for links on " + a.me.address));
}
