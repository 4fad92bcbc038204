#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// Bytes over a real socket, as a client with bad manners sends them. Blocking; what does not come
/// within ten seconds counts as the end, so a server that hangs fails its test.
class raw_client {
public:
  struct reply {
    std::string status; // "HTTP/1.1 200 OK"; empty when nothing came
    std::multimap<std::string, std::string> headers;
    std::string body;

    std::string header(const std::string& name) const {
      const auto found = headers.find(name);
      return found == headers.end() ? "" : found->second;
    }
    int code() const { return status.size() < 12 ? 0 : std::stoi(status.substr(9, 3)); }
  };

  explicit raw_client(std::uint16_t port, int receive_bytes = 0)
    : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_bytes > 0)
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  raw_client(raw_client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      connected_(other.connected_),
      in_(std::move(other.in_)) {}
  raw_client& operator=(raw_client&&) = delete;
  ~raw_client() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }

  /// False when the server takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void shut() { shutdown(fd_, SHUT_WR); }

  /// The next reply; `head_only` for HEAD. A body without a length goes to the end.
  reply receive(bool head_only = false) {
    reply r;
    const auto end = need("\r\n\r\n");
    if (end == std::string::npos) return r;
    auto head = take(end);
    take(4);
    r.status = head.substr(0, head.find("\r\n"));
    for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
      const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      r.headers.emplace(line.substr(0, line.find(':')), line.substr(line.find(':') + 2));
    }
    if (head_only || r.code() == 100 || r.code() == 204 || r.code() == 304) return r;
    if (r.header("Transfer-Encoding") == "chunked")
      r.body = chunks();
    else if (r.headers.contains("Content-Length"))
      r.body = exactly(std::stoul(r.header("Content-Length")));
    else
      r.body = rest();
    return r;
  }
  reply ask(std::string_view request, bool head_only = false) {
    send(request);
    return receive(head_only);
  }

  /// The next chunk of a body, the last one empty; nothing: it is broken off.
  std::optional<std::string> chunk() {
    const auto end = need("\r\n");
    if (end == in_.npos) return std::nullopt;
    const auto size = std::stoul(take(end), nullptr, 16);
    take(2);
    auto piece = exactly(size + 2);
    if (piece.size() < size + 2) return std::nullopt;
    piece.resize(size);
    return piece;
  }

  /// Everything until the server closes.
  std::string rest() {
    while (more()) {
    }
    return take(in_.size());
  }
  bool closed() { return rest().empty() && ended_; }

private:
  bool more() {
    char bytes[16 * 1024];
    const auto n = recv(fd_, bytes, sizeof bytes, 0);
    ended_ = ended_ || n == 0 || (n < 0 && errno == ECONNRESET);
    if (n > 0) in_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }
  std::size_t need(std::string_view mark) {
    auto at = in_.find(mark);
    while (at == in_.npos && more()) at = in_.find(mark);
    return at;
  }
  std::string take(std::size_t n) {
    auto taken = in_.substr(0, n);
    in_.erase(0, n);
    return taken;
  }
  std::string exactly(std::size_t n) {
    while (in_.size() < n && more()) {
    }
    return take(n);
  }
  /// A body that is broken off ends with "<broken off>".
  std::string chunks() {
    std::string body;
    for (;;) {
      const auto piece = chunk();
      if (!piece) return body + "<broken off>";
      if (piece->empty()) return body;
      body += *piece;
    }
  }

  int fd_;
  bool connected_ = false, ended_ = false;
  std::string in_;
};
