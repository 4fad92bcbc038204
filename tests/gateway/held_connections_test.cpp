#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/gateway/served.hpp"

namespace {

/// Opens `n` connections, asks on each and is answered, twice; holds all of them. A process of its
/// own, because one may not have the descriptors of both ends.
int hold(std::uint16_t port, std::size_t n) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<raw_client> held;
  for (std::size_t i = 0; i < n; ++i) held.emplace_back(port);
  for (int round = 0; round < 2; ++round) {
    for (auto& c : held) c.send(get("/held"));
    for (auto& c : held)
      if (c.receive().body != "GET /held ") return 1;
  }
  return raw_client(port).receive().code() == 503 ? 0 : 2;
}

} // namespace

TEST_CASE("ten thousand connections are held and served and one more is turned away", "[http]") {
  const std::size_t n = 10'000;
  int port_pipe[2];
  REQUIRE(pipe(port_pipe) == 0);
  const auto child = fork(); // before there is any thread
  if (child == 0) {
    std::uint16_t port = 0;
    const bool told = read(port_pipe[0], &port, sizeof port) == sizeof port;
    _exit(told ? hold(port, n) : 3);
  }
  served server(echo);
  REQUIRE(server->connections_max() == n);
  const auto port = server->port();
  REQUIRE(write(port_pipe[1], &port, sizeof port) == sizeof port);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(server->requests() == 2 * n);
  server.has_connections(0);
  close(port_pipe[0]);
  close(port_pipe[1]);
}
