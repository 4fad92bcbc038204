#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/endpoint.hpp"

namespace reenact::runtime {

/// Finds out whether anybody answers at an address, before CAF is asked to connect there: CAF's one
/// connecting actor would wait for a dead host for minutes, and all other links with it. One thread
/// for all connects, each bounded by `patience`; one for names, which are looked up one after the
/// other: who is slow to be found delays only who is named by a name too. Sees the cluster.
class dialer {
public:
  static constexpr duration patience = std::chrono::milliseconds(500);

  struct outcome {
    endpoint at;     ///< an address and its port
    std::string why; ///< not empty: nobody answers there
  };
  /// On a thread of the dialer; must not block. Not called any more after stop().
  using answer = std::function<void(const outcome&)>;

  explicit dialer(const clock& time);
  ~dialer();
  dialer(const dialer&) = delete;
  dialer& operator=(const dialer&) = delete;

  /// Any thread. `address` is HOST:PORT.
  void dial(const std::string& address, answer then);
  /// Waits for a name that is being looked up. Idempotent.
  void stop();

private:
  struct call {
    endpoint at;
    answer then;
    int socket = -1;
    instant until{};
  };

  void connect();
  void begin(call& c);
  bool ended(call& c, short events);
  void look_up();
  void hand_on(call c);

  const clock& time_;
  int wake_ = -1; ///< an eventfd

  std::mutex mutex_; ///< guards what follows
  std::condition_variable named_;
  std::deque<call> names_;
  std::deque<call> fresh_;
  bool stopping_ = false;

  std::list<call> open_; ///< the connecting thread's
  std::thread connecting_;
  std::thread looking_up_;
};

} // namespace reenact::runtime
