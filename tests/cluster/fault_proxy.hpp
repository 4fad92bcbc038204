#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace reenact::tests {

/// A network between clients and one server on this machine, which fails as it is told: it listens
/// on a port of its own and forwards every connection. One thread of its own does the work; all
/// calls are thread safe, and hold for every byte and connection that comes after their return.
/// Each direction of a connection keeps `buffered_bytes_max`; then its sender has to wait.
class fault_proxy {
public:
  enum class direction { to_server, to_client };
  static constexpr std::size_t buffered_bytes_max = 1U << 20U;

  /// To a port of 127.0.0.1.
  explicit fault_proxy(std::uint16_t server);
  /// To a unix socket.
  explicit fault_proxy(const std::string& server);
  ~fault_proxy(); ///< what is open breaks
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  std::uint16_t port() const;

  /// A partition: what comes from either side, an end too, vanishes, and nobody is told. New
  /// connections are accepted and lead nowhere. A connection that has lost something ends with
  /// heal(), as TCP would not let it go on.
  void cut();
  /// As if the server were gone: breaks all connections off and refuses new ones.
  void refuse();
  /// Undoes cut() and refuse(), on the same port.
  void heal();

  /// Keeps back what goes in this direction. It arrives after release(), in order, even when its
  /// sender has closed the connection meanwhile: old bytes that come late.
  void hold(direction which);
  void release(direction which);

  /// From now on all takes so much longer in each direction; 0: no longer than it takes.
  void delay(std::chrono::milliseconds each_way);

  /// What has happened so far.
  struct tally {
    struct way {
      std::uint64_t read = 0;      ///< bytes
      std::uint64_t delivered = 0; ///< of them
      std::uint64_t vanished = 0;  ///< of them, by cut() or because nobody takes them any more
      std::uint64_t ends = 0;      ///< senders that have closed, or broken off
      std::uint64_t held() const { return read - delivered - vanished; }
    };
    std::uint64_t accepted = 0; ///< connections
    std::uint64_t open = 0;     ///< of them, on either side
    way to_server, to_client;
  };
  tally seen() const;
  /// Waits until it is so; false when a minute was not enough.
  bool await(const std::function<bool(const tally&)>& so) const;

private:
  class network;
  std::unique_ptr<network> network_;
};

} // namespace reenact::tests
