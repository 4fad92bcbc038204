#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "tools/settings.hpp"

namespace reenact::tools {

/// The flags of a subcommand that takes settings, and what was said with them.
class command_line {
public:
  /// Adds --config and a flag for each of these keys of the table; none named: for all.
  explicit command_line(CLI::App& to, const std::vector<std::string_view>& keys = {});

  /// Flags, environment and file together. What CLI11 could not place is a mistake, too.
  reading read() const;

private:
  std::vector<std::string> misplaced() const;

  CLI::App& app_;
  std::map<std::string, std::string> flags_; ///< "--http" -> "127.0.0.1:0"
  std::string config_;
};

/// Says each mistake on stderr; true if there was none.
bool without_mistakes(std::string_view program, const std::vector<std::string>& mistakes);

} // namespace reenact::tools
