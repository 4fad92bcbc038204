#include "tools/bench/shop_server.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include <spdlog/spdlog.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "gateway/gateway.hpp"
#include "persistence/open.hpp"
#include "tools/bench/view_lag.hpp"

namespace reenact::bench {
namespace {

/// Texts to customers arrive nowhere, at once.
class nowhere final : public runtime::port {
public:
  void deliver(runtime::delivery, way_home home) override { home(outcome::delivered, {}); }
  void close() override {}
};

} // namespace

void serve_shop(const std::string& directory, const std::vector<std::string>& watched_views,
                const std::function<void(std::uint16_t)>& listens_on,
                const std::function<void()>& wait_for_end) {
  spdlog::set_level(spdlog::level::warn);
  auto journal = persistence::open("rocksdb:" + directory + "/journal");
  if (!journal) std::fprintf(stderr, "%s\n", journal.error().text.c_str());
  if (!journal) return;
  model::registry types;
  mallbots::install(types);
  const runtime::system_clock time;
  runtime::system_entropy random;
  nowhere texts;
  runtime::node_options parts;
  parts.ports.emplace("notifier", &texts);
  parts.views.path = directory + "/views.sqlite"; // its CPU counts: views follow every command
  parts.views.boot_id = "bench";
  runtime::node node(types, **journal, time, random, std::move(parts));
  if (!node.start()) return;
  gateway::gateway_options how;
  how.http.port = 0;
  const auto face = gateway::gateway::start(node, how);
  std::atomic<bool> ended = false;
  std::vector<std::vector<double>> lags(watched_views.size());
  std::vector<std::thread> looking;
  for (std::size_t i = 0; i < watched_views.size(); ++i)
    looking.emplace_back([&, i] {
      lags[i] = view_lags(
          watched_views[i], [&] { return node.views(); }, [&] { return !ended; },
          std::chrono::milliseconds(5));
    });
  listens_on(std::get<0>(face)->port());
  wait_for_end();
  ended = true;
  for (auto& t : looking) t.join();
  for (std::size_t i = 0; i < watched_views.size(); ++i) {
    std::printf("%s under this load: ", watched_views[i].c_str());
    print_lags(lags[i]);
    std::printf("\n");
  }
  std::get<0>(face)->drain(std::chrono::seconds(5));
  node.stop();
  if (const auto closed = (*journal)->close(); !closed)
    std::fprintf(stderr, "%s\n", closed.error().text.c_str());
  std::fflush(stdout);
}

} // namespace reenact::bench
