#include "tools/node/node.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <string>

#include <unistd.h>

#include "tools/node/serve.hpp"
#include "tools/settings.hpp"

namespace reenact::tools {
namespace {

/// What the command line said.
struct arguments {
  std::map<std::string, std::string> flags; ///< "--http" -> "127.0.0.1:0"
  std::string config;
  bool print_config = false;
};

/// What CLI11 could not place, in our words.
std::vector<std::string> misplaced(const std::vector<std::string>& rest) {
  std::vector<std::string> flags = {"--config", "--print-config", "--help"}, mistakes;
  for (const auto& row : settings_table()) flags.emplace_back(row.flag);
  for (const auto& word : rest)
    mistakes.push_back(word.starts_with('-') ? "unknown flag " + word + did_you_mean(word, flags)
                                             : "unexpected argument " + word);
  return mistakes;
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      all.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return all;
}

std::string described(const setting& row) {
  auto text = std::string(row.help);
  if (!row.choices.empty()) {
    text += " (";
    for (const auto choice : row.choices)
      text += (choice == row.choices.front() ? "" : "|") + std::string(choice);
    text += ")";
  }
  if (!row.fallback.empty()) text += "; default " + std::string(row.fallback);
  return text + " [" + variable_of(row) + "]";
}

void add_flag(CLI::App& node, const setting& row, const std::shared_ptr<arguments>& given) {
  const std::string name(row.flag);
  const auto* group = row.reserved.empty() ? "Options" : "Reserved (later versions will use these)";
  if (row.what == setting::kind::yes_no) {
    node.add_flag_function(
            name, [given, name](std::int64_t) { given->flags[name] = "true"; }, described(row))
        ->group(group);
    return;
  }
  node.add_option_function<std::string>(
          name, [given, name](const std::string& text) { given->flags[name] = text; },
          described(row))
      ->type_name(std::string(row.unit))
      ->take_last()
      ->group(group);
}

exit_code run(const arguments& given, const std::vector<std::string>& rest) {
  sources from{.flags = given.flags, .environment = environment()};
  const auto config = from.environment.find("MALLBOTS_CONFIG");
  if (!given.config.empty())
    from.file = given.config;
  else if (config != from.environment.end() && !config->second.empty())
    from.file = config->second;

  auto read = read_settings(from);
  for (auto& mistake : misplaced(rest)) read.mistakes.push_back(std::move(mistake));
  if (given.print_config && read.mistakes.empty()) {
    std::cout << print(read.values);
    return exit_code::ok;
  }
  if (read.mistakes.empty()) read.mistakes = unavailable(read.values);
  for (const auto& mistake : read.mistakes) std::cerr << "mallbots node: " << mistake << "\n";
  return read.mistakes.empty() ? serve(read.values) : exit_code::usage;
}

} // namespace

void add_node(CLI::App& app, exit_code& code) {
  auto* node = app.add_subcommand("node", "Run a node in the foreground until SIGTERM or SIGINT");
  node->allow_extras(); // misplaced() tells more than CLI11 would
  const auto given = std::make_shared<arguments>();
  node->add_option("--config", given->config,
                   "a TOML file with the keys that --print-config shows [MALLBOTS_CONFIG]")
      ->type_name("FILE");
  node->add_flag("--print-config", given->print_config,
                 "print every value and where it comes from, then exit");
  for (const auto& row : settings_table()) add_flag(*node, row, given);
  node->footer("A flag beats a variable, which beats the file, which beats the default.\n" +
               std::string(exit_codes));
  node->callback([given, node, &code] { code = run(*given, node->remaining()); });
}

} // namespace reenact::tools
