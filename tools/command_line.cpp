#include "tools/command_line.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace reenact::tools {
namespace {

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

void add_flag(CLI::App& to, const setting& row, std::map<std::string, std::string>& flags) {
  const std::string name(row.flag);
  const std::string group =
      row.reserved.empty() ? "Options" : "Reserved (later versions will use these)";
  auto* option =
      to.add_option_function<std::string>(
            name, [&flags, name](const std::string& text) { flags[name] = text; }, described(row))
          ->type_name(std::string(row.unit))
          ->take_last()
          ->group(group);
  if (row.what == setting::kind::yes_no) option->expected(0, 1)->default_str("true");
}

} // namespace

command_line::command_line(CLI::App& to, const std::vector<std::string_view>& keys) : app_(to) {
  app_.allow_extras(); // misplaced() tells more than CLI11 would
  app_.add_option("--config", config_,
                  "a TOML file with the keys that node --print-config shows [MALLBOTS_CONFIG]")
      ->type_name("FILE");
  for (const auto& row : settings_table())
    if (!row.flag.empty() &&
        (keys.empty() || std::find(keys.begin(), keys.end(), row.key) != keys.end()))
      add_flag(app_, row, flags_);
}

reading command_line::read() const {
  sources from{.flags = flags_, .environment = environment(), .file = {}};
  const auto variable = from.environment.find("MALLBOTS_CONFIG");
  if (!config_.empty())
    from.file = config_;
  else if (variable != from.environment.end() && !variable->second.empty())
    from.file = variable->second;
  auto all = read_settings(from);
  for (auto& mistake : misplaced()) all.mistakes.push_back(std::move(mistake));
  return all;
}

std::vector<std::string> command_line::misplaced() const {
  std::vector<std::string> flags, mistakes;
  for (const auto* option : app_.get_options()) flags.push_back("--" + option->get_single_name());
  for (const auto& word : app_.remaining())
    mistakes.push_back(word.starts_with('-')
                           ? "unknown flag " + word +
                                 did_you_mean(word.substr(0, word.find('=')), flags)
                           : "unexpected argument " + word);
  return mistakes;
}

bool without_mistakes(std::string_view program, const std::vector<std::string>& mistakes) {
  for (const auto& mistake : mistakes) std::cerr << program << ": " << mistake << "\n";
  return mistakes.empty();
}

} // namespace reenact::tools
