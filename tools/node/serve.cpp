#include "tools/node/serve.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "persistence/open.hpp"
#include "tools/node/data_directory.hpp"
#include "tools/node/log.hpp"
#include "tools/node/port_holder.hpp"
#include "tools/node/stop_signal.hpp"

namespace reenact::tools {
namespace {

exit_code failed(const std::string& why) {
  spdlog::critical("{}", why);
  return exit_code::failed;
}

/// Everything between an open journal and a closed one.
exit_code serve_on(persistence::journal& journal, const settings& with, stop_signal& stop) {
  model::registry shop;
  mallbots::install(shop);
  const runtime::system_clock time;
  runtime::system_entropy random;
  std::atomic<bool> broken = false;
  runtime::node node(shop, journal, time, random, {.fatal = [&](const std::string&) {
                       broken = true; // the runtime has said why
                       ::kill(::getpid(), SIGTERM);
                     }});
  if (const auto started = node.start(); !started) return failed(started.error().text);

  const auto* signal = stop.wait();
  if (broken) return exit_code::failed;
  spdlog::info("{}: finishing what was begun", signal);
  const auto all = node.drain(with.duration("shutdown.timeout"));
  if (!all) spdlog::warn("the shutdown timeout cut off unanswered requests");
  node.stop();
  return exit_code::ok;
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
