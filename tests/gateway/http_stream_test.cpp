#include <atomic>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "gateway/http_server.hpp"
#include "tests/gateway/served.hpp"

using namespace reenact::gateway;
using namespace std::chrono_literals;

namespace {

/// Streams 0, 1, ... n-1, one number a piece.
producer numbers(int n, std::size_t width = 1) {
  return [n, width, i = 0](next_piece next) mutable {
    auto text = std::to_string(i);
    text.resize(std::max(width, text.size()), '.');
    if (++i < n)
      std::move(next).write(std::move(text));
    else
      std::move(next).end(std::move(text));
  };
}

} // namespace

TEST_CASE("a streamed answer comes in chunks, and the connection goes on", "[http]") {
  served server([](exchange e) { std::move(e).stream({}, numbers(10)); });
  auto c = server.client();
  for (int i = 0; i < 2; ++i) {
    const auto r = c.ask(get("/"));
    CHECK(r.header("Transfer-Encoding") == "chunked");
    CHECK(r.headers.count("Content-Length") == 0);
    CHECK(r.body == "0123456789");
  }
}

TEST_CASE("HTTP/1.0 gets a streamed answer until the end", "[http]") {
  served server([](exchange e) { std::move(e).stream({}, numbers(10)); });
  auto c = server.client();
  const auto r = c.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(r.headers.count("Transfer-Encoding") == 0);
  CHECK(r.header("Connection") == "close");
  CHECK(r.body == "0123456789");
}

TEST_CASE("HEAD of a streamed answer asks for no piece", "[http]") {
  std::atomic<bool> asked = false;
  served server([&](exchange e) { std::move(e).stream({}, [&](next_piece) { asked = true; }); });
  auto c = server.client();
  CHECK(c.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", true).code() == 200);
  CHECK(c.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", true).code() == 200);
  CHECK_FALSE(asked);
}

TEST_CASE("pieces are asked for only as fast as the client takes them", "[http]") {
  constexpr std::size_t piece = 64U << 10;
  constexpr int pieces = 1'000;
  std::atomic<int> asked = 0;
  served server([&](exchange e) {
    std::move(e).stream({}, [&, next_number = numbers(pieces, piece)](next_piece next) mutable {
      ++asked;
      next_number(std::move(next));
    });
  });
  auto c = server.client(4096);
  c.send(get("/"));
  int before = -1;
  for (int still = 0; still < 50;) { // until the sockets between are full
    server->tick();
    still = asked == before ? still + 1 : 0;
    before = asked;
  }
  CHECK(asked < pieces / 2);
  CHECK(c.receive().body.size() == pieces * piece);
  CHECK(asked == pieces);
}

TEST_CASE("pieces may come from another thread", "[http]") {
  std::vector<std::thread> workers;
  served server([&](exchange e) {
    std::move(e).stream({}, [&, i = 0](next_piece next) mutable {
      workers.emplace_back([i, n = std::move(next)]() mutable {
        if (i == 3)
          std::move(n).end();
        else
          std::move(n).write(std::to_string(i));
      });
      ++i;
    });
  });
  auto c = server.client();
  CHECK(c.ask(get("/")).body == "012");
  for (auto& w : workers) w.join();
}

TEST_CASE("a stream that breaks off is seen as broken", "[http]") {
  served server([](exchange e) {
    std::move(e).stream({}, [i = 0](next_piece next) mutable {
      if (i++ == 0) std::move(next).write("so far");
    });
  });
  auto c = server.client();
  CHECK(c.ask(get("/")).body == "so far<broken off>");
}

TEST_CASE("a producer that throws breaks its stream off and nothing else", "[http]") {
  served server([](exchange e) {
    if (e.target() == "/fine") return echo(std::move(e));
    std::move(e).stream({}, [i = 0](next_piece next) mutable {
      if (i++ == 1) throw std::runtime_error("boom");
      std::move(next).write("so far");
    });
  });
  auto other = server.client();
  CHECK(other.ask(get("/fine")).body == "GET /fine ");
  auto c = server.client();
  CHECK(c.ask(get("/")).body == "so far<broken off>");
  CHECK(other.ask(get("/fine")).body == "GET /fine ");
}

TEST_CASE("a piece that does not come in time breaks the stream off", "[http]") {
  std::optional<next_piece> kept;
  served server([&](exchange e) {
    std::move(e).stream({}, [&](next_piece next) { kept.emplace(std::move(next)); });
  });
  auto c = server.client();
  c.send(get("/"));
  while (server->requests() == 0) std::this_thread::yield();
  server.advance(30s);
  CHECK(c.receive().body == "<broken off>");
  std::move(*kept).write("late");
}

TEST_CASE("draining lets a stream finish", "[http]") {
  std::optional<next_piece> kept;
  served server([&](exchange e) {
    std::move(e).stream({}, [&](next_piece next) { kept.emplace(std::move(next)); });
  });
  std::optional c = server.client();
  c->send(get("/"));
  while (server->requests() == 0) std::this_thread::yield();
  server->tick();
  bool whole = false;
  std::thread drainer([&] { whole = server->drain(10min); });
  std::move(*kept).end("whole");
  CHECK(c->receive().body == "whole");
  c.reset();
  drainer.join();
  CHECK(whole);
}

TEST_CASE("a chunked body without chunks may end in pieces of any size", "[http]") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string end = "0\r\n\r\n";
  served server(echo);
  std::uint64_t sent = 0;
  for (std::size_t first = 0; first <= end.size(); ++first)
    for (std::size_t second = first; second <= end.size(); ++second) {
      auto c = server.client();
      for (const auto& piece :
           {head + end.substr(0, first), end.substr(first, second - first), end.substr(second)}) {
        c.send(piece);
        server.has_read(sent += piece.size());
      }
      CHECK(c.receive().body == "POST / ");
    }
}
