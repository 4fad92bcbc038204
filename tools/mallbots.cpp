#include <CLI/CLI.hpp>

/// The one program; each subcommand has its folder in tools/.
int main(int argc, char** argv) {
  CLI::App app{"MallBots: a shop on the Reenact actor runtime"};
  app.set_version_flag("--version", "mallbots " MALLBOTS_VERSION);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
