#include <latch>
#include <thread>

#include "actors/runtime/dialer.hpp"
#include "actors/runtime/link_frame.hpp"
#include "actors/runtime/link_outbox.hpp"
#include "actors/runtime/links.hpp"
#include "tests/runtime/black_hole.hpp"

#include <catch2/catch.hpp>

using namespace reenact;
using namespace reenact::runtime;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

/// What is said to a link's actor, counted.
struct counted {
  int woken = 0, beaten = 0;
  link_outbox::voice voice() {
    return {.wake = [this] { ++woken; }, .beat = [this] { ++beaten; }};
  }
};

std::string answer_of(dialer& lines, const std::string& address) {
  std::latch told(1);
  std::string why;
  lines.dial(address, [&](const dialer::outcome& how) {
    why = how.why;
    told.count_down();
  });
  told.wait();
  return why;
}

model::Introduction introduction() {
  model::Introduction who;
  who.set_protocol(link_protocol);
  who.set_incarnation(7);
  who.set_cluster("mall");
  who.set_lineage("0123456789abcdef");
  who.set_window_envelopes(1);
  who.set_window_bytes(1);
  return who;
}

bool crosses(const model::Frame& frame) {
  return parse_frame(frame.SerializeAsString()).has_value();
}

} // namespace

TEST_CASE("an outbox takes only what is sent while it is open", "[outbox]") {
  counted said;
  link_outbox out(1'000);
  CHECK_FALSE(out.put("early"));
  out.open(said.voice());
  CHECK(out.put("a"));
  out.close();
  CHECK_FALSE(out.put("late"));
  out.open(said.voice());
  CHECK(out.take(10, 10).empty());
}

TEST_CASE("an outbox wakes once for all that waits", "[outbox]") {
  counted said;
  link_outbox out(1'000);
  out.open(said.voice());
  CHECK(out.put("a"));
  CHECK(out.put("b"));
  CHECK(out.put("c"));
  CHECK(said.woken == 1);
  CHECK(out.take(2, 100) == texts{"a", "b"});
  CHECK(out.put("d")); // who took will come again: "c" is there
  CHECK(said.woken == 1);
  CHECK(out.take(10, 100) == texts{"c", "d"});
  CHECK(out.put("e"));
  CHECK(said.woken == 2);
}

TEST_CASE("an outbox gives as many bytes as there is room for, and at least one envelope",
          "[outbox]") {
  counted said;
  link_outbox out(1'000);
  out.open(said.voice());
  for (const auto* text : {"12345", "67890", "x"}) CHECK(out.put(text));
  CHECK(out.take(10, 0).empty());
  CHECK(out.take(10, 1) == texts{"12345"});
  CHECK(out.take(10, 6) == texts{"67890", "x"});
}

TEST_CASE("an outbox is full by bytes, each envelope's own and its place's", "[outbox]") {
  counted said;
  link_outbox out(2 * (100 + link_outbox::overhead));
  out.open(said.voice());
  const std::string envelope(100, 'x');
  CHECK(out.put(envelope));
  CHECK(out.put(envelope));
  CHECK_FALSE(out.put(""));
  CHECK(out.take(1, 1).size() == 1);
  CHECK(out.put(envelope));
}

TEST_CASE("an outbox gives signs of life only while it is open", "[outbox]") {
  counted said;
  link_outbox out(1'000);
  out.pulse();
  out.open(said.voice());
  out.pulse();
  out.close();
  out.pulse();
  CHECK(said.beaten == 1);
}

TEST_CASE("an outbox loses and doubles nothing between threads", "[outbox]") {
  constexpr int threads = 4, each = 10'000;
  counted said;
  link_outbox out(1U << 30U);
  out.open(said.voice());
  std::size_t taken = 0;
  {
    std::vector<std::jthread> senders;
    for (int t = 0; t < threads; ++t)
      senders.emplace_back([&] {
        for (int i = 0; i < each; ++i) (void)out.put("x");
      });
    while (taken < std::size_t{threads} * each) taken += out.take(100, 1'000).size();
  }
  CHECK(taken == std::size_t{threads} * each);
  CHECK(out.take(1, 1).empty());
}

TEST_CASE("a dialer tells who answers and who does not", "[dialer]") {
  const system_clock time;
  dialer lines(time);
  std::string closed;
  {
    tests::silent_listener there;
    CHECK(answer_of(lines, there.address()).empty());
    closed = there.address();
  }
  CHECK(answer_of(lines, closed) == "Connection refused");
  CHECK(answer_of(lines, "nonsense") == "not HOST:PORT");
  CHECK(answer_of(lines, "no.such.host.invalid:1") == "unknown host no.such.host.invalid");
}

TEST_CASE("a dialer does not wait for who does not answer to ask another", "[dialer]") {
  const system_clock time;
  dialer lines(time);
  tests::silent_listener there, full;
  // A listener whose queue is full drops what comes: its host seems dead.
  full.fill();
  std::latch late(4);
  std::atomic<int> unanswered = 0;
  for (int i = 0; i < 4; ++i)
    lines.dial(full.address(), [&](const dialer::outcome& how) {
      if (how.why == "Connection timed out") ++unanswered;
      late.count_down();
    });
  const auto began = time.now();
  CHECK(answer_of(lines, there.address()).empty());
  CHECK_FALSE(late.try_wait());
  late.wait();
  CHECK(unanswered == 4);
  CHECK(time.now() - began < 10s); // all at the same time, each for half a second
}

TEST_CASE("a dialer that is stopped answers no more", "[dialer]") {
  const system_clock time;
  tests::silent_listener full;
  full.fill();
  bool told = false;
  dialer lines(time);
  lines.dial(full.address(), [&](const auto&) { told = true; });
  lines.stop();
  lines.dial(full.address(), [&](const auto&) { told = true; });
  CHECK_FALSE(told);
}

TEST_CASE("an endpoint is a host and a port", "[endpoint]") {
  const auto parsed = [](const char* text) {
    const auto at = parse_endpoint(text);
    return at ? at->host + " " + std::to_string(at->port) : "none";
  };
  CHECK(parsed("mall.example:7000") == "mall.example 7000");
  CHECK(parsed("[::1]:1") == "::1 1");
  for (const auto* wrong : {"", "a", ":1", "a:", "a:0", "a:65536", "a:1x", "::1:1", "[]:1"})
    CHECK(parsed(wrong) == "none");
}

TEST_CASE("loopback is what only this machine reaches", "[endpoint]") {
  for (const auto* near : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) CHECK(is_loopback(near));
  for (const auto* far : {"", "0.0.0.0", "::", "128.0.0.1", "fe80::1", "localhost.example"})
    CHECK_FALSE(is_loopback(far));
}

TEST_CASE("a frame that no node makes is none", "[frame]") {
  CHECK_FALSE(parse_frame(""));
  CHECK_FALSE(parse_frame("\xff\xff\xff\xff"));
  model::Frame frame;
  frame.set_session(1);
  CHECK_FALSE(crosses(frame));
  frame.mutable_beat();
  CHECK(crosses(frame));
  *frame.mutable_hello()->mutable_from() = introduction();
  CHECK(crosses(frame));
  frame.mutable_hello()->mutable_from()->set_window_bytes(0);
  CHECK_FALSE(crosses(frame));
  frame.mutable_payloads()->add_envelopes(std::string(links::envelope_bytes_max, 'x'));
  CHECK(crosses(frame));
  frame.mutable_payloads()->mutable_envelopes(0)->push_back('x');
  CHECK_FALSE(crosses(frame));
  frame.mutable_payloads()->Clear();
  for (std::size_t i = 0; i <= frame_envelopes_max; ++i) frame.mutable_payloads()->add_envelopes();
  CHECK_FALSE(crosses(frame));
}

TEST_CASE("a stranger is refused in words", "[frame]") {
  const auto us = introduction();
  CHECK(refusal_of(us, us).empty());
  auto them = us;
  them.set_protocol(2);
  CHECK_THAT(refusal_of(them, us), Catch::Contains("speaks version 2"));
  them = us;
  them.set_cluster("other");
  CHECK_THAT(refusal_of(them, us), Catch::Contains("'other'"));
  them = us;
  them.set_lineage("");
  CHECK_THAT(refusal_of(them, us), Catch::Contains("another journal"));
  them = us;
  them.set_schema(9); // only told
  CHECK(refusal_of(them, us).empty());
}
