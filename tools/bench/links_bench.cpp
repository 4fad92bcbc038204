#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors/runtime/caf_links.hpp"
#include "tools/bench/cpu.hpp"

/// Links between two processes over loopback, envelopes of 200 bytes: one way, and requests with
/// their answers, few and many at a time; without and with TLS. CPU is of each side, an envelope or
/// a request with its answer.
///
///   links_bench [plain|tls]     (default: both, one after the other)
using namespace reenact;
using namespace reenact::runtime;

namespace {

using steady = std::chrono::steady_clock;
constexpr std::uint64_t near = 1, far = 2;
constexpr std::size_t bytes = 200;
constexpr char asks = '?'; ///< first byte of an envelope that is to be answered

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "links_bench: %s\n", why.c_str());
  std::exit(1);
}

std::unique_ptr<caf_links> links_of(std::uint64_t incarnation, const tls_files& tls,
                                    link_listener& to) {
  caf_links_options how;
  how.incarnation = incarnation;
  how.tls = tls;
  auto made = caf_links::listen(how, to);
  if (!made) fail(made.error().text);
  return std::move(*made);
}

/// The other process: answers what asks.
class answering final : public link_listener {
public:
  void up(std::uint64_t /*peer*/) override {}
  void down(std::uint64_t /*peer*/, const std::string& /*why*/) override {}
  void received(std::uint64_t from, std::string_view envelope) override {
    if (envelope.front() == asks) (void)to->send(from, std::string(envelope));
  }
  links* to = nullptr;
};

[[noreturn]] void answer(int port_to, const tls_files& tls) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  answering heard;
  const auto made = links_of(far, tls, heard);
  heard.to = made.get();
  made->follow({{near, "127.0.0.1:1"}}); // which dials
  const auto port = made->port();
  if (::write(port_to, &port, sizeof port) != sizeof port) std::_Exit(1);
  for (;;) ::pause();
}

class asking final : public link_listener {
public:
  void up(std::uint64_t /*peer*/) override {
    change([&] { up_ = true; });
  }
  void down(std::uint64_t /*peer*/, const std::string& why) override {
    if (!ending) fail("down: " + why);
  }
  void received(std::uint64_t /*from*/, std::string_view envelope) override {
    if (left_.fetch_sub(1) > 0) return (void)to->send(far, std::string(envelope));
    if (open_.fetch_sub(1) == 1) change([&] { done_ = true; });
  }

  void wait_up() { wait(up_); }
  void wait_done() { wait(done_); }
  /// Sends `window` requests, and another for each answer, `total` in all.
  void ask(std::int64_t window, std::int64_t total) {
    left_ = total - window;
    open_ = window;
    done_ = false;
    std::string request(bytes, 'x');
    request.front() = asks;
    for (std::int64_t i = 0; i < window; ++i)
      if (!to->send(far, request)) fail("not sent");
    wait_done();
  }

  links* to = nullptr;
  std::atomic<bool> ending = false;

private:
  template <class What>
  void change(What what) {
    const std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }
  void wait(const bool& what) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return what; });
  }

  std::atomic<std::int64_t> left_ = 0, open_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = false, done_ = false;
};

double cpu_of(pid_t other) {
  clockid_t id = 0;
  timespec t{};
  if (::clock_getcpuclockid(other, &id) != 0 || ::clock_gettime(id, &t) != 0) return 0;
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

template <class Work>
void measure(const char* name, pid_t other, std::size_t total, Work work) {
  const auto cpu = bench::cpu_seconds(), cpu_there = cpu_of(other);
  const auto start = steady::now();
  work();
  const auto seconds = std::chrono::duration<double>(steady::now() - start).count();
  const auto each = [&](double used) { return used * 1e6 / double(total); };
  std::printf("%-34s %8.0f/s  %7.2f us each  CPU here %6.2f us, there %6.2f us\n", name,
              double(total) / seconds, each(seconds), each(bench::cpu_seconds() - cpu),
              each(cpu_of(other) - cpu_there));
}

void send_all(asking& heard, std::size_t total) {
  const std::string envelope(bytes, 'x');
  for (std::size_t i = 0; i < total; ++i)
    while (!heard.to->send(far, envelope))
      std::this_thread::sleep_for(std::chrono::microseconds(200)); // its outbox is full
  heard.ask(1, 1); // what was sent before it has arrived
}

/// In a process of its own: who forks after random numbers were drawn draws them again.
void run(const char* label, const tls_files& near_tls, const tls_files& far_tls) {
  if (const auto apart = ::fork(); apart > 0) {
    ::waitpid(apart, nullptr, 0);
    return;
  }
  int port_from[2];
  if (::pipe(port_from) != 0) fail("no pipe");
  const auto other = ::fork();
  if (other == 0) answer(port_from[1], far_tls);
  std::uint16_t port = 0;
  if (::read(port_from[0], &port, sizeof port) != sizeof port) fail("the other process is gone");
  asking heard;
  const auto made = links_of(near, near_tls, heard);
  heard.to = made.get();
  made->follow({{far, "127.0.0.1:" + std::to_string(port)}});
  heard.wait_up();
  const auto named = [&](const char* what) { return std::string(label) + ": " + what; };
  for (int round = 0; round < 3; ++round) {
    measure(named("one way").c_str(), other, 1'000'000, [&] { send_all(heard, 1'000'000); });
    measure(named("request, 1 at a time").c_str(), other, 20'000, [&] { heard.ask(1, 20'000); });
    measure(named("request, 100 at a time").c_str(), other, 500'000,
            [&] { heard.ask(100, 500'000); });
  }
  heard.ending = true;
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  std::_Exit(0);
}

} // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const std::string_view only = argc > 1 ? argv[1] : "";
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  spdlog::set_level(spdlog::level::warn);
  if (only.empty() || only == "plain") run("plain", {}, {});
  if (!only.empty() && only != "tls") return 0;
  const auto at = fs::temp_directory_path() / ("links_bench." + std::to_string(::getpid()));
  if (std::system((DEV_CA " " + at.string() + " a b >&2").c_str()) != 0) fail("no certificates");
  const auto files = [&](const std::string& name) {
    return tls_files{at / (name + ".pem"), at / (name + "-key.pem"), at / "ca.pem"};
  };
  run("TLS", files("a"), files("b"));
  fs::remove_all(at);
}
