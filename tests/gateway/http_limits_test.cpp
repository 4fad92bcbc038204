#include <vector>

#include <catch2/catch.hpp>

#include "gateway/http_server.hpp"
#include "tests/gateway/served.hpp"

using namespace reenact::gateway;
using namespace std::chrono_literals;

namespace {

/// Keeps one exchange and never answers it while the test runs.
struct silent {
  std::shared_ptr<std::optional<exchange>> kept = std::make_shared<std::optional<exchange>>();
  void operator()(exchange e) const { kept->emplace(std::move(e)); }
};

std::string error(int code, const std::string& message) {
  return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + message + "\",\"details\":[]}";
}

const auto late = error(4, "the request did not come in time");

} // namespace

TEST_CASE("a body may be as large as the bound and no larger", "[http]") {
  served server([](exchange e) {
    const auto size = std::to_string(e.body().size());
    std::move(e).answer({.body = size});
  });
  const http_options bounds;
  {
    auto c = server.client();
    CHECK(c.ask(post("/", std::string(bounds.body_bytes_max, 'x'))).body == "1048576");
    c.send(post("/", std::string(bounds.body_bytes_max + 1, 'x')));
    const auto r = c.receive();
    CHECK(r.code() == 413);
    CHECK(r.body == error(8, "the request's body is too large"));
    CHECK(c.closed());
  }
  auto chunked = server.client();
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 17; ++i) chunked.send(chunk);
  CHECK(chunked.receive().code() == 413);
  auto expecting = server.client();
  CHECK(expecting
            .ask("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                 "Content-Length: 1048577\r\n\r\n")
            .code() == 413);
}

TEST_CASE("what all connections hold in memory is bounded, and what is small goes on", "[http]") {
  served server(echo, {.buffered_bytes_max = 2U << 20});
  const auto large = post("/", std::string(900'000, 'x'));
  const auto half = large.substr(0, large.size() / 2);
  std::vector<raw_client> slow;
  std::uint64_t sent = 0;
  for (int i = 0; i < 5; ++i) {
    slow.push_back(server.client());
    if (i < 4) slow.back().send(half);
    server.has_read(sent += i < 4 ? half.size() : 0);
  }
  auto& late = slow.back();
  late.send(half);
  const auto r = late.receive();
  CHECK(r.code() == 503);
  CHECK(r.header("Retry-After") == "1");
  CHECK(r.body == error(14, "too much is being read: try again later"));
  CHECK(late.closed());
  CHECK(server.client().ask(post("/", "small")).body == "POST / small");
  slow.clear();
  server.has_connections(0);
  CHECK(server.client().ask(large).code() == 200);
}

TEST_CASE("an answer in pieces is not begun while too much is in memory", "[http]") {
  const auto held = std::make_shared<std::vector<exchange>>();
  served server(
      [held](exchange e) {
        if (e.method() == "POST") return held->push_back(std::move(e));
        std::move(e).stream({}, [](next_piece p) { std::move(p).end("whole"); });
      },
      {.threads = 1, .buffered_bytes_max = 1U << 20});
  CHECK(server.client().ask(get("/")).body == "whole");
  const auto small = post("/", std::string(16'000, 'x'));
  std::vector<raw_client> waiting;
  std::uint64_t sent = get("/").size();
  for (int i = 0; i < 66; ++i) {
    waiting.push_back(server.client());
    waiting.back().send(small);
    server.has_read(sent += small.size());
  }
  const auto r = server.client().ask(get("/"));
  CHECK(r.code() == 503);
  CHECK(r.header("Retry-After") == "1");
}

TEST_CASE("a refusal of the server itself carries a request id too", "[http]") {
  served server(echo, {.request_id = [](auto given) {
                  return given ? std::string(*given) : std::string("drawn");
                }});
  auto large = server.client();
  large.send("POST / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nContent-Length: 9999999\r\n\r\n");
  const auto too_large = large.receive();
  CHECK(too_large.code() == 413);
  CHECK(too_large.header("X-Request-Id") == "mine");
  auto odd = server.client();
  odd.send("nonsense\r\n\r\n");
  const auto malformed = odd.receive();
  CHECK(malformed.code() == 400);
  CHECK(malformed.header("X-Request-Id") == "drawn");
}

TEST_CASE("a head may be as large as the bound and no larger", "[http]") {
  served server(echo);
  const http_options bounds;
  const auto too_large = error(3, "the request's headers are too large");
  const auto head = [](std::size_t filling) {
    return "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(filling, 'x') + "\r\n\r\n";
  };
  auto fits = server.client();
  CHECK(fits.ask(head(bounds.head_bytes_max - head(0).size())).code() == 200);
  for (const auto& request :
       {head(bounds.head_bytes_max), get("/" + std::string(bounds.head_bytes_max, 'x')),
        std::string(2 * bounds.head_bytes_max, 'x')}) {
    auto c = server.client();
    c.send(request);
    const auto r = c.receive();
    CHECK(r.code() == 431);
    CHECK(r.body == too_large);
    CHECK(c.closed());
  }
}

TEST_CASE("a head that comes in two reads has one bound", "[http]") {
  served server(echo);
  const http_options bounds;
  auto c = server.client();
  std::string first = "GET / HTTP/1.1\r\nHost: a\r\n", second;
  while (first.size() < 3'000) first += "X-Name: value\r\n";
  while (second.size() < bounds.head_bytes_max - 2'000) second += "X-Name: value\r\n";
  c.send(first);
  server.has_read(first.size());
  CHECK(c.ask(second + "\r\n").code() == 431);
}

TEST_CASE("many small headers, chunk extensions and trailers add up", "[http]") {
  served server(echo);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string line = "X-Name: value\r\n";
  for (const auto& [start, repeated] :
       {std::pair<std::string, std::string>{"GET / HTTP/1.1\r\n", line},
        {chunked + "0\r\n", line},
        {chunked + "1", ";extension=value"}}) {
    INFO(start);
    auto c = server.client();
    c.send(start);
    for (int i = 0; i < 2'000; ++i)
      if (!c.send(repeated)) break;
    CHECK(c.receive().code() == 431);
  }
  CHECK(server->requests() == 0);
}

TEST_CASE("pipelined requests wait at the client once the buffer is full", "[http]") {
  silent handler;
  served server(handler);
  auto c = server.client();
  std::string many;
  while (many.size() < 1'000'000) many += get("/");
  std::thread sender([&] { c.send(many); });
  server.has_connections(1);
  while (server->requests() == 0) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) server->tick();
  const http_options bounds;
  CHECK(server->bytes_in() <= bounds.head_bytes_max + 4096);
  CHECK(server->requests() == 1);
  server->drain(0ms);
  sender.join();
}

TEST_CASE("an idle connection is closed in silence when its time is over", "[http]") {
  served server(echo);
  auto c = server.client();
  CHECK(c.ask(get("/")).code() == 200);
  server.has_connections(1);
  server.advance(59s);
  CHECK(c.ask(get("/")).code() == 200);
  server->tick();
  server.advance(59s);
  CHECK(server->connections() == 1);
  server.advance(1s);
  CHECK(c.closed());
}

TEST_CASE("a request that stops halfway gets 408", "[http]") {
  served server(echo);
  const auto request = post("/", "body");
  for (const auto sent : {std::size_t{1}, std::size_t{20}, request.size() - 2}) {
    auto c = server.client();
    const auto before = server->bytes_in();
    c.send(request.substr(0, sent));
    server.has_read(before + sent);
    server.advance(9s);
    server.advance(1s);
    const auto r = c.receive();
    CHECK(r.code() == 408);
    CHECK(r.body == late);
    CHECK(c.closed());
  }
}

TEST_CASE("dripping bytes buy no time", "[http]") {
  served server(echo);
  auto c = server.client();
  c.send("G");
  server.has_read(1);
  for (int i = 0; i < 9; ++i) {
    server.advance(1s);
    c.send("E");
    server.has_read(2 + i);
  }
  server.advance(1s);
  CHECK(c.receive().code() == 408);
}

TEST_CASE("a request without an answer gets 504, and its late answer nothing", "[http]") {
  silent handler;
  served server(handler);
  auto c = server.client();
  c.send(post("/", "body"));
  while (server->requests() == 0) std::this_thread::yield();
  server.advance(29s);
  server.advance(1s);
  const auto r = c.receive();
  CHECK(r.code() == 504);
  CHECK(r.body == error(4,
                        "the request took too long and its outcome is unknown: repeat it only with "
                        "the same Idempotency-Key"));
  CHECK((*handler.kept)->body() == "body");
  std::move(**handler.kept).answer({.body = "late"});
  CHECK(c.closed());
}

TEST_CASE("a client that takes nothing of its answer is closed", "[http]") {
  served server([](exchange e) { std::move(e).answer({.body = std::string(64 << 20, 'x')}); });
  auto c = server.client(4096);
  c.send(get("/"));
  while (server->requests() == 0) std::this_thread::yield();
  server.has_connections(1);
  server.advance(29s);
  server.has_connections(1);
  server.advance(31s);
  server.has_connections(0);
}

TEST_CASE("a closed connection is listened to only so long", "[http]") {
  served server(echo);
  auto c = server.client();
  CHECK(c.ask("noise\r\n\r\n").code() == 400);
  server.has_connections(1);
  c.send("more noise");
  server.advance(2s);
  server.has_connections(0);
}

TEST_CASE("a connection beyond the bound is told so and closed", "[http]") {
  http_options options;
  options.connections_max = 2;
  served server(echo, options);
  std::vector<raw_client> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(server.client());
    CHECK(held.back().ask(get("/")).code() == 200);
  }
  {
    auto c = server.client();
    const auto r = c.receive();
    CHECK(r.code() == 503);
    CHECK(r.header("Retry-After") == "1");
    CHECK(r.body == error(14, "too many connections"));
    CHECK(c.closed());
  }
  std::vector<raw_client> crowd;
  crowd.reserve(100);
  for (int i = 0; i < 100; ++i) crowd.push_back(server.client()); // 64 are told, 36 only closed
  for (auto& c : crowd) CHECK(c.rest().find("200 OK") == std::string::npos);
  crowd.clear();
  held.pop_back();
  server.has_connections(1);
  CHECK(server.client().ask(get("/")).code() == 200);
}
