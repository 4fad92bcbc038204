#include "tools/node/serve.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "gateway/gateway.hpp"
#include "persistence/open.hpp"
#include "persistence/views/view_file.hpp"
#include "tools/journal_options.hpp"
#include "tools/node/boot_id.hpp"
#include "tools/node/cluster.hpp"
#include "tools/node/data_directory.hpp"
#include "tools/node/log.hpp"
#include "tools/node/metrics.hpp"
#include "tools/node/notifier.hpp"
#include "tools/node/places.hpp"
#include "tools/node/stop_signal.hpp"

namespace reenact::tools {
namespace {

exit_code failed(const std::string& why) {
  spdlog::critical("{}", why);
  return exit_code::failed;
}

/// True if everything under way was answered in time.
bool drain(gateway::gateway& face, runtime::node& node, std::chrono::milliseconds timeout) {
  node.leave(); // the others take over while requests end
  const auto end = std::chrono::steady_clock::now() + timeout;
  const auto left = [&] {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(end, now) - now);
  };
  const auto answered = face.drain(timeout);
  return node.drain(left()) && answered;
}

gateway::gateway_options gateway_options_of(const settings& with, const places& at) {
  gateway::gateway_options how;
  how.http.host = at.http.host;
  how.http.port = at.http.port;
  how.cors_origins = parse_list(with.text("http.cors_origins"));
  how.admin.emplace();
  how.admin->host = at.admin.host;
  how.admin->port = at.admin.port;
  how.admin->threads = 1;
  how.admin->connections_max = 100;
  return how;
}

/// Until every shard can be reached, or somebody else has to see why not.
void await_others(const runtime::node& node) {
  constexpr std::chrono::milliseconds patience(10'000), look_each(5);
  for (auto waited = patience * 0; !node.ready().ready && waited < patience; waited += look_each)
    std::this_thread::sleep_for(look_each);
  for (const auto& what : node.ready().missing) spdlog::warn("not ready: {}", what);
}

void say_ready(const gateway::gateway& face, const places& at, bool of_several) {
  auto http = at.http, admin = at.admin;
  http.port = face.port();
  admin.port = face.admin_port();
  const auto api = "http://" + to_string(http);
  std::cout << "ready http=" << to_string(http) << " admin=" << to_string(admin)
            << " pid=" << ::getpid();
  if (of_several) std::cout << " node=" << to_string(at.node) << " name=" << at.name;
  std::cout << "\n\nTry, in another terminal:\n"
            << "  curl -d '{\"name\":\"Waldorf Books\",\"location\":\"Ground floor, 7\"}' " << api
            << "/api/stores\n"
            << "  curl -d '{\"name\":\"Ada\",\"smsNumber\":\"555-1212\"}' " << api
            << "/api/customers\n"
            << "  curl " << api << "/api/stores\n"
            << "or open " << api << "/ in a browser. Ctrl-C ends the node.\n"
            << std::flush;
}

/// Everything between an open journal and a closed one.
exit_code serve_on(persistence::journal& journal, const settings& with, const places& at,
                   stop_signal& stop) {
  const bool of_several = journal.about().shared;
  model::registry shop;
  if (with.yes("depot.auto_assign")) shop.enable("depot.auto_assign");
  mallbots::install(shop);
  shop.set("baskets.abandon_after", with.duration("baskets.abandon_after"));
  const runtime::system_clock time;
  runtime::system_entropy random;
  const auto notifier = make_notifier(with.url("notifications.webhook"), time);
  std::atomic<bool> broken = false;
  runtime::node_options parts;
  parts.fatal = [&](const std::string&) {
    broken = true; // the runtime has said why
    stop.interrupt();
  };
  parts.ports.emplace("notifier", notifier.get());
  if (has_role(with, "query")) parts.views.path = views_in(at.data);
  parts.views.boot_id = boot_id();
  if (of_several) parts.cluster = cluster_options_of(with, at);
  // Views that may be trusted are witnesses; the node would throw them away.
  if (auto whole = of_several ? persistence::done{}
                              : persistence::confirm_log_ends(parts.views.path, parts.views.boot_id,
                                                              journal);
      !whole)
    return failed(whole.error().text);
  runtime::node node(shop, journal, time, random, std::move(parts));
  if (const auto started = node.start(); !started) return failed(started.error().text);
  const metrics measured(node, journal);
  auto how = gateway_options_of(with, at);
  how.metrics = [&] { return measured.text(); };
  auto face = gateway::gateway::start(node, std::move(how));
  if (const auto* why = std::get_if<std::string>(&face)) return failed(*why);
  auto& serving = *std::get<0>(face);
  if (of_several) await_others(node);
  say_ready(serving, at, of_several);

  const auto* signal = stop.wait();
  if (broken) return exit_code::failed;
  spdlog::info("{}: finishing what was begun", signal);
  if (!drain(serving, node, with.duration("shutdown.timeout")))
    spdlog::warn("the shutdown timeout has passed: what was not answered is cut off");
  return broken ? exit_code::failed : exit_code::ok;
}

} // namespace

exit_code serve(const settings& with) {
  stop_signal stop;
  open_log(with.text("log.level"), with.text("log.format"));
  const auto at = take_places(with);
  if (!at) return failed(at.error().text);
  const auto how = journal_options(with);
  if (!how) return failed(how.error().text);
  auto journal = persistence::open(with.text("journal.url"), *how);
  if (!journal) return failed(journal.error().text);

  const auto ended = serve_on(**journal, with, *at, stop);
  const auto closed = (*journal)->close();
  if (!closed) return failed(closed.error().text);
  spdlog::info("stopped");
  return ended;
}

} // namespace reenact::tools
