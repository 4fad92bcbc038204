#include "tools/node/port_holder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using Catch::Contains;
using reenact::tools::holder_of_port;

namespace {

/// A socket of ours on a port that the system chose.
class listener {
public:
  listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    REQUIRE(::bind(socket_, address, size) == 0);
    REQUIRE(::getsockname(socket_, address, &size) == 0);
    port = ntohs(at.sin_port);
  }
  ~listener() { ::close(socket_); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  void listen() { REQUIRE(::listen(socket_, 1) == 0); }

  std::uint16_t port = 0;

private:
  int socket_;
};

} // namespace

TEST_CASE("the process that listens on a port is found") {
  listener mine;
  CHECK_FALSE(holder_of_port(mine.port)); // bound is not listening
  mine.listen();
  const auto found = holder_of_port(mine.port);
  REQUIRE(found);
  CHECK_THAT(*found, Contains("pid " + std::to_string(::getpid()) + " (node_parts_test)"));
}

TEST_CASE("a place to listen at is tried before it is used") {
  listener mine;
  mine.listen();
  CHECK_THAT(reenact::tools::mistake_at({"127.0.0.1", mine.port}),
             Contains("is taken by pid " + std::to_string(::getpid())));
  CHECK(reenact::tools::mistake_at({"127.0.0.1", 0}).empty());
  CHECK_FALSE(reenact::tools::mistake_at({"203.0.113.7", 0}).empty()); // an address of nobody
}
