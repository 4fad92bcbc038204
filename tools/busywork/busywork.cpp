#include "tools/busywork/busywork.hpp"

#include <exception>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tools/busywork/check.hpp"
#include "tools/busywork/options.hpp"
#include "tools/busywork/report.hpp"
#include "tools/busywork/run.hpp"
#include "tools/command_line.hpp"

namespace reenact::tools {
namespace {

using namespace busywork;

std::uint64_t drawn() {
  std::random_device random;
  return random() | std::uint64_t(random()) << 32U;
}

exit_code failed(const std::string& why, output as) {
  if (as == output::json)
    std::cout << boost::json::serialize(boost::json::object{{"error", why}}) << "\n";
  std::cerr << "mallbots busywork: " << why << "\n";
  return exit_code::failed;
}

/// Why nobody can be busy there; empty when the shop answers.
std::string mistake_in(const place& at) {
  boost::asio::io_context loop(1);
  tally unread;
  connection first(loop, at, clients_max, unread);
  std::string why;
  boost::asio::co_spawn(loop, first.ask(call::get_stores),
                        [&](const std::exception_ptr& how, const boost::json::value&) {
                          try {
                            if (how) std::rethrow_exception(how);
                          } catch (const std::exception& e) {
                            why = e.what();
                          }
                        });
  loop.run();
  return why.empty() ? "" : "no shop at " + at.name + ": " + why;
}

exit_code keep_busy(const options& how) {
  boost::asio::io_context loop(1);
  boost::system::error_code unknown;
  place at{.name = to_string(how.host), .restarts_expected = how.restarts_expected};
  at.keys = "busywork-" + std::to_string(drawn());
  at.addresses = boost::asio::ip::tcp::resolver(loop).resolve(
      how.host.host, std::to_string(how.host.port), unknown);
  if (unknown) return failed(at.name + ": " + unknown.message(), how.as);
  if (const auto why = mistake_in(at); !why.empty()) return failed(why, how.as);

  mall in(how, at);
  result all{.how = how, .seen = in.seen};
  all.took = run(in);
  if (how.as == output::text) summarize(all, std::cout);
  all.found = check(in.known.all(), at, how.clients);
  const auto code = conclude(all, std::cout);
  if (!std::cout.flush()) return failed("cannot write all of it to stdout", how.as);
  if (code != exit_code::ok)
    std::cerr << "mallbots busywork: " << in.seen.errors << " errors, " << all.found.different
              << " answers differ from what was answered before\n";
  return code;
}

exit_code run_with(const words_given& given) {
  const auto wanted = read(given, drawn());
  if (!without_mistakes("mallbots busywork", wanted.mistakes)) return exit_code::usage;
  return keep_busy(wanted.how);
}

constexpr auto footer =
    "Each client does one piece of work after the other: half is shopping (a quarter of it ends in "
    "a purchase, which is\nfollowed until its order is completed), the rest registers customers, "
    "sets up stores, adds products and renames\nwhat this run made. At the end, or at Ctrl-C, it "
    "asks again for what it was answered (100,000 facts at most) and\ncompares. A request that is "
    "refused, broken off or too late is an error; one that the shop asks to repeat later\n(429, "
    "503 with Retry-After) is not.\nOne error or one difference, and it ends with 1.\n";

} // namespace

void add_busywork(CLI::App& app, exit_code& code) {
  auto* command =
      app.add_subcommand("busywork", "Keep a shop busy and see whether it keeps its word");
  const auto given = std::make_shared<words_given>();
  const auto option = [&](const char* flag, std::string& to, const char* unit, const char* help) {
    command->add_option(flag, to, help)->type_name(unit)->take_last();
  };
  option("--clients", given->clients, "COUNT", "clients at once, 1 to 1000; default 5");
  option("--host", given->host, "HOST:PORT", "where the shop is; default localhost:8080");
  option("--duration", given->duration, "TIME", "how long, as 10m; default until Ctrl-C");
  option("--rate", given->rate, "COUNT",
         "works begun a second over all clients, at most; default 0: as the pauses say");
  option("--pause", given->pause, "FACTOR",
         "scales the pauses: 0.5-2 s between steps and 8-11 s between works; 0: none; default 1");
  option("--seed", given->seed, "NUMBER", "repeats a run's choices; default another each time");
  option("--stores", given->stores, "COUNT", "sets up so many at most, 1 to 1000; default 100");
  command->add_flag("--restarts-expected", given->restarts_expected,
                    "nodes are killed: repeat what was broken off, for 60 s");
  option("--output", given->format, "FORMAT", "text|json; default text");
  command->footer(footer + std::string(exit_codes));
  command->callback([given, &code] { code = run_with(*given); });
}

} // namespace reenact::tools
