#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "tests/persistence/temporary_directory.hpp"

namespace reenact::tests {

/// A redis-server of the test's own, in a directory of its own: it fsyncs before it replies unless
/// told otherwise, and ends with the test. On a socket file, and on a free port too if asked.
class redis_server {
public:
  /// `arguments` go to redis-server behind the ones it always gets, so they win.
  explicit redis_server(std::vector<std::string> arguments, bool tcp = false);
  redis_server() : redis_server(std::vector<std::string>()) {}
  ~redis_server();
  redis_server(const redis_server&) = delete;
  redis_server& operator=(const redis_server&) = delete;

  std::string url() const { return "redis+unix://" + socket(); }
  std::string tcp_url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  std::string socket() const { return directory_.path() + "/socket"; }
  const std::string& directory() const { return directory_.path(); }

  /// Starts it on what is in its directory, and waits until it answers.
  void start();
  /// Sends a signal; after SIGKILL or SIGTERM it has ended when this returns.
  void signal(int number);
  void restart(int by) {
    signal(by);
    start();
  }
  /// What it answers, as text; an array's parts are joined with blanks. "" when it does not.
  std::string ask(std::initializer_list<std::string_view> command) const;
  /// The value behind "name:" in INFO.
  std::string info(std::string_view name) const;
  /// Its newest append-only file of increments: what a torn disk cuts.
  std::string append_only_file() const;

private:
  bool answers() const;

  temporary_directory directory_;
  std::vector<std::string> arguments_;
  std::uint16_t port_ = 0;
  std::string password_;
  pid_t pid_ = -1;
};

/// A port of the loopback address that was free a moment ago.
std::uint16_t free_port();

} // namespace reenact::tests
