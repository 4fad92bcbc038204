#include <iostream>

#include <CLI/CLI.hpp>

#include "tools/exit_code.hpp"
#include "tools/journal/journal.hpp"
#include "tools/node/node.hpp"

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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e); // --help, --version
    std::cerr << "mallbots: " << e.what() << " (mallbots --help)\n";
    code = exit_code::usage;
  }
  return static_cast<int>(code);
}
