#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/busywork/busywork.hpp"
#include "tools/exit_code.hpp"
#include "tools/journal/journal.hpp"
#include "tools/node/node.hpp"
#include "tools/settings.hpp"

namespace {

/// What is wrong with the words that should name a subcommand; CLI11 says the same of each mistake.
std::string mistake_in_subcommand(const CLI::App& app, const std::vector<std::string>& words,
                                  std::size_t at = 0) {
  std::vector<std::string> names;
  for (const auto* one : app.get_subcommands({})) names.push_back(one->get_name());
  const bool flag = at < words.size() && words[at].starts_with('-'); // --help, or CLI11's to judge
  if (names.empty() || flag) return {};
  if (at < words.size() && std::find(names.begin(), names.end(), words[at]) != names.end())
    return mistake_in_subcommand(*app.get_subcommand(words[at]), words, at + 1);
  if (at == words.size())
    return "a subcommand is missing" + reenact::tools::did_you_mean("", names);
  return "unknown subcommand " + words[at] + reenact::tools::did_you_mean(words[at], names);
}

} // namespace

/// The one program; each subcommand has its folder in tools/ and sets the exit code.
int main(int argc, char** argv) {
  using namespace reenact::tools;
  CLI::App app{"MallBots: a shop on the Reenact actor runtime"};
  app.set_version_flag("--version", "mallbots " MALLBOTS_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  auto code = exit_code::ok;
  add_node(app, code);
  add_journal(app, code);
  add_busywork(app, code);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (const auto mistake = mistake_in_subcommand(app, words); !mistake.empty()) {
    std::cerr << "mallbots: " << mistake << " (mallbots --help)\n";
    return static_cast<int>(exit_code::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e); // --help, --version
    std::cerr << "mallbots: " << e.what() << " (mallbots --help)\n";
    code = exit_code::usage;
  }
  return static_cast<int>(code);
}
