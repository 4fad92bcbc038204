#include "tools/busywork/client.hpp"

#include <algorithm>
#include <cmath>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace reenact::tools::busywork {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
namespace asio = boost::asio;

constexpr std::uint64_t pause_ms_least = 500, pause_ms_most = 2'000;
constexpr auto between_works = 8'000ms;
constexpr std::uint64_t jitter_ms_max = 3'000;
constexpr auto arrears_max = 1s;
constexpr double money_units = 10'000;

/// When the rate lets the next work begin. What was missed is caught up, but not for longer than
/// arrears_max: a shop that stood still is not run over afterwards.
std::chrono::steady_clock::time_point take_turn(mall& in) {
  const auto now = std::chrono::steady_clock::now();
  const auto at = std::max(in.next_turn, now - arrears_max);
  in.next_turn = at + std::chrono::nanoseconds(1s) / in.how.rate;
  return at;
}

} // namespace

client::client(asio::io_context& loop, mall& in, std::uint64_t number)
  : in_(in),
    chance_(in.how.seed, number + 1),
    connection_(loop, in.at, number, in.seen),
    resting_(loop),
    waiting_(loop),
    jitter_(chance_.below(jitter_ms_max)) {}

asio::awaitable<bool> client::turn() {
  if (in_.how.rate > 0) {
    const auto left = take_turn(in_) - std::chrono::steady_clock::now();
    co_await rest(std::chrono::duration_cast<microseconds>(left));
  } else if (!std::exchange(fresh_, false)) {
    const std::chrono::duration<double, std::milli> scaled =
        in_.how.pause * (between_works + jitter_);
    co_await rest(std::chrono::duration_cast<microseconds>(scaled));
  }
  co_return !in_.ending;
}

asio::awaitable<void> client::pause() {
  const auto ms = static_cast<double>(chance_.between(pause_ms_least, pause_ms_most));
  const std::chrono::duration<double, std::milli> scaled(in_.how.pause * ms);
  return rest(std::chrono::duration_cast<microseconds>(scaled));
}

asio::awaitable<void> client::rest(microseconds time) {
  if (in_.ending || time <= 0us) co_return;
  boost::system::error_code hurried;
  resting_.expires_after(time);
  co_await resting_.async_wait(asio::redirect_error(asio::use_awaitable, hurried));
}

asio::awaitable<void> client::wait(std::chrono::milliseconds time) {
  waiting_.expires_after(time);
  co_await waiting_.async_wait(asio::use_awaitable);
}

std::int64_t money(const boost::json::value& amount) {
  return std::llround(amount.to_number<double>() * money_units);
}

double amount(std::int64_t money) { return static_cast<double>(money) / money_units; }

} // namespace reenact::tools::busywork
