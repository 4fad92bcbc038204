#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>
#include <thread>
#include <vector>

namespace reenact::tests {

/// A listener that is connected to and never says a word.
class silent_listener {
public:
  silent_listener();
  ~silent_listener();
  silent_listener(const silent_listener&) = delete;
  silent_listener& operator=(const silent_listener&) = delete;

  std::string address() const;
  int socket() const { return socket_; }
  /// Waits until that many have connected; false when nobody came for a minute.
  bool called(int times);
  /// From now on it seems to be a dead host's: what connects to it waits.
  void fill();

private:
  int socket_;
  std::vector<int> callers_;
};

/// A line to a port of this machine that can be made a black hole: connections stay, what is sent
/// is not brought on, and nobody is told. What was on its way comes when it is healed.
class black_hole {
public:
  explicit black_hole(std::uint16_t to);
  ~black_hole();
  black_hole(const black_hole&) = delete;
  black_hole& operator=(const black_hole&) = delete;

  std::string address() const { return door_.address(); }
  void swallow();
  void heal();

private:
  struct line {
    int near, far;
    bool ended = false;
  };

  void work();
  void accept();
  void carry(line& on, int from, int to);
  void wake() const;

  const std::uint16_t to_;
  silent_listener door_;
  int wake_;
  std::atomic<bool> swallowing_ = false, ending_ = false;
  std::list<line> lines_; ///< the thread's
  std::thread thread_;
};

} // namespace reenact::tests
