#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace reenact::bench {

/// A server in a process of its own, so that its CPU is told from that of the load. Forked from a
/// process without threads; ends with it.
class contender {
public:
  /// `serve` runs in the child: it tells the port, and serves until told to end.
  using server = std::function<void(std::function<void(std::uint16_t)> listens_on,
                                    std::function<void()> wait_for_end)>;

  explicit contender(const server& serve);
  ~contender();
  contender(const contender&) = delete;
  contender& operator=(const contender&) = delete;

  std::uint16_t port() const { return port_; }
  /// User and system time of the whole process so far.
  double cpu_seconds() const;

private:
  pid_t pid_ = -1;
  int alive_ = -1; // the write end that the child waits on
  std::uint16_t port_ = 0;
};

/// Load as wrk makes it: requests of a list, again and again, over kept connections.
struct load {
  std::size_t connections = 64;
  int seconds = 2;
  std::string script; // a Lua file; see write_script
};

struct figures {
  double per_second = 0;
  double p50_us = 0, p99_us = 0;
  double cpu_us = 0; // of the server, a request
  double failed = 0; // answers other than 2xx and 3xx, and broken connections
};

bool has_wrk();

struct asked {
  std::string method, target, body;
};
/// The script that asks these in turn.
void write_script(const std::string& path, const std::vector<asked>& requests);

figures measure(const contender& server, const load& with);

/// Of each figure by itself.
figures median(const std::vector<figures>& rounds);

} // namespace reenact::bench
