#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/runtime/part.hpp"

namespace reenact::gateway {

/// Where an HTTP server listens and what it bears. Times are kept to the accuracy of `tick`.
struct http_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080; // 0: any free one
  unsigned threads = 0;      // 0: one a core less one, at least one

  std::size_t head_bytes_max = 16U << 10; // request line and headers, and trailers: 431
  std::size_t body_bytes_max = 1U << 20;  // 413
  std::size_t connections_max = 10'000;   // open at once: 503
  /// Requests and answers in memory, over all connections: beyond it a large body that is still
  /// coming, and an answer in pieces before its first, get 503. What is small goes on.
  std::size_t buffered_bytes_max = 256U << 20;

  std::chrono::milliseconds idle_time{60'000};    // between requests: closed in silence
  std::chrono::milliseconds read_time{10'000};    // for a head, and again for a body: 408
  std::chrono::milliseconds process_time{30'000}; // from request to answer: 504
  std::chrono::milliseconds write_time{30'000}; // that a client takes nothing of an answer: closed
  std::chrono::milliseconds linger_time{2'000}; // that a closed connection is still listened to
  std::chrono::milliseconds drain_time{1'000};  // that a drain waits for requests on their way

  /// The X-Request-Id of a refusal, given the client's, if that could be read. Empty: without one.
  std::function<std::string(std::optional<std::string_view> given)> request_id{};

  /// Called on each I/O thread with its loop, to have something alive around it.
  std::function<void(const std::function<void()>& loop)> around = [](const auto& loop) { loop(); };

  /// Of an I/O thread on which something failed that is no request's own: it goes on.
  runtime::restart_policy restart{};

  std::chrono::milliseconds tick{500};
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<std::time_t()> wall = [] { return std::time(nullptr); }; // for the header Date
};

} // namespace reenact::gateway
