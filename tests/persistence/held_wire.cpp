#include "tests/persistence/held_wire.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace reenact::tests {
namespace {

void give(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return; // whoever was there is gone
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void shut(int& fd) {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

} // namespace

held_wire::held_wire(std::string socket) : socket_(std::move(socket)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  REQUIRE(::listen(listener_, 64) == 0);
  port_ = ::ntohs(at.sin_port);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread(&held_wire::carry, this);
}

held_wire::~held_wire() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  wake();
  thread_.join();
  for (auto& c : connections_) {
    shut(c.client);
    shut(c.server);
  }
  ::close(listener_);
  ::close(wake_);
}

void held_wire::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

void held_wire::hold_requests() {
  const std::scoped_lock lock(mutex_);
  for (auto& c : connections_) c.requests_held = true;
}

void held_wire::hold_answers() {
  const std::scoped_lock lock(mutex_);
  for (auto& c : connections_) c.answers_held = true;
}

void held_wire::wait_until_held(std::size_t bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ >= bytes; });
}

void held_wire::deliver() {
  std::unique_lock lock(mutex_);
  held_ = 0;
  for (auto& c : connections_) {
    c.requests_held = c.answers_held = false;
    c.awaited = !c.requests.empty() && c.server >= 0;
    give(c.server, std::exchange(c.requests, {}));
  }
  wake();
  changed_.wait(lock, [&] {
    return std::ranges::none_of(connections_, [](const connection& c) { return c.awaited; });
  });
}

void held_wire::cut() {
  const std::scoped_lock lock(mutex_);
  held_ = 0;
  for (auto& c : connections_) {
    if (!c.requests_held && !c.answers_held) continue;
    shut(c.client);
    shut(c.server);
  }
  wake();
}

void held_wire::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::strncpy(to.sun_path, socket_.c_str(), sizeof to.sun_path - 1);
  if (client < 0 || ::connect(server, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    if (client >= 0) ::close(client);
    ::close(server);
    return;
  }
  connections_.push_back({client, server});
}

/// False: that side has ended.
bool held_wire::pass(connection& on, bool request) {
  std::array<char, 65'536> some;
  const auto n = ::recv(request ? on.client : on.server, some.data(), some.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (n <= 0) return false;
  const std::string_view bytes(some.data(), static_cast<std::size_t>(n));
  if (!request) on.awaited = false;
  if (request ? on.requests_held : on.answers_held) {
    held_ += bytes.size();
    if (request) on.requests += bytes; // a held answer is dropped: nobody waits for it any more
  } else {
    give(request ? on.server : on.client, bytes);
  }
  return true;
}

void held_wire::carry() {
  for (std::unique_lock lock(mutex_); !ending_;) {
    std::vector<pollfd> all{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (auto& c : connections_) {
      all.push_back({c.client, POLLIN, 0});
      all.push_back({c.server, POLLIN, 0});
    }
    lock.unlock();
    ::poll(all.data(), all.size(), -1);
    lock.lock();
    std::uint64_t woken = 0;
    if (all[0].revents != 0) (void)!::read(wake_, &woken, sizeof woken);
    std::size_t next = 2;
    for (auto& c : connections_) {
      const auto client = all[next++], server = all[next++];
      if (client.revents != 0 && client.fd == c.client && !pass(c, true)) shut(c.client);
      if (server.revents != 0 && server.fd == c.server && !pass(c, false)) {
        shut(c.server);
        shut(c.client);
        c.awaited = false;
      }
      if (c.client < 0 && c.requests.empty() && !c.awaited) shut(c.server);
    }
    std::erase_if(connections_, [](const connection& c) { return c.client < 0 && c.server < 0; });
    if (all[1].revents != 0) accept_one();
    changed_.notify_all();
  }
}

} // namespace reenact::tests
