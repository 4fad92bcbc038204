#include "tools/node/node.hpp"

#include <iostream>
#include <memory>
#include <string>

#include "tools/command_line.hpp"
#include "tools/node/serve.hpp"

namespace reenact::tools {
namespace {

exit_code run(const command_line& given, bool only_print) {
  const auto read = given.read();
  if (!without_mistakes("mallbots node", read.mistakes)) return exit_code::usage;
  if (only_print) {
    std::cout << print(read.values);
    return exit_code::ok;
  }
  return without_mistakes("mallbots node", unavailable(read.values)) ? serve(read.values)
                                                                     : exit_code::usage;
}

} // namespace

void add_node(CLI::App& app, exit_code& code) {
  auto* node = app.add_subcommand("node", "Run a node in the foreground until SIGTERM or SIGINT");
  const auto given = std::make_shared<command_line>(*node);
  const auto only_print = std::make_shared<bool>(false);
  node->add_flag("--print-config", *only_print,
                 "print every value and where it comes from, then exit");
  node->footer(
      "SIGTERM, SIGINT and SIGQUIT: it finishes what it has begun, for shutdown.timeout at most; a "
      "second one ends it at once.\nA flag beats a variable, which beats the file, which beats the "
      "default.\n" +
      std::string(exit_codes));
  node->callback([given, only_print, &code] { code = run(*given, *only_print); });
}

} // namespace reenact::tools
