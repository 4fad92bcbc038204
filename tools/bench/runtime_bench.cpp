#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <caf/make_counted.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "persistence/open.hpp"
#include "tools/bench/cpu.hpp"

/// Entities in process, without HTTP: durable commands of 64 callers on many entities and on one
/// hot one, queries, cold entities, and the memory of resident ones. Callers are a closed loop on
/// one thread that runs entities in place, as an I/O thread does. The bound of the durable rows is
/// journal_bench's bare batch; the rows without a disk show what the actors cost alone.
///
///   runtime_bench [memory|durable|cold|resident]     (default: all, one after the other)
using namespace reenact;
using namespace reenact::runtime;
using namespace customerspb;

namespace {

using reenact::bench::cpu_seconds;

using steady = std::chrono::steady_clock;
constexpr std::size_t callers = 64;
constexpr std::size_t entities = 10'000;

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Answers come home here, from the writer's thread and in place.
class home {
public:
  void arrived(std::size_t caller, answer::kind how) {
    if (how != answer::kind::accepted) ++failed_;
    std::lock_guard lock(mutex_);
    ready_.push_back(caller);
    if (ready_.size() == 1) wake_.notify_one();
  }

  std::vector<std::size_t> wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return !ready_.empty(); });
    return std::exchange(ready_, {});
  }

  std::size_t failed() const { return failed_; }

private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::size_t> ready_;
  std::atomic<std::size_t> failed_{0};
};

class bench_call final : public call {
public:
  bench_call(home& to, std::size_t caller) : home_(to), caller_(caller) {}

private:
  void finished() noexcept override { home_.arrived(caller_, result.what); }

  home& home_;
  const std::size_t caller_;
};

struct world {
  explicit world(const std::string& url, bounds limits = {}) {
    mallbots::install(types);
    auto opened = persistence::open(url);
    if (!opened) fail(opened.error().text);
    journal = std::move(*opened);
    live = std::make_unique<node>(types, *journal, time, random, node_options{.limits = limits});
    if (!live->start()) fail("the node does not start");
  }
  ~world() {
    live->stop();
    (void)journal->close();
  }

  [[noreturn]] static void fail(const std::string& why) {
    std::fprintf(stderr, "runtime_bench: %s\n", why.c_str());
    std::exit(1);
  }

  template <class Request>
  void send(home& to, std::size_t caller, const std::string& entity, const Request& request,
            bool fresh = false) {
    const auto target = types.find(Request::descriptor());
    auto c = caf::make_counted<bench_call>(to, caller);
    c->type = target.aggregate;
    c->request_type = target.request;
    c->request = std::make_unique<Request>(request);
    c->result.response = response_to(request);
    c->entity = entity;
    c->fresh = fresh;
    c->id = random_uuid(random);
    c->deadline = time.now() + std::chrono::minutes(1);
    live->submit(std::move(c));
  }

  static std::unique_ptr<any_message> response_to(const ChangeSmsNumberRequest&) {
    return std::make_unique<ChangeSmsNumberResponse>();
  }
  static std::unique_ptr<any_message> response_to(const RegisterCustomerRequest&) {
    return std::make_unique<RegisterCustomerResponse>();
  }
  static std::unique_ptr<any_message> response_to(const GetCustomerRequest&) {
    return std::make_unique<GetCustomerResponse>();
  }

  reenact::model::registry types;
  system_clock time;
  system_entropy random;
  std::unique_ptr<persistence::journal> journal;
  std::unique_ptr<node> live;
};

/// 64 callers; `send(caller, n)` starts the n-th command. Prints rate, latency and CPU.
void loop(const char* name, std::size_t total,
          const std::function<void(home&, std::size_t, std::size_t)>& send) {
  home answers;
  std::vector<steady::time_point> begun(callers);
  std::vector<double> took;
  took.reserve(total);
  const auto cpu = cpu_seconds();
  const auto start = steady::now();
  std::size_t sent = 0;
  const auto next = [&](std::size_t caller) {
    if (sent == total) return;
    begun[caller] = steady::now();
    send(answers, caller, sent++);
  };
  for (std::size_t c = 0; c < callers; ++c) next(c);
  while (took.size() < total)
    for (const auto caller : answers.wait()) {
      took.push_back(
          std::chrono::duration<double, std::micro>(steady::now() - begun[caller]).count());
      next(caller);
    }
  const auto seconds = std::chrono::duration<double>(steady::now() - start).count();
  const auto used = cpu_seconds() - cpu;
  std::ranges::sort(took);
  std::printf("%-34s %8.0f/s  %6.2f us CPU  p50 %6.0f us  p99 %6.0f us%s\n", name,
              double(total) / seconds, used * 1e6 / double(total), took[total / 2],
              took[total * 99 / 100], answers.failed() > 0 ? "  FAILED SOME" : "");
}

std::string customer(std::size_t n) { return "customer-" + std::to_string(n); }

RegisterCustomerRequest registration() {
  RegisterCustomerRequest r;
  r.set_name("Ada Lovelace");
  r.set_sms_number("555-1212");
  return r;
}

ChangeSmsNumberRequest change() {
  ChangeSmsNumberRequest r;
  r.set_sms_number("555-9999");
  return r;
}

void durable(const std::string& url, const char* label) {
  world w(url);
  io_unit unit(w.live->system());
  std::mt19937 dice(1);
  const auto named = [&](const char* what) { return std::string(label) + ": " + what; };
  loop(named("create").c_str(), entities * 10, [&](home& to, std::size_t c, std::size_t n) {
    w.send(to, c, customer(n), registration(), true);
  });
  for (int round = 0; round < 3; ++round) {
    loop(named("change, 10,000 entities").c_str(), 200'000,
         [&](home& to, std::size_t c, std::size_t) {
           w.send(to, c, customer(dice() % entities), change());
         });
    loop(named("change, one hot entity").c_str(), 200'000,
         [&](home& to, std::size_t c, std::size_t) { w.send(to, c, customer(7), change()); });
    loop(named("query").c_str(), 400'000, [&](home& to, std::size_t c, std::size_t) {
      w.send(to, c, customer(dice() % entities), GetCustomerRequest());
    });
  }
}

/// Entities with three events, each started by a query.
void cold(const std::string& url) {
  {
    world w(url);
    io_unit unit(w.live->system());
    loop("cold: create", entities * 10, [&](home& to, std::size_t c, std::size_t n) {
      w.send(to, c, customer(n), registration(), true);
    });
    loop("cold: change twice", entities * 20, [&](home& to, std::size_t c, std::size_t n) {
      w.send(to, c, customer(n % (entities * 10)), change());
    });
  }
  world w(url);
  io_unit unit(w.live->system());
  loop("cold entities, a query each", entities * 10, [&](home& to, std::size_t c, std::size_t n) {
    w.send(to, c, customer(n), GetCustomerRequest());
  });
}

void residents(const std::string& url) {
  constexpr std::size_t million = 1'000'000;
  world w(url, {.resident_max = 2 * million, .idle_sweeps = 1'000}); // nobody leaves
  io_unit unit(w.live->system());
  const auto before = resident_bytes();
  loop("create 1M", million, [&](home& to, std::size_t c, std::size_t n) {
    w.send(to, c, "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + n), registration(),
           true);
  });
  const auto bytes = resident_bytes() - before;
  std::printf("%-34s %8.0f bytes each, %.2f GiB (bound: 2 GiB); %zu resident\n",
              "resident entities", double(bytes) / million, double(bytes) / (1U << 30U),
              w.live->resident());
}

} // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const std::string_view only = argc > 1 ? argv[1] : "";
  const auto wanted = [&](std::string_view part) { return only.empty() || only == part; };
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto at = fs::temp_directory_path() / ("runtime_bench." + std::to_string(::getpid()));
  const auto url = [&](const char* name) { return "rocksdb:" + (at / name).string(); };
  if (wanted("memory")) durable("memory:", "no disk");
  if (wanted("durable")) durable(url("a"), "durable");
  if (wanted("cold")) cold(url("b"));
  if (wanted("resident")) residents(url("c"));
  fs::remove_all(at);
}
