#include "tools/bench/contender.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string_view>

#include <sys/wait.h>
#include <unistd.h>

namespace reenact::bench {
namespace {

/// What a command prints.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* out = ::popen(command.c_str(), "r");
  if (out == nullptr) return text;
  char bytes[4096];
  for (std::size_t n = 0; (n = std::fread(bytes, 1, sizeof bytes, out)) > 0;) text.append(bytes, n);
  ::pclose(out);
  return text;
}

/// The number in the first line that begins with `label`, in microseconds where it is a time; an
/// empty label: in the line that ends the summary, "N requests in ...".
double number(const std::string& text, const std::string& label) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (label.empty() ? line.find(" requests in ") == line.npos : !line.starts_with(label))
      continue;
    char* unit = nullptr;
    const double n = std::strtod(line.c_str() + label.size(), &unit);
    return std::string_view(unit).starts_with("ms") ? n * 1e3 : *unit == 's' ? n * 1e6 : n;
  }
  return 0;
}

} // namespace

contender::contender(const server& serve) {
  int told[2], alive[2];
  if (::pipe(told) != 0 || ::pipe(alive) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(alive[1]);
    serve(
        [&](std::uint16_t port) {
          if (::write(told[1], &port, sizeof port) != sizeof port) std::abort();
        },
        [&] {
          char byte = 0;
          while (::read(alive[0], &byte, 1) > 0) {
          }
        });
    ::_exit(0);
  }
  ::close(told[1]);
  ::close(alive[0]);
  alive_ = alive[1];
  if (::read(told[0], &port_, sizeof port_) != sizeof port_) port_ = 0;
  ::close(told[0]);
}

contender::~contender() {
  ::close(alive_);
  ::waitpid(pid_, nullptr, 0);
}

double contender::cpu_seconds() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

bool has_wrk() { return !output_of("command -v wrk").empty(); }

void write_script(const std::string& path, const std::vector<asked>& requests) {
  std::ofstream out(path);
  out << "local list = {\n";
  for (const auto& r : requests)
    out << "{'" << r.method << "','" << r.target << "','" << r.body << "'},\n";
  // Formatted in init(), because only by then wrk has set the header Host.
  out << R"(}
local asked = {}
local i = 0
function init()
  for n, r in ipairs(list) do asked[n] = wrk.format(r[1], r[2], nil, r[3] ~= '' and r[3] or nil) end
end
function request()
  i = i % #asked + 1
  return asked[i]
end
)";
}

figures measure(const contender& server, const load& with) {
  const auto target = "http://127.0.0.1:" + std::to_string(server.port());
  const auto before = server.cpu_seconds();
  const auto text = output_of("wrk -t1 -c" + std::to_string(with.connections) + " -d" +
                              std::to_string(with.seconds) + "s --latency -s " + with.script + " " +
                              target + " 2>&1");
  const auto cpu = server.cpu_seconds() - before;
  const double requests = number(text, "");
  return {.per_second = number(text, "Requests/sec:"),
          .p50_us = number(text, "50%"),
          .p99_us = number(text, "99%"),
          .cpu_us = requests > 0 ? cpu * 1e6 / requests : 0,
          .failed = number(text, "Non-2xx or 3xx responses:")};
}

figures median(const std::vector<figures>& rounds) {
  const auto of = [&](double figures::*which) {
    std::vector<double> all;
    all.reserve(rounds.size());
    for (const auto& r : rounds) all.push_back(r.*which);
    std::ranges::sort(all);
    return all[all.size() / 2];
  };
  return {of(&figures::per_second), of(&figures::p50_us), of(&figures::p99_us),
          of(&figures::cpu_us), of(&figures::failed)};
}

} // namespace reenact::bench
