#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/units.hpp"

/// What can be set, said once: tools/settings_table.cpp. Flag beats environment beats file beats
/// default; every value knows where it came from. Read at start, on the main thread.
namespace reenact::tools {

/// One row of the table.
struct setting {
  enum class kind { text, path, address, url, journal, duration, count, choice, choices, yes_no };

  std::string_view key; ///< "http.address": `address` under `[http]` in a file
  std::string_view
      flag; ///< "--http"; its variable is MALLBOTS_ and the key: MALLBOTS_HTTP_ADDRESS.
            ///< Empty for what others could read in the list of processes.
  kind what = kind::text;
  std::string_view fallback; ///< the default, written as a user would
  std::string_view unit;     ///< "HOST:PORT": what help shows for the value
  std::string_view help;
  std::vector<std::string_view> choices; ///< of a choice or choices
  std::string_view reserved;             ///< why it has no effect yet; empty for what works
  std::string_view most;                 ///< of a count, which begins at 1, or of a duration
  bool secret = false;                   ///< shown to nobody
};

const std::vector<setting>& settings_table();
const setting* find_setting(std::string_view key);
std::string variable_of(const setting& row);

/// Empty if `text` is a value for the row, else what is wrong with it and what would be right.
std::string mistake_in(const setting& row, std::string_view text);

enum class origin { flag, environment, contract, file, fallback };

/// A value and where it came from.
struct value {
  std::string text;
  origin from = origin::fallback;
  std::string where; ///< "--http", "MALLBOTS_HTTP_ADDRESS", "single.toml:7", "default"
};

/// Everything that is set; whole and valid once read without mistakes. Keys are those of the table.
class settings {
public:
  const value& at(std::string_view key) const;
  const std::string& text(std::string_view key) const { return at(key).text; }
  endpoint address(std::string_view key) const { return *parse_address(text(key)); }
  /// Nothing where it is not set.
  std::optional<http_url> url(std::string_view key) const { return parse_http_url(text(key)); }
  std::chrono::milliseconds duration(std::string_view key) const {
    return *parse_duration(text(key));
  }
  std::uint64_t count(std::string_view key) const { return *parse_count(text(key)); }
  bool yes(std::string_view key) const { return text(key) == "true"; }
  bool is_default(std::string_view key) const { return at(key).from == origin::fallback; }

  void set(std::string_view key, value to) { values_.insert_or_assign(std::string(key), to); }

private:
  std::map<std::string, value, std::less<>> values_;
};

/// Where values may come from.
struct sources {
  std::map<std::string, std::string> flags;       ///< "--http" -> "127.0.0.1:0"
  std::map<std::string, std::string> environment; ///< all of it
  std::optional<std::string> file;                ///< path of a TOML file
};

/// What was read, and every mistake that was found on the way, a line each.
struct reading {
  settings values;
  std::vector<std::string> mistakes;
};

reading read_settings(const sources& from);

/// What is set but has no effect in this version: a node does not start with these.
std::vector<std::string> unavailable(const settings& in);

/// All values as a TOML file, each with its origin; passwords are masked.
std::string print(const settings& all);

/// The one of `choices` that was probably meant, as ", did you mean ...?"; empty if none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices);

} // namespace reenact::tools
