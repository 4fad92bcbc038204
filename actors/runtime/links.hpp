#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reenact::runtime {

/// Another node of the cluster, as one finds it.
struct peer {
  std::uint64_t incarnation = 0; ///< of this life of its process
  std::string address;           ///< HOST:PORT of its links
  auto operator<=>(const peer&) const = default;
};

/// Hears what comes over the links: on threads of theirs, of one peer one after the other. Must not
/// block. May send.
class link_listener {
public:
  virtual ~link_listener() = default;
  /// There is a link now: what is sent from here on may arrive.
  virtual void up(std::uint64_t peer) = 0;
  /// There is none any more. What was sent and not answered may or may not have arrived; of what
  /// the peer sent nothing more comes, until it is up again.
  virtual void down(std::uint64_t peer, const std::string& why) = 0;
  /// An envelope, whole and in the order of sending; the bytes are valid during the call.
  virtual void received(std::uint64_t from, std::string_view envelope) = 0;
};

/// Carries envelopes, bytes whose meaning is others' business, between the nodes of a cluster: one
/// link a pair. At most once: a link that breaks loses what is on it. Thread safe; sees the
/// cluster.
class links {
public:
  static constexpr std::size_t envelope_bytes_max = 16U << 20U;

  virtual ~links() = default;

  /// Who there is besides this node: connects to those that are new, again and again while they are
  /// in the list, and drops the others.
  virtual void follow(const std::vector<peer>& all) = 0;
  /// False: there is no link to the peer, or too much waits for it: nothing was sent.
  virtual bool send(std::uint64_t peer, std::string envelope) = 0;
  /// Breaks all links; the listener is not called any more when this returns. Idempotent.
  virtual void stop() = 0;
};

} // namespace reenact::runtime
