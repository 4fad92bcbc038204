#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/exchange.hpp"
#include "gateway/http_options.hpp"
#include "gateway/io_thread.hpp"

namespace reenact::gateway {

/// An HTTP/1.1 server: a listening socket and I/O threads, each with its own loop and sessions. The
/// handler is called on the thread of the session and owes one answer to each exchange, now or
/// later. Bounds are in http_options. Started, drained and destroyed by its owner; the rest is safe
/// from any thread.
class http_server {
public:
  using handler = std::function<void(exchange)>;

  /// Listens, or says why it cannot.
  static std::variant<std::unique_ptr<http_server>, std::string> start(http_options options,
                                                                       handler handle);
  /// Breaks off what is still open; drain first.
  ~http_server();

  std::uint16_t port() const { return port_; }
  unsigned threads() const { return static_cast<unsigned>(threads_.size()); }
  std::size_t connections() const { return shared_->connections; }
  /// Less than the option says where the system allows no more.
  std::size_t connections_max() const { return shared_->options.connections_max; }
  std::uint64_t requests() const;
  std::uint64_t bytes_in() const;
  /// Answers with a status of `hundreds` hundred and something.
  std::uint64_t answers(std::size_t hundreds) const;

  /// Accepts no more, lets requests under way finish and says `Connection: close` in their answers.
  /// A connection that idles is closed when nothing has come on it for `drain_time`, because a
  /// client cannot know whether a request was taken that it sent into a closing one. After
  /// `patience` what is left is broken off. True if nothing had to be. May be called again.
  bool drain(std::chrono::milliseconds patience);

  /// Makes every thread look at the clock, and returns when it has. For tests that own the clock.
  void tick();

private:
  using acceptor = boost::asio::ip::tcp::acceptor;
  using stream_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                         boost::asio::io_context::executor_type>;

  http_server(http_options options, handler handle);
  std::string listen();
  void accept();
  void accept_later();
  void take(stream_socket s, const std::shared_ptr<io_thread>& home);
  void everywhere(const std::function<void(io_thread&)>& f);
  void stop();

  std::shared_ptr<http_shared> shared_;
  std::vector<std::shared_ptr<io_thread>> threads_;
  std::optional<acceptor> acceptor_; // this, retry_ and next_ belong to the first thread
  std::optional<boost::asio::steady_timer> retry_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable all_closed_;
  bool stopped_ = false;
};

} // namespace reenact::gateway
