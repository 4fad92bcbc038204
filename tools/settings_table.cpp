#include <algorithm>
#include <cctype>
#include <string>

#include "tools/settings.hpp"

namespace reenact::tools {

using kind = setting::kind;

namespace {

const std::vector<setting> table = {
    {.key = "data.directory",
     .flag = "--data",
     .what = kind::path,
     .fallback = "./var",
     .unit = "DIRECTORY",
     .help = "where the node keeps what it must not forget; one node at a time"},
    {.key = "journal.url",
     .flag = "--journal",
     .what = kind::journal,
     .fallback = "rocksdb:DATA/journal",
     .unit = "URL",
     .help = "rocksdb:PATH (on this disk; DATA is the data directory), redis://HOST:PORT or "
             "redis+unix://PATH (of a cluster), or memory: (forgets)"},
    {.key = "journal.password",
     .unit = "PASSWORD",
     .help = "of a Redis journal; beats the one in its URL",
     .secret = true},
    {.key = "journal.password_file",
     .flag = "--journal-password-file",
     .what = kind::path,
     .unit = "FILE",
     .help = "whose first line is the password of a Redis journal"},
    {.key = "journal.durability",
     .flag = "--journal-durability",
     .what = kind::choice,
     .fallback = "always",
     .unit = "LEVEL",
     .help = "the least appendfsync of a Redis journal with which commands are taken",
     .choices = {"always", "everysec", "no"}},
    {.key = "journal.wait_replicas",
     .flag = "--journal-wait-replicas",
     .what = kind::count,
     .unit = "NUMBER",
     .help = "replicas of a Redis journal that have each write before it is answered",
     .most = "16"},
    {.key = "journal.shards",
     .flag = "--journal-shards",
     .what = kind::count,
     .fallback = "64",
     .unit = "NUMBER",
     .help = "shards of a new journal, 1 to 4096; one that exists keeps its own and must agree",
     .most = "4096"},
    {.key = "http.address",
     .flag = "--http",
     .what = kind::address,
     .fallback = "127.0.0.1:8080",
     .unit = "HOST:PORT",
     .help = "where the HTTP API listens; port 0 lets the system choose"},
    {.key = "http.cors_origins",
     .flag = "--http-cors-origins",
     .unit = "LIST",
     .help = "origins whose pages may call the API from a browser, or *; none by default"},
    {.key = "admin.address",
     .flag = "--admin",
     .what = kind::address,
     .fallback = "127.0.0.1:8081",
     .unit = "HOST:PORT",
     .help = "where health, metrics, guarantees and policies are served to operators"},
    {.key = "log.level",
     .flag = "--log-level",
     .what = kind::choice,
     .fallback = "info",
     .unit = "LEVEL",
     .help = "what is worth a line",
     .choices = {"trace", "debug", "info", "warn", "error", "critical"}},
    {.key = "log.format",
     .flag = "--log-format",
     .what = kind::choice,
     .fallback = "text",
     .unit = "FORMAT",
     .help = "text for people or a JSON object a line for machines",
     .choices = {"text", "json"}},
    {.key = "shutdown.timeout",
     .flag = "--shutdown-timeout",
     .what = kind::duration,
     .fallback = "30s",
     .unit = "DURATION",
     .help = "how long requests may finish after SIGTERM or SIGINT",
     .most = "24h"},
    {.key = "baskets.abandon_after",
     .flag = "--baskets-abandon-after",
     .what = kind::duration,
     .fallback = "24h",
     .unit = "DURATION",
     .help = "after how long an open basket that nobody touches is canceled",
     .most = "8760h"},
    {.key = "notifications.webhook",
     .flag = "--notifications-webhook",
     .what = kind::url,
     .unit = "URL",
     .help =
         "where texts to customers are POSTed to, as http://HOST:PORT/PATH; else they are logged"},
    {.key = "depot.auto_assign",
     .flag = "--depot-auto-assign",
     .what = kind::yes_no,
     .fallback = "false",
     .unit = "[true|false]",
     .help = "assigns the oldest available shopping list to each idle bot"},
    {.key = "node.address",
     .flag = "--node-address",
     .what = kind::address,
     .fallback = "127.0.0.1:0",
     .unit = "HOST:PORT",
     .help = "where the other nodes of a cluster reach this one; port 0 lets the system choose"},
    {.key = "node.name",
     .flag = "--node-name",
     .unit = "NAME",
     .help = "what this node is called; else its address"},
    {.key = "node.roles",
     .flag = "--roles",
     .what = kind::choices,
     .fallback = "gateway,entities,query",
     .unit = "LIST",
     .help = "what this node of a cluster does",
     .choices = {"gateway", "entities", "query"}},
    {.key = "cluster.name",
     .flag = "--cluster",
     .fallback = "mallbots",
     .unit = "NAME",
     .help = "which of the clusters on a Redis journal this node belongs to"},
    {.key = "tls.cert",
     .flag = "--tls-cert",
     .what = kind::path,
     .unit = "FILE",
     .help = "certificate of this node, for the links to the others"},
    {.key = "tls.key",
     .flag = "--tls-key",
     .what = kind::path,
     .unit = "FILE",
     .help = "its private key"},
    {.key = "tls.ca",
     .flag = "--tls-ca",
     .what = kind::path,
     .unit = "FILE",
     .help = "who signs the certificates of the others, and of nobody else"},
    {.key = "tls.insecure",
     .flag = "--insecure",
     .what = kind::yes_no,
     .fallback = "false",
     .unit = "[true|false]",
     .help = "lets nodes, and a Redis journal on another machine, talk in the clear"},
    {.key = "admin.token_file",
     .flag = "--admin-token-file",
     .what = kind::path,
     .unit = "FILE",
     .help = "a secret that operators must send",
     .reserved = "the admin listener of this version stays on the loopback interface"},
    {.key = "grpc.address",
     .flag = "--grpc",
     .what = kind::address,
     .unit = "HOST:PORT",
     .help = "where gRPC listens",
     .reserved = "this version speaks HTTP only"},
};

} // namespace

const std::vector<setting>& settings_table() { return table; }

const setting* find_setting(std::string_view key) {
  const auto& table = settings_table();
  const auto row = std::find_if(table.begin(), table.end(),
                                [&](const setting& candidate) { return candidate.key == key; });
  return row == table.end() ? nullptr : &*row;
}

std::string variable_of(const setting& row) {
  std::string name = "MALLBOTS_" + std::string(row.key);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '.' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

namespace {

std::string listed(const std::vector<std::string_view>& choices) {
  std::string all;
  for (const auto choice : choices) all += (all.empty() ? "" : ", ") + std::string(choice);
  return all;
}

std::string mistake_in_choices(const setting& row, std::string_view text) {
  for (const auto& one : parse_list(text))
    if (std::find(row.choices.begin(), row.choices.end(), one) == row.choices.end())
      return "'" + one + "' is none of " + listed(row.choices);
  return text.empty() ? "must be one of " + listed(row.choices) : "";
}

std::string mistake_in_journal(std::string_view text) {
  if (text == "memory:") return {};
  for (const std::string_view scheme : {"rocksdb:", "redis://", "redis+unix://"})
    if (text.starts_with(scheme) && text.size() > scheme.size()) return {};
  const auto shown =
      text.starts_with("redis") ? "a Redis URL like this" : "'" + std::string(text) + "'";
  return shown +
         " is no journal; choose rocksdb:PATH, redis://HOST:PORT, redis+unix://PATH or memory:";
}

} // namespace

std::string mistake_in(const setting& row, std::string_view text) {
  const auto wrong = [&](std::string_view right) {
    return "'" + std::string(text) + "' is not " + std::string(right);
  };
  if (text.empty() && row.fallback.empty()) return {};
  switch (row.what) {
    case kind::text:
    case kind::path: return text.empty() ? "must not be empty" : "";
    case kind::address:
      return parse_address(text) ? "" : wrong("HOST:PORT, such as 127.0.0.1:8080 or [::1]:0");
    case kind::url:
      if (text.starts_with("https://"))
        return "this version speaks no TLS: name an http:// address, of a TLS tunnel if need be";
      return parse_http_url(text) ? "" : wrong("a URL such as http://127.0.0.1:9000/sms");
    case kind::journal: return mistake_in_journal(text);
    case kind::duration:
      if (const auto time = parse_duration(text); time && time <= parse_duration(row.most))
        return "";
      return wrong("a duration such as 500ms, 30s or 1m30s, at most " + std::string(row.most));
    case kind::count:
      if (const auto n = parse_count(text); n && *n >= 1 && n <= parse_count(row.most)) return "";
      return wrong("a whole number from 1 to " + std::string(row.most));
    case kind::choice:
    case kind::choices:
      if (row.what == kind::choices || text.find(',') == std::string_view::npos)
        return mistake_in_choices(row, text);
      return wrong("one of " + listed(row.choices));
    case kind::yes_no: return text == "true" || text == "false" ? "" : wrong("true or false");
  }
  return {};
}

} // namespace reenact::tools
