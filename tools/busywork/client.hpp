#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tools/busywork/connection.hpp"
#include "tools/busywork/facts.hpp"
#include "tools/busywork/options.hpp"

namespace reenact::tools::busywork {

inline constexpr std::size_t facts_of_a_thing_max = 20'000; // of five things: in about 30 MB

/// What all clients of a run share. One thread, one loop.
struct mall {
  mall(const options& with, const place& where) : how(with), at(where) {}

  const options& how;
  const place& at;
  tally seen;
  facts known{facts_of_a_thing_max, how.seed};
  std::size_t stores_made = 0; ///< options::stores at most
  bool ending = false;         ///< no work is begun any more, and nobody pauses
  std::chrono::steady_clock::time_point next_turn{}; ///< when there is a rate
};

/// Somebody in the mall: a connection, chance, and patience between steps.
class client {
public:
  client(boost::asio::io_context& loop, mall& in, std::uint64_t number);

  mall& in() { return in_; }
  dice& chance() { return chance_; }

  /// Waits until the next work is due; false if none is.
  boost::asio::awaitable<bool> turn();
  /// What people need between two steps, as scaled; nothing when the run is ending.
  boost::asio::awaitable<void> pause();
  /// Waits that long, or until the run is ending.
  boost::asio::awaitable<void> rest(std::chrono::microseconds time);
  /// Waits that long, for something that the shop is about to do.
  boost::asio::awaitable<void> wait(std::chrono::milliseconds time);
  void hurry() { resting_.cancel(); }

  boost::asio::awaitable<boost::json::value> ask(call what, std::string id = {},
                                                 std::string body = {}) {
    return connection_.ask(what, std::move(id), std::move(body));
  }

private:
  mall& in_;
  dice chance_;
  connection connection_;
  boost::asio::steady_timer resting_, waiting_;
  const std::chrono::milliseconds jitter_; ///< this client's, between its works
  bool fresh_ = true;
};

/// A request's body of names and values. (As arguments: g++ 12 cannot keep a braced list alive over
/// a co_await.)
inline void put(boost::json::object&) {}
template <class Value, class... More>
void put(boost::json::object& to, const char* name, const Value& value, const More&... more) {
  to[name] = value;
  put(to, more...);
}
template <class... Parts>
std::string body_of(const Parts&... names_and_values) {
  boost::json::object all;
  put(all, names_and_values...);
  return boost::json::serialize(all);
}

/// A text of an answer; throws, as boost::json does, if it is not there.
inline std::string text(const boost::json::value& in, const char* name) {
  const auto& found = in.at(name).as_string();
  return {found.begin(), found.end()};
}

/// Money as the shop counts it, in 1/10000.
std::int64_t money(const boost::json::value& amount);
double amount(std::int64_t money);

} // namespace reenact::tools::busywork
