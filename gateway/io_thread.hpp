#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "actors/runtime/part.hpp"
#include "gateway/exchange.hpp"
#include "gateway/http_options.hpp"

namespace reenact::gateway {

/// What the threads of a server share.
struct http_shared {
  http_options options;
  std::function<void(exchange)> handler; // called on every I/O thread
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> buffered = 0; // bytes, http_options::buffered_bytes_max at most
  std::function<void()> last_closed;     // no connection is left
};

/// One thread, its sockets and its sessions. Everything but `post` and the counters belongs to the
/// thread itself. What is thrown on it ends the request or the errand that it came from, else the
/// turn of the loop. Outlives its server while somebody holds a session.
class io_thread {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using errand = std::function<void()>;

  io_thread(unsigned number, std::shared_ptr<http_shared> shared);

  void start();
  /// Ends when the last session is closed, and waits for that.
  void join();

  /// Runs `e` on this thread, in order; the loop is woken once for all that come while it is busy.
  void post(errand e);
  static io_thread* current();
  /// Does what somebody asked for; what it throws is for the log. False: it threw.
  static bool survives(const errand& e);

  /// Lets `what` answer on this thread, now if that is the caller's; `answer` is its member
  /// function. Held until then. What it throws drops the exchange with it.
  template <class Held>
  void let_answer(Held* what, void (Held::*answer)()) {
    if (current() == this) {
      survives([&] { (what->*answer)(); });
      return;
    }
    post([held = boost::intrusive_ptr<Held>(what), answer] { ((*held).*answer)(); });
  }

  unsigned number() const { return number_; }
  boost::asio::io_context& loop() { return loop_; }
  const http_shared& shared() const { return *shared_; }
  const http_options& options() const { return shared_->options; }

  time_point now() const { return now_; } // of the last tick
  std::string_view date() const { return date_; }
  bool draining() const { return draining_; }
  void drain();
  void close_all();
  void tick();

  /// A session holds so many bytes in place of those before.
  void account(std::size_t before, std::size_t now) { shared_->buffered += now - before; }
  bool full() const { return shared_->buffered > options().buffered_bytes_max; }

  void add(boost::intrusive_ptr<session> s);
  void remove(session& s);

  // Written here, read anywhere.
  std::atomic<std::uint64_t> requests = 0, bytes_in = 0;
  std::array<std::atomic<std::uint64_t>, 6> answers{}; // by the first digit of the status

private:
  void run_errands();
  void wait_for_tick();

  const unsigned number_;
  const std::shared_ptr<http_shared> shared_;
  runtime::part part_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  time_point now_;
  std::string date_;
  bool draining_ = false, ticking_ = true;
  std::vector<boost::intrusive_ptr<session>> sessions_;

  std::mutex mutex_;
  std::vector<errand> inbox_; // guarded by mutex_, as is ended_; at most one a request under way
  bool ended_ = false;
  std::vector<errand> running_;
  std::thread thread_;
};

} // namespace reenact::gateway
