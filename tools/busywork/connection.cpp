#include "tools/busywork/connection.hpp"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>

#include "tools/units.hpp"

namespace reenact::tools::busywork {
namespace {

using namespace std::chrono_literals;
namespace http = boost::beast::http;
namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto answer_time = 40s; // a node answers within 30 s, if only that it did not
constexpr auto push_back_time = 30s;
constexpr auto restart_time = 60s;
constexpr auto between_attempts = 100ms;
constexpr std::uint64_t retry_after_s_max = 10;
constexpr std::uint64_t body_bytes_max = 64U << 20U;

/// What an error says of itself; the whole body when it is not the shop's.
std::string message_of(const std::string& body) {
  error_code how;
  const auto json = boost::json::parse(body, how);
  if (how || !json.is_object()) return body.substr(0, 200);
  const auto* message = json.as_object().if_contains("message");
  return message != nullptr && message->is_string() ? std::string(message->get_string())
                                                    : body.substr(0, 200);
}

} // namespace

connection::connection(asio::io_context& loop, const place& to, std::uint64_t number, tally& seen)
  : to_(to),
    number_(number),
    seen_(seen),
    stream_(loop),
    rest_(loop) {}

asio::awaitable<boost::json::value> connection::ask(call what, std::string id, std::string body) {
  const auto asked = request_for(what, id, body);
  const auto begun = clock::now();
  for (;;) {
    const bool reused = open_;
    response got;
    const auto broken = co_await exchange(asked, got);
    if (!broken) ++seen_.requests;
    const auto waited = clock::now() - begun;
    if (const auto pause = repeats_in(broken, got, reused, waited)) {
      rest_.expires_after(*pause);
      co_await rest_.async_wait(asio::use_awaitable);
      continue;
    }
    if (broken) throw trouble("connection", name_of(what) + ": " + broken.message());
    if (got.result() != http::status::ok)
      throw trouble(std::to_string(got.result_int()),
                    name_of(what) + ": " + message_of(got.body()));
    seen_.answered(what, std::chrono::duration_cast<std::chrono::microseconds>(waited));
    co_return boost::json::parse(got.body());
  }
}

connection::request connection::request_for(call what, const std::string& id,
                                            const std::string& body) {
  request made(route_of(what).verb, target_of(what, id), 11);
  made.set(http::field::host, to_.name);
  if (made.method() != http::verb::get) {
    made.set("Idempotency-Key",
             to_.keys + "-" + std::to_string(number_) + "-" + std::to_string(++changes_));
    made.set(http::field::content_type, "application/json");
    made.body() = body;
  }
  made.prepare_payload();
  return made;
}

asio::awaitable<error_code> connection::open() {
  error_code how;
  co_await stream_.async_connect(to_.addresses, asio::redirect_error(asio::use_awaitable, how));
  if (!how) stream_.socket().set_option(asio::ip::tcp::no_delay(true), how);
  open_ = !how;
  co_return how;
}

asio::awaitable<error_code> connection::exchange(const request& what, response& to) {
  stream_.expires_after(answer_time);
  error_code how;
  if (!open_) how = co_await open();
  http::response_parser<http::string_body> parser;
  parser.body_limit(body_bytes_max);
  if (!how)
    co_await http::async_write(stream_, what, asio::redirect_error(asio::use_awaitable, how));
  if (!how)
    co_await http::async_read(stream_, read_, parser,
                              asio::redirect_error(asio::use_awaitable, how));
  if (how || !parser.get().keep_alive()) close();
  if (!how) to = parser.release();
  co_return how;
}

void connection::close() {
  error_code ignored; // it is of no use any more, however it ends
  stream_.socket().close(ignored);
  read_.clear();
  open_ = false;
}

std::optional<std::chrono::milliseconds> connection::repeats_in(error_code broken,
                                                                const response& got, bool reused,
                                                                clock::duration waited) {
  if (broken) {
    // The shop may close a connection that has long been idle at the very moment it is used again.
    const bool stale = reused && broken != boost::beast::error::timeout;
    if (!stale && (!to_.restarts_expected || waited >= restart_time)) return {};
    ++seen_.reconnected;
    return stale ? 0ms : std::chrono::milliseconds(between_attempts);
  }
  const auto status = got.result_int();
  const auto retry_after = parse_count(got[http::field::retry_after]);
  if ((status == 503 || status == 429) && retry_after && *retry_after <= retry_after_s_max &&
      waited < (to_.restarts_expected ? restart_time : push_back_time)) {
    ++seen_.pushed_back;
    return std::chrono::seconds(*retry_after);
  }
  // A node that is going down, or has just taken over, may not know what became of a command.
  if ((status == 503 || status == 504) && to_.restarts_expected && waited < restart_time) {
    ++seen_.reconnected;
    return between_attempts;
  }
  return {};
}

} // namespace reenact::tools::busywork
