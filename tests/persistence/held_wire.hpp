#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace reenact::tests {

/// A wire to a redis-server that can hold back what travels on it, and deliver it when whoever sent
/// it has long gone: what a network does now and then. A free port on this side, the server's
/// socket file on the other. Thread safe.
class held_wire {
public:
  explicit held_wire(std::string socket);
  ~held_wire();
  held_wire(const held_wire&) = delete;
  held_wire& operator=(const held_wire&) = delete;

  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

  /// From now on, on the connections that there are: what comes later passes.
  void hold_requests();
  void hold_answers();
  /// Waits until as many bytes are held.
  void wait_until_held(std::size_t bytes);
  /// Delivers what was held, and waits until the server has answered all requests of it or has
  /// closed the connection.
  void deliver();
  /// What was held will never arrive.
  void cut();

private:
  struct connection {
    int client;
    int server;
    bool requests_held = false;
    bool answers_held = false;
    std::string requests; ///< held
    bool awaited = false; ///< an answer to what was delivered
  };
  void carry();
  void accept_one();
  bool pass(connection& on, bool request);
  void wake() const;

  const std::string socket_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::mutex mutex_; // guards what follows
  std::condition_variable changed_;
  std::list<connection> connections_;
  std::size_t held_ = 0; ///< bytes, either way
  bool ending_ = false;
  std::thread thread_;
};

} // namespace reenact::tests
