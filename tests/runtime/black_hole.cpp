#include "tests/runtime/black_hole.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace reenact::tests {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

} // namespace

silent_listener::silent_listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto any = loopback(0);
  REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
  REQUIRE(::listen(socket_, 64) == 0);
}

silent_listener::~silent_listener() {
  for (const int fd : callers_) ::close(fd);
  ::close(socket_);
}

bool silent_listener::called(int times) {
  for (; times > 0; --times) {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 60'000) <= 0) return false;
    callers_.push_back(::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC));
  }
  return true;
}

std::string silent_listener::address() const {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  return "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
}

void silent_listener::fill() {
  REQUIRE(::listen(socket_, 0) == 0);
  sockaddr_in at{};
  socklen_t size = sizeof at;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  for (int i = 0; i < 4; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    callers_.push_back(fd);
  }
}

black_hole::black_hole(std::uint16_t to) : to_(to), wake_(::eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] { work(); });
}

black_hole::~black_hole() {
  ending_ = true;
  wake();
  thread_.join();
  for (const auto& one : lines_) {
    ::close(one.near);
    ::close(one.far);
  }
  ::close(wake_);
}

void black_hole::swallow() {
  swallowing_ = true;
  wake();
}

void black_hole::heal() {
  swallowing_ = false;
  wake();
}

void black_hole::wake() const { ::eventfd_write(wake_, 1); }

void black_hole::accept() {
  const int near = ::accept4(door_.socket(), nullptr, nullptr, SOCK_CLOEXEC);
  const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto at = loopback(to_);
  const auto rc = ::connect(far, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  lines_.push_back({near, far, near < 0 || rc != 0});
}

void black_hole::carry(line& on, int from, int to) {
  char some[65'536];
  const auto length = ::recv(from, some, sizeof some, 0);
  if (length <= 0 || ::send(to, some, static_cast<std::size_t>(length), MSG_NOSIGNAL) != length)
    on.ended = true;
}

void black_hole::work() {
  while (!ending_) {
    std::vector<pollfd> watched{{.fd = wake_, .events = POLLIN, .revents = 0}};
    if (!swallowing_) {
      watched.push_back({.fd = door_.socket(), .events = POLLIN, .revents = 0});
      for (const auto& one : lines_)
        for (const int fd : {one.near, one.far})
          watched.push_back({.fd = fd, .events = POLLIN, .revents = 0});
    }
    ::poll(watched.data(), watched.size(), -1);
    eventfd_t times = 0;
    if (watched[0].revents != 0) ::eventfd_read(wake_, &times);
    if (swallowing_ || watched.size() == 1) continue;
    std::size_t i = 2;
    for (auto& one : lines_) {
      if (watched[i++].revents != 0) carry(one, one.near, one.far);
      if (!one.ended && watched[i].revents != 0) carry(one, one.far, one.near);
      ++i;
    }
    std::erase_if(lines_, [](const line& one) {
      if (!one.ended) return false;
      ::close(one.near);
      ::close(one.far);
      return true;
    });
    if (watched[1].revents != 0) accept();
  }
}

} // namespace reenact::tests
