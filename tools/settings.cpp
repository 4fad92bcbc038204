#include "tools/settings.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <filesystem>
#include <numeric>

#include <toml.hpp>

namespace reenact::tools {
namespace {

/// What is being read: values land in `out` only over weaker or equal origins, so sources are read
/// from the weakest to the strongest.
void take(reading& out, const setting& row, value candidate) {
  const auto mistake = mistake_in(row, candidate.text);
  if (mistake.empty())
    out.values.set(row.key, std::move(candidate));
  else
    out.mistakes.push_back(candidate.where + ": " + std::string(row.key) + ": " + mistake);
}

// -- the file ------------------------------------------------------------------------------------

std::string text_of(const toml::value& v) {
  if (v.is_string()) return v.as_string().str;
  if (v.is_integer()) return std::to_string(v.as_integer());
  if (v.is_boolean()) return v.as_boolean() ? "true" : "false";
  std::string all;
  if (v.is_array())
    for (const auto& one : v.as_array()) all += (all.empty() ? "" : ",") + text_of(one);
  return all;
}

std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (const auto& row : settings_table()) all.emplace_back(row.key);
  return all;
}

void read_table(const toml::value& table, const std::string& prefix, const std::string& file,
                reading& out) {
  for (const auto& [name, v] : table.as_table()) {
    const auto key = prefix + name;
    if (v.is_table()) {
      read_table(v, key + ".", file, out);
      continue;
    }
    const auto where = file + ":" + std::to_string(v.location().line());
    if (const auto* row = find_setting(key))
      take(out, *row, {text_of(v), origin::file, where});
    else
      out.mistakes.push_back(where + ": unknown key " + key + did_you_mean(key, keys()));
  }
}

void read_file(const std::string& file, reading& out) {
  using std::filesystem::file_type;
  std::error_code error;
  const auto found = std::filesystem::status(file, error).type();
  if (found != file_type::regular) {
    out.mistakes.push_back(file + ": " +
                           (found == file_type::none        ? error.message()
                            : found == file_type::not_found ? "there is no such file"
                                                            : "it is no file"));
    return;
  }
  try {
    read_table(toml::parse(file), "", file, out);
  } catch (const std::exception& e) { // toml11's syntax errors name file and line
    out.mistakes.push_back(file + ": " + e.what());
  }
}

// -- the environment -----------------------------------------------------------------------------

using environment = std::map<std::string, std::string>;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The variable's value, or null: one that is set to nothing is not set.
const std::string* find(const environment& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() || found->second.empty() ? nullptr : &found->second;
}

/// HOST and PORT of the contract, the port with or without its colon.
void read_host_and_port(const environment& all, const std::string& prefix, std::string_view key,
                        const std::string& port_fallback, reading& out) {
  const auto* host = find(all, prefix + "_HOST");
  const auto* port = find(all, prefix + "_PORT");
  if (!host && !port) return;
  endpoint at{host ? *host : "127.0.0.1", 0};
  auto text = to_string(at);
  text.resize(text.size() - 1);
  text += port ? port->substr(port->starts_with(':') ? 1 : 0) : port_fallback;
  const auto where = !host   ? prefix + "_PORT"
                     : !port ? prefix + "_HOST"
                             : prefix + "_HOST and " + prefix + "_PORT";
  take(out, *find_setting(key), {text, origin::contract, where});
}

/// The variables that the contract's users have set already.
void read_contract(const environment& all, reading& out) {
  const auto contract = [&](std::string_view key, const std::string& text, const char* name) {
    take(out, *find_setting(key), {text, origin::contract, name});
  };
  read_host_and_port(all, "WEB", "http.address", "8080", out);
  read_host_and_port(all, "RPC", "grpc.address", "9000", out);
  if (const auto* level = find(all, "LOG_LEVEL"))
    contract("log.level", lower(*level) == "panic" ? "critical" : lower(*level), "LOG_LEVEL");
  if (const auto* stage = find(all, "ENVIRONMENT"); stage && *stage == "production")
    contract("log.format", "json", "ENVIRONMENT");
  if (const auto* timeout = find(all, "SHUTDOWN_TIMEOUT"))
    contract("shutdown.timeout", *timeout, "SHUTDOWN_TIMEOUT");
}

/// A service called "mallbots" makes Kubernetes set these in every container beside it.
bool set_by_kubernetes(std::string_view name) {
  return name.starts_with("MALLBOTS_SERVICE_") || name.starts_with("MALLBOTS_PORT");
}

void read_environment(const environment& all, reading& out) {
  std::vector<std::string> known = {"MALLBOTS_CONFIG"};
  for (const auto& row : settings_table()) {
    known.push_back(variable_of(row));
    if (const auto* text = find(all, known.back()))
      take(out, row, {*text, origin::environment, known.back()});
  }
  for (const auto& [name, text] : all)
    if (name.starts_with("MALLBOTS_") && !set_by_kubernetes(name) &&
        std::find(known.begin(), known.end(), name) == known.end())
      out.mistakes.push_back(name + ": unknown variable" + did_you_mean(name, known));
}

/// The smallest number of letters to change, add or drop between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

std::string without_password(std::string text) {
  const auto colon = text.find(':', text.find("://") + 3), at = text.find('@');
  if (text.starts_with("redis") && at != std::string::npos && colon < at)
    text.replace(colon + 1, at - colon - 1, "***");
  return text;
}

} // namespace

const value& settings::at(std::string_view key) const {
  const auto found = values_.find(key);
  assert(found != values_.end());
  return found->second;
}

reading read_settings(const sources& from) {
  reading out;
  for (const auto& row : settings_table())
    out.values.set(row.key, {std::string(row.fallback), origin::fallback, "default"});
  if (from.file) read_file(*from.file, out);
  read_contract(from.environment, out);
  read_environment(from.environment, out);
  for (const auto& row : settings_table())
    if (const auto given = from.flags.find(std::string(row.flag)); given != from.flags.end())
      take(out, row, {given->second, origin::flag, given->first});

  auto journal = out.values.at("journal.url");
  constexpr std::string_view in_data = "rocksdb:DATA/";
  if (journal.text.starts_with(in_data)) {
    journal.text.replace(8, 4, out.values.text("data.directory"));
    out.values.set("journal.url", journal);
  }
  return out;
}

std::vector<std::string> unavailable(const settings& in) {
  std::vector<std::string> all;
  for (const auto& row : settings_table()) {
    const auto& set = in.at(row.key);
    // What the contract's environment says of a reserved one was said to another program, too.
    if (row.reserved.empty() || set.text == row.fallback || set.from == origin::contract) continue;
    all.push_back(set.where + ": " + std::string(row.key) +
                  " is reserved: " + std::string(row.reserved));
  }
  if (const auto admin = in.address("admin.address"); !is_loopback(admin))
    all.push_back(in.at("admin.address").where + ": admin.address: " + to_string(admin) +
                  " is not on the loopback interface, and this version has no admin token yet");
  return all;
}

std::string print(const settings& all) {
  std::string out;
  for (const auto& row : settings_table()) {
    const auto& set = all.at(row.key);
    auto line = std::string(row.key) + " = ";
    const bool bare = row.what == setting::kind::yes_no || row.what == setting::kind::count;
    const auto shown =
        row.secret && !set.text.empty() ? std::string("***") : without_password(set.text);
    line += bare && !set.text.empty() ? set.text : toml::format(toml::value(shown));
    line.resize(std::max<std::size_t>(line.size(), 50), ' ');
    out += line + " # " + set.where + "\n";
  }
  return out;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices) {
  const auto nearest = std::min_element(
      choices.begin(), choices.end(),
      [&](const auto& a, const auto& b) { return distance(word, a) < distance(word, b); });
  if (nearest == choices.end()) return {};
  if (distance(word, *nearest) <= 1 + nearest->size() / 5)
    return ", did you mean " + *nearest + "?";
  std::string all;
  for (const auto& choice : choices) all += (all.empty() ? "; there are " : ", ") + choice;
  return all;
}

} // namespace reenact::tools
