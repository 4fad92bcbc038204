#include "tools/busywork/run.hpp"

#include <csignal>
#include <deque>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>

#include "tools/busywork/business.hpp"
#include "tools/busywork/live_line.hpp"

namespace reenact::tools::busywork {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto after_trouble = 1s; // or clients without pauses would run over a shop that is down

/// Everything of a run that ends with it.
struct shift {
  explicit shift(mall& of) : in(of) {}

  mall& in;
  asio::io_context loop{1};
  std::deque<client> clients;
  std::size_t at_work = 0;
  asio::signal_set signals{loop, SIGINT, SIGTERM};
  asio::steady_timer closing{loop}, speaking{loop};
  live_line line;
};

void end(shift& s) {
  s.in.ending = true;
  s.signals.clear(); // from now on they do what they always do
  s.signals.cancel();
  s.closing.cancel();
  for (auto& one : s.clients) one.hurry();
}

void speak(shift& s) {
  s.speaking.expires_after(s.line.interval());
  s.speaking.async_wait([&s](error_code ended) {
    if (ended) return;
    s.line.say(s.in.seen);
    speak(s);
  });
}

asio::awaitable<void> work_until_end(shift& s, client& me) {
  while (co_await me.turn()) {
    const auto what = choose(me.chance());
    try {
      co_await go(me, what);
      ++s.in.seen.done[static_cast<std::size_t>(what)];
      continue;
    } catch (const trouble& why) {
      s.in.seen.fail(why.kind, why.what());
    } catch (const std::exception& why) {
      s.in.seen.fail("answer", why.what());
    }
    co_await me.rest(after_trouble);
  }
  if (--s.at_work > 0) co_return;
  end(s);
  s.speaking.cancel();
}

} // namespace

std::chrono::duration<double> run(mall& in) {
  shift s(in);
  const auto begun = in.next_turn = std::chrono::steady_clock::now();
  s.signals.async_wait([&s](error_code cleared, int) {
    if (!cleared) end(s);
  });
  if (in.how.duration) {
    s.closing.expires_after(*in.how.duration);
    s.closing.async_wait([&s](error_code ended) {
      if (!ended) end(s);
    });
  }
  speak(s);
  for (std::uint64_t i = 0; i < in.how.clients; ++i) {
    s.clients.emplace_back(s.loop, in, i);
    ++s.at_work;
    asio::co_spawn(s.loop, work_until_end(s, s.clients.back()), asio::detached);
  }
  s.loop.run();
  return std::chrono::steady_clock::now() - begun;
}

} // namespace reenact::tools::busywork
