#include "actors/runtime/dialer.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace reenact::runtime {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

struct address_list {
  addrinfo* first = nullptr;
  int error = 0;

  address_list(const endpoint& at, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    error = ::getaddrinfo(at.host.c_str(), std::to_string(at.port).c_str(), &hints, &first);
  }
  ~address_list() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
  address_list(const address_list&) = delete;
  address_list& operator=(const address_list&) = delete;
};

std::string address_in(const addrinfo& found) {
  char text[NI_MAXHOST] = "";
  ::getnameinfo(found.ai_addr, found.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

} // namespace

dialer::dialer(const clock& time) : time_(time), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  connecting_ = std::thread([this] { connect(); });
  looking_up_ = std::thread([this] { look_up(); });
}

dialer::~dialer() {
  stop();
  ::close(wake_);
}

void dialer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    names_.clear();
    fresh_.clear();
  }
  named_.notify_all();
  ::eventfd_write(wake_, 1);
  if (connecting_.joinable()) connecting_.join();
  if (looking_up_.joinable()) looking_up_.join();
  for (auto& c : open_) ::close(c.socket);
  open_.clear();
}

void dialer::dial(const std::string& address, answer then) {
  call c{.at = {}, .then = std::move(then)};
  if (auto at = parse_endpoint(address)) c.at = std::move(*at);
  if (is_address(c.at.host) || c.at.host.empty()) return hand_on(std::move(c));
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) names_.push_back(std::move(c));
  }
  named_.notify_one();
}

void dialer::hand_on(call c) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) fresh_.push_back(std::move(c));
  }
  ::eventfd_write(wake_, 1);
}

void dialer::look_up() {
  for (;;) {
    std::unique_lock lock(mutex_);
    named_.wait(lock, [this] { return stopping_ || !names_.empty(); });
    if (stopping_) return;
    auto c = std::move(names_.front());
    names_.pop_front();
    lock.unlock();
    const address_list found(c.at, 0);
    // A name that is not found goes on as it is, and is refused as no address.
    if (found.first != nullptr) c.at.host = address_in(*found.first);
    hand_on(std::move(c));
  }
}

void dialer::begin(call& c) {
  if (c.at.host.empty()) return c.then({c.at, "not HOST:PORT"});
  const address_list found(c.at, AI_NUMERICHOST);
  if (found.first == nullptr) return c.then({c.at, "unknown host " + c.at.host});
  const auto fd =
      ::socket(found.first->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (fd < 0) return c.then({c.at, text_of(errno)});
  const int rc = ::connect(fd, found.first->ai_addr, found.first->ai_addrlen);
  const int error = rc == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    c.socket = fd;
    c.until = time_.now() + patience;
    open_.push_back(std::move(c));
    return;
  }
  ::close(fd);
  c.then({c.at, error == 0 ? "" : text_of(error)});
}

/// Whether it is known how it ended; then that was told.
bool dialer::ended(call& c, short events) {
  if (events == 0 && time_.now() < c.until) return false;
  int error = ETIMEDOUT;
  socklen_t size = sizeof error;
  if (events != 0) ::getsockopt(c.socket, SOL_SOCKET, SO_ERROR, &error, &size);
  ::close(c.socket);
  c.then({c.at, error == 0 ? "" : text_of(error)});
  return true;
}

void dialer::connect() {
  for (;;) {
    std::deque<call> fresh;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      fresh.swap(fresh_);
    }
    for (auto& c : fresh) begin(c);
    std::vector<pollfd> watched{{.fd = wake_, .events = POLLIN, .revents = 0}};
    auto first = time_.now() + patience;
    for (const auto& c : open_) {
      watched.push_back({.fd = c.socket, .events = POLLOUT, .revents = 0});
      first = std::min(first, c.until);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - time_.now()).count();
    ::poll(watched.data(), watched.size(),
           open_.empty() ? -1 : std::max(0, static_cast<int>(left)));
    eventfd_t times = 0;
    ::eventfd_read(wake_, &times);
    auto watch = watched.begin() + 1;
    for (auto c = open_.begin(); c != open_.end(); ++watch)
      c = ended(*c, watch->revents) ? open_.erase(c) : std::next(c);
  }
}

} // namespace reenact::runtime
