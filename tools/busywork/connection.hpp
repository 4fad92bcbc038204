#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/value.hpp>

#include "tools/busywork/call.hpp"
#include "tools/busywork/tally.hpp"

namespace reenact::tools::busywork {

/// Why a work was given up. Thrown by what it awaits and caught by who began it, in this folder.
struct trouble : std::runtime_error {
  trouble(std::string what_kind, const std::string& text)
    : std::runtime_error(text),
      kind(std::move(what_kind)) {}
  std::string kind; ///< "400", "connection", "deadline"
};

/// Whom a connection leads to, and how much it puts up with.
struct place {
  std::string name; ///< HOST:PORT, for the header Host
  boost::asio::ip::tcp::resolver::results_type addresses;
  bool restarts_expected = false;
  std::string keys; ///< what this run's idempotency keys begin with; no other run's do
};

/// One kept-alive connection to the shop, opened when it is needed. What was not executed, or may
/// be executed again because it has a key, is repeated here; every change has a key.
class connection {
public:
  connection(boost::asio::io_context& loop, const place& to, std::uint64_t number, tally& seen);

  /// The body of an answer with status 200; throws trouble.
  boost::asio::awaitable<boost::json::value> ask(call what, std::string id = {},
                                                 std::string body = {});

private:
  using request = boost::beast::http::request<boost::beast::http::string_body>;
  using response = boost::beast::http::response<boost::beast::http::string_body>;
  using clock = std::chrono::steady_clock;

  request request_for(call what, const std::string& id, const std::string& body);
  boost::asio::awaitable<boost::system::error_code> open();
  boost::asio::awaitable<boost::system::error_code> exchange(const request& what, response& to);
  void close();

  /// How long to wait before it is sent again; none: what came is final.
  std::optional<std::chrono::milliseconds> repeats_in(boost::system::error_code broken,
                                                      const response& got, bool reused,
                                                      clock::duration waited);

  const place& to_;
  const std::uint64_t number_;
  tally& seen_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer rest_;
  boost::beast::flat_buffer read_;
  bool open_ = false;
  std::uint64_t changes_ = 0;
};

} // namespace reenact::tools::busywork
