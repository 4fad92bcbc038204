#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/cluster/fault_proxy.hpp"

namespace reenact::tests {

/// How the network is at the moment, and what it has seen. The proxy's thread changes both; the
/// tally may be read by others.
struct proxy_weather {
  bool cut = false;
  std::array<bool, 2> held{}; ///< by direction
  std::chrono::milliseconds delay{0};

  void count(const std::function<void(fault_proxy::tally&)>& what) {
    const std::lock_guard lock(mutex);
    what(tally);
    changed.notify_all();
  }

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  fault_proxy::tally tally;
};

/// One connection through the proxy: two sockets and what is on its way between them. Lives as long
/// as it has something to do. On the proxy's thread.
class proxy_link : public std::enable_shared_from_this<proxy_link> {
public:
  using protocol = boost::asio::generic::stream_protocol;

  proxy_link(boost::asio::io_context& io, protocol::socket client, proxy_weather& weather);

  /// Connects to the server, unless the network is cut, and forwards until both have ended.
  void start(const protocol::endpoint& server);
  /// The weather has changed.
  void look() {
    for (auto& w : ways_) write(w);
  }
  /// Whether a cut has taken something from it, so that it cannot go on.
  bool lost() const { return lost_; }
  /// Ends it at once, for both sides.
  void break_off();
  bool over() const { return over_; }

private:
  struct chunk {
    std::chrono::steady_clock::time_point due;
    std::string bytes; ///< none: the sender has ended
  };
  struct way {
    std::size_t index;
    protocol::socket* from;
    protocol::socket* to;
    boost::asio::steady_timer until_due;
    std::deque<chunk> chunks{};
    std::size_t buffered = 0;
    std::array<char, 16U << 10U> reading{};
    bool is_reading = false, is_writing = false, is_waiting = false;
    bool ended = false;  ///< nothing more will be read
    bool closed = false; ///< and the receiver knows
    bool dead = false;   ///< the receiver takes nothing any more
  };

  void read(way& w);
  void take(way& w, std::size_t bytes, bool end);
  void write(way& w);
  void wrote(way& w, bool failed);
  void drop(way& w);
  void end_if_done();
  fault_proxy::tally::way& counted(fault_proxy::tally& all, const way& w) const {
    return w.index == 0 ? all.to_server : all.to_client;
  }

  proxy_weather& weather_;
  protocol::socket client_, server_;
  std::array<way, 2> ways_;
  bool connected_ = false, lost_ = false, over_ = false;
};

} // namespace reenact::tests
