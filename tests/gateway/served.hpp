#pragma once

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>

#include "gateway/http_server.hpp"
#include "tests/gateway/raw_client.hpp"

/// A server on a free port whose time stands still until a test advances it.
class served {
public:
  using http_server = reenact::gateway::http_server;
  using http_options = reenact::gateway::http_options;

  explicit served(
      http_server::handler handle, http_options options = {},
      std::function<std::time_t()> wall = [] { return std::time_t{784'111'777}; }) {
    options.port = 0;
    options.now = [this] { return std::chrono::steady_clock::time_point(elapsed_.load()); };
    options.wall = std::move(wall);
    auto started = http_server::start(std::move(options), std::move(handle));
    REQUIRE(std::holds_alternative<std::unique_ptr<http_server>>(started));
    server_ = std::get<0>(std::move(started));
  }

  http_server& operator*() { return *server_; }
  http_server* operator->() { return server_.get(); }
  raw_client client(int receive_bytes = 0) { return raw_client(server_->port(), receive_bytes); }

  void advance(std::chrono::milliseconds by) {
    elapsed_ = elapsed_.load() + by;
    server_->tick();
  }
  /// Waits, without a clock, until the server has read that much in all.
  void has_read(std::uint64_t bytes) {
    while (server_->bytes_in() < bytes) std::this_thread::yield();
    server_->tick(); // and has done with it: the tick stands behind it in the thread's queue
  }
  void has_connections(std::size_t n) {
    while (server_->connections() != n) std::this_thread::yield();
    server_->tick();
  }

private:
  std::atomic<std::chrono::steady_clock::duration> elapsed_{std::chrono::hours(1)};
  std::unique_ptr<http_server> server_;
};

inline std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// Says what was asked: "GET /x?y=1 body".
inline void echo(reenact::gateway::exchange e) {
  const auto text =
      std::string(e.method()) + ' ' + std::string(e.target()) + ' ' + std::string(e.body());
  std::move(e).answer({.content_type = "text/plain", .body = text});
}
