#include "gateway/http_server.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/gateway/served.hpp"

using namespace reenact::gateway;
using namespace std::chrono_literals;

namespace {

/// Keeps exchanges until the test takes them out.
class shelf {
public:
  void put(exchange e) {
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(e));
  }
  exchange take() {
    for (;;) {
      const std::lock_guard lock(mutex_);
      if (kept_.empty()) continue;
      auto e = std::move(kept_.back());
      kept_.pop_back();
      return e;
    }
  }

private:
  std::mutex mutex_;
  std::vector<exchange> kept_;
};

constexpr std::string_view bad_request =
    R"({"code":3,"message":"the request is malformed","details":[]})";

} // namespace

TEST_CASE("an answer is written to the byte", "[http]") {
  served server([](exchange e) { std::move(e).answer({.body = "{}"}); });
  auto c = server.client();
  c.send(get("/"));
  c.shut();
  CHECK(c.rest() ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n{}");
}

TEST_CASE("a connection serves request after request", "[http]") {
  served server(echo);
  auto c = server.client();
  CHECK(c.ask(get("/a?b=c")).body == "GET /a?b=c ");
  CHECK(c.ask(post("/d", "body")).body == "POST /d body");
  CHECK(c.ask("\r\n" + get("http://test/absolute?x")).body == "GET /absolute?x ");
  CHECK(c.ask("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").body == "OPTIONS * ");
  CHECK(server->requests() == 4);
}

TEST_CASE("pipelined requests are answered in order", "[http]") {
  served server(echo);
  auto c = server.client();
  std::string many;
  for (int i = 0; i < 3'000; ++i) many += get("/" + std::to_string(i));
  std::thread sender([&] { c.send(many); });
  for (int i = 0; i < 3'000; ++i) {
    const auto body = c.receive().body;
    if (body != "GET /" + std::to_string(i) + ' ') FAIL(i << " got " << body);
  }
  sender.join();
}

TEST_CASE("a request that comes byte by byte is one request", "[http]") {
  served server(echo);
  auto c = server.client();
  for (const char byte : "\r\n" + post("/slow", "body")) c.send({&byte, 1});
  CHECK(c.receive().body == "POST /slow body");
}

TEST_CASE("an answer may come later and from another thread", "[http]") {
  shelf kept;
  served server([&](exchange e) { kept.put(std::move(e)); });
  auto c = server.client();
  c.send(post("/x", "body") + get("/y"));
  auto first = kept.take();
  CHECK(first.body() == "body");
  const http_header headers[] = {{"ETag", "\"7\""}};
  std::move(first).answer({.status = 404, .headers = headers, .body = "one"});
  const auto r = c.receive();
  CHECK(r.status == "HTTP/1.1 404 Not Found");
  CHECK(r.header("ETag") == "\"7\"");
  CHECK(r.body == "one");
  kept.take().answer({.body = "two"});
  CHECK(c.receive().body == "two");
}

TEST_CASE("a client that left before its answer harms nobody", "[http]") {
  shelf kept;
  served server([&](exchange e) { kept.put(std::move(e)); });
  std::optional<exchange> orphan;
  {
    auto c = server.client();
    c.send(get("/"));
    orphan.emplace(kept.take());
  }
  std::move(*orphan).answer({.body = std::string(1 << 20, 'x')});
  server.has_connections(0);
}

TEST_CASE("an exchange may outlive its server", "[http]") {
  shelf kept;
  std::optional<exchange> late;
  {
    served server([&](exchange e) { kept.put(std::move(e)); });
    auto c = server.client();
    c.send(get("/"));
    late.emplace(kept.take());
  }
  std::move(*late).answer({.body = "nobody listens"});
}

TEST_CASE("a dropped exchange is answered 500", "[http]") {
  served server([](exchange) {});
  auto c = server.client();
  const auto r = c.ask(get("/"));
  CHECK(r.status == "HTTP/1.1 500 Internal Server Error");
  CHECK(r.body == R"({"code":13,"message":"the request was dropped","details":[]})");
}

TEST_CASE("a handler that throws costs its own request, not the connection nor the process",
          "[http]") {
  served server([](exchange e) {
    if (e.target() == "/boom") throw std::runtime_error("boom");
    if (e.target() == "/42") throw 42;
    echo(std::move(e));
  });
  auto c = server.client();
  c.send(get("/boom") + get("/42") + get("/fine"));
  CHECK(c.receive().status == "HTTP/1.1 500 Internal Server Error");
  CHECK(c.receive().status == "HTTP/1.1 500 Internal Server Error");
  CHECK(c.receive().body == "GET /fine ");
}

TEST_CASE("an I/O thread that fails goes on, and too often gives the node up", "[http]") {
  std::atomic<bool> failing = false;
  std::promise<std::string> gave_up;
  std::once_flag once;
  http_options options{.threads = 1};
  options.tick = 1ms;
  options.restart = {.first = 0s, .longest = 0s, .most = 3, .give_up = [&](const auto& why) {
                       std::call_once(once, [&] { gave_up.set_value(why); });
                     }};
  served server(echo, options, [&] {
    if (failing) throw std::runtime_error("boom");
    return std::time_t{784'111'777};
  });
  auto c = server.client();
  CHECK(c.ask(get("/before")).body == "GET /before ");
  failing = true;
  CHECK(gave_up.get_future().get() == "an I/O thread failed 4 times: boom");
  CHECK(c.ask(get("/meanwhile")).body == "GET /meanwhile ");
  failing = false;
  CHECK(server.client().ask(get("/after")).body == "GET /after ");
}

TEST_CASE("headers are found in any case, those of one name as one list", "[http]") {
  served server([](exchange e) {
    const auto body =
        std::string(*e.header("x-FIRST")) + std::string(e.header("X-None").value_or("-"));
    std::move(e).answer({.body = body});
  });
  auto c = server.client();
  CHECK(c.ask("GET / HTTP/1.1\r\nHost: a\r\nX-First: one \r\nx-first: two\r\n\r\n").body ==
        "one, two-");
}

TEST_CASE("a header's value cannot begin another header", "[http]") {
  served server([](exchange e) {
    const http_header headers[] = {{"X-Request-Id", "a\r\nSet-Cookie: b"}};
    std::move(e).answer({.headers = headers, .body = ""});
  });
  auto c = server.client();
  const auto r = c.ask(get("/"));
  CHECK(r.headers.count("Set-Cookie") == 0);
  CHECK(r.header("X-Request-Id") == "a  Set-Cookie: b");
}

TEST_CASE("HEAD is answered with the length and no body", "[http]") {
  served server(echo);
  auto c = server.client();
  const auto r = c.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", true);
  CHECK(r.header("Content-Length") == "8");
  CHECK(c.ask(get("/y")).body == "GET /y ");
}

TEST_CASE("a client says that it wants the connection closed", "[http]") {
  served server(echo);
  auto c = server.client();
  const auto r = c.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(r.header("Connection") == "close");
  CHECK(c.closed());
}

TEST_CASE("HTTP/1.0 closes unless told to keep alive", "[http]") {
  served server(echo);
  auto c = server.client();
  const auto kept = c.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.header("Connection") == "keep-alive");
  CHECK(c.ask("GET / HTTP/1.0\r\n\r\n").header("Connection") == "close");
  CHECK(c.closed());
}

TEST_CASE("a chunked body is put together, its trailers are left out", "[http]") {
  served server([](exchange e) {
    if (e.header("X-Trailer")) return; // and so is answered 500
    echo(std::move(e));
  });
  auto c = server.client();
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;ext=1\r\nbody\r\n3\r\n 42\r\n0\r\nX-Trailer: t\r\n\r\n";
  CHECK(c.ask(chunked + chunked).body == "POST / body 42");
  CHECK(c.receive().body == "POST / body 42");
}

TEST_CASE("who expects 100-continue gets it before the body is sent", "[http]") {
  served server(echo);
  auto c = server.client();
  const auto go =
      c.ask("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(go.status == "HTTP/1.1 100 Continue");
  CHECK(c.ask("body").body == "POST / body");
}

TEST_CASE("what two readers could understand differently is refused", "[http]") {
  served server(echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  for (const std::string& request : {
           head + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
           head + "Content-Length: 4, 4\r\n\r\nbody",
           head + "Content-Length: +4\r\n\r\nbody",
           head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
           head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Host: b\r\n\r\n",
           std::string("GET / HTTP/1.1\r\n\r\n"),
           std::string("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           head + "Header : space\r\n\r\n",
       }) {
    INFO(request);
    auto c = server.client();
    const auto r = c.ask(request + get("/smuggled"));
    CHECK(r.code() == 400);
    CHECK(r.body == bad_request);
    CHECK(r.header("Connection") == "close");
    CHECK(c.rest().empty());
  }
  CHECK(server->requests() == 0);
}

TEST_CASE("noise is refused and the connection closed", "[http]") {
  served server(echo);
  using namespace std::string_literals;
  for (const auto& noise :
       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "hello\r\n\r\n"s,
        "GET / HTTP/9.9\r\n\r\n"s, "GET /\0 HTTP/1.1\r\n\r\n"s, "GET  / HTTP/1.1\r\n\r\n"s,
        "GET / HTTP/1.1\nHost: a\n\n"s, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"s}) {
    INFO(noise);
    auto c = server.client();
    const auto r = c.ask(noise);
    CHECK(r.body == bad_request);
    CHECK(c.closed());
  }
}

TEST_CASE("half a request and a goodbye is refused", "[http]") {
  served server(echo);
  auto c = server.client();
  c.send("GET / HTTP/1.1\r\nHo");
  c.shut();
  CHECK(c.receive().code() == 400);
  CHECK(c.closed());
}

TEST_CASE("a taken port is an error that names it", "[http]") {
  served first(echo);
  http_options options;
  options.port = first->port();
  const auto second = http_server::start(options, echo);
  REQUIRE(std::holds_alternative<std::string>(second));
  CHECK(std::get<std::string>(second) ==
        "cannot listen on 127.0.0.1:" + std::to_string(first->port()) + ": Address already in use");
  options.host = "no such host";
  CHECK(std::holds_alternative<std::string>(http_server::start(options, echo)));
}

TEST_CASE("several I/O threads share the connections", "[http]") {
  std::atomic<unsigned> seen[3] = {};
  http_options options;
  options.threads = 3;
  served server(
      [&](exchange e) {
        ++seen[e.home().number()];
        echo(std::move(e));
      },
      options);
  for (int i = 0; i < 9; ++i) CHECK(server.client().ask(get("/")).code() == 200);
  for (const auto& n : seen) CHECK(n == 3);
}

TEST_CASE("draining finishes what has begun and closes the rest", "[http]") {
  shelf kept;
  http_options options;
  options.threads = 1;
  served server([&](exchange e) { kept.put(std::move(e)); }, options);
  auto idle = server.client();
  std::optional busy = server.client();
  std::optional half = server.client();
  const auto request = get("/half");
  half->send(request.substr(0, 20));
  busy->send(get("/busy"));
  server.has_read(20 + get("/busy").size());
  server.has_connections(3);
  bool whole = false;
  std::thread drainer([&] { whole = server->drain(10min); });
  while (server.client().connected()) std::this_thread::yield();
  server.advance(1s);
  CHECK(idle.closed());
  half->send(request.substr(20));
  for (int i = 0; i < 2; ++i) kept.take().answer({.body = "done"});
  for (auto* c : {&busy, &half}) {
    const auto r = (*c)->receive();
    CHECK(r.body == "done");
    CHECK(r.header("Connection") == "close");
    CHECK((*c)->closed());
    c->reset();
  }
  drainer.join();
  CHECK(whole);
}

TEST_CASE("a request that was on its way when a drain began is answered", "[http]") {
  http_options options;
  options.threads = 1;
  served server(echo, options);
  std::optional c = server.client();
  CHECK(c->ask(get("/before")).header("Connection").empty());
  bool whole = false;
  std::thread drainer([&] { whole = server->drain(10min); });
  while (server.client().connected()) std::this_thread::yield();
  server.advance(999ms);
  const auto r = c->ask(get("/on-its-way"));
  CHECK(r.body == "GET /on-its-way ");
  CHECK(r.header("Connection") == "close");
  CHECK(c->closed());
  c.reset();
  drainer.join();
  CHECK(whole);
}

TEST_CASE("draining breaks off what does not end, and may be repeated", "[http]") {
  shelf kept;
  served server([&](exchange e) { kept.put(std::move(e)); });
  auto c = server.client();
  c.send(get("/"));
  const auto stuck = kept.take();
  CHECK_FALSE(server->drain(0ms));
  CHECK(c.closed());
  CHECK(server->drain(0ms));
}

TEST_CASE("a server ends, whatever moment of its clock that is", "[http]") {
  for (int i = 0; i < 200; ++i) {
    served server(echo, {.tick = std::chrono::milliseconds(0)}); // always due
    CHECK(server.client().ask(get("/")).code() == 200);
  }
}
