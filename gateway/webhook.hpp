#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/awaitable.hpp>

#include "actors/runtime/part.hpp"
#include "actors/runtime/port.hpp"

namespace reenact::gateway {

/// A port that POSTs each message, as JSON, to one address over HTTP: a thread of its own with a
/// few kept-alive connections. The delivery's id travels as Idempotency-Key, its trace context as
/// traceparent. 2xx: delivered; another answer but 408, 425, 429 and 5xx: refused, as is a
/// redirection, which is not followed; everything else: failed.
class webhook final : public runtime::port {
public:
  struct options {
    std::string host;
    std::uint16_t port = 80;
    std::string name; ///< of both, as the header Host says it
    std::string target = "/";
    std::size_t connections = 4;
    std::size_t waiting_max = 256; ///< deliveries that wait or are under way; then they fail
    std::chrono::milliseconds patience{10'000}; ///< for one attempt, connecting included
    runtime::restart_policy restart{};
  };

  webhook(options how, const runtime::clock& time);
  ~webhook() override;
  webhook(const webhook&) = delete;
  webhook& operator=(const webhook&) = delete;

  void deliver(runtime::delivery what, way_home home) override;
  void close() override;

private:
  struct job;
  struct running;
  class connection;
  struct answered {
    outcome how = outcome::failed;
    std::string why;
  };

  boost::asio::awaitable<void> work();
  boost::asio::awaitable<answered> attempt(connection& over, const runtime::delivery& what);

  const options how_;
  std::atomic<std::size_t> waiting_{0};
  runtime::part part_;
  std::unique_ptr<running> running_; ///< null once closed
  std::thread thread_;
};

} // namespace reenact::gateway
