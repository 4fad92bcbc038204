#include "tools/node/serve.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "gateway/gateway.hpp"
#include "persistence/open.hpp"
#include "persistence/views/view_file.hpp"
#include "tools/node/boot_id.hpp"
#include "tools/node/data_directory.hpp"
#include "tools/node/log.hpp"
#include "tools/node/metrics.hpp"
#include "tools/node/notifier.hpp"
#include "tools/node/port_holder.hpp"
#include "tools/node/stop_signal.hpp"

namespace reenact::tools {
namespace {

exit_code failed(const std::string& why) {
  spdlog::critical("{}", why);
  return exit_code::failed;
}

/// True if everything under way was answered in time.
bool drain(gateway::gateway& face, runtime::node& node, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  const auto left = [&] {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(end, now) - now);
  };
  const auto answered = face.drain(timeout);
  return node.drain(left()) && answered;
}

gateway::gateway_options gateway_options_of(const settings& with) {
  gateway::gateway_options how;
  const auto http = with.address("http.address"), admin = with.address("admin.address");
  how.http.host = http.host;
  how.http.port = http.port;
  how.cors_origins = parse_list(with.text("http.cors_origins"));
  how.admin.emplace();
  how.admin->host = admin.host;
  how.admin->port = admin.port;
  how.admin->threads = 1;
  how.admin->connections_max = 100;
  return how;
}

void say_ready(const gateway::gateway& face, const settings& with) {
  auto http = with.address("http.address"), admin = with.address("admin.address");
  http.port = face.port();
  admin.port = face.admin_port();
  const auto api = "http://" + to_string(http);
  std::cout << "ready http=" << to_string(http) << " admin=" << to_string(admin)
            << " pid=" << ::getpid() << "\n\nTry, in another terminal:\n"
            << "  curl -d '{\"name\":\"Waldorf Books\",\"location\":\"Ground floor, 7\"}' " << api
            << "/api/stores\n"
            << "  curl -d '{\"name\":\"Ada\",\"smsNumber\":\"555-1212\"}' " << api
            << "/api/customers\n"
            << "  curl " << api << "/api/stores\n"
            << "or open " << api << "/ in a browser. Ctrl-C ends the node.\n"
            << std::flush;
}

/// Everything between an open journal and a closed one.
exit_code serve_on(persistence::journal& journal, const settings& with, stop_signal& stop) {
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
  parts.views.path = views_in(with.text("data.directory"));
  parts.views.boot_id = boot_id();
  // Views that may be trusted are witnesses; the node would throw them away.
  if (auto whole = persistence::confirm_log_ends(parts.views.path, parts.views.boot_id, journal);
      !whole)
    return failed(whole.error().text);
  runtime::node node(shop, journal, time, random, std::move(parts));
  if (const auto started = node.start(); !started) return failed(started.error().text);
  const metrics measured(node, journal);
  auto how = gateway_options_of(with);
  how.metrics = [&] { return measured.text(); };
  auto face = gateway::gateway::start(node, std::move(how));
  if (const auto* why = std::get_if<std::string>(&face)) return failed(*why);
  auto& serving = *std::get<0>(face);
  say_ready(serving, with);

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
  for (const auto* key : {"http.address", "admin.address"})
    if (const auto mistake = mistake_at(with.address(key)); !mistake.empty())
      return failed(std::string(key) + ": " + mistake);
  const auto data = take_data_directory(with.text("data.directory"));
  if (!data) return failed(data.error().text);
  const auto shards = static_cast<std::uint32_t>(with.count("journal.shards"));
  auto journal = persistence::open(with.text("journal.url"), {.shards = shards});
  if (!journal) return failed(journal.error().text);

  const auto ended = serve_on(**journal, with, stop);
  const auto closed = (*journal)->close();
  if (!closed) return failed(closed.error().text);
  spdlog::info("stopped");
  return ended;
}

} // namespace reenact::tools
