#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/ids.hpp"
#include "actors/runtime/links.hpp"
#include "actors/runtime/tls_files.hpp"
#include "persistence/result.hpp"

namespace reenact::runtime {

/// How a node speaks with the others of its cluster. `cluster` and `lineage` must be the same on
/// all.
struct caf_links_options {
  /// An address or name of this machine; links are taken there and nowhere else. Without TLS it
  /// must be one of loopback, or `insecure` be set: whoever reaches the plain port is taken for a
  /// node, and can end this process with one malformed greeting of 40 bytes, as CAF 0.17.6 does
  /// not check it.
  std::string host = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: the system chooses, port() tells
  bool insecure = false;
  tls_files tls; ///< all three, or none: no TLS. Read once, at the beginning.

  std::uint64_t incarnation = 0; ///< of this life of the process: drawn, not 0
  std::string cluster;
  uuid lineage{};           ///< of the journal that the cluster shares
  std::uint64_t schema = 0; ///< fingerprint of the types it knows: only told
  std::string node;         ///< its name, for people

  duration beat = std::chrono::milliseconds(250); ///< between signs of life
  /// A peer that is not heard of for so long is down. The greatest frame (18 MiB) must cross the
  /// network in less.
  duration silent_after = std::chrono::seconds(1);

  // What a peer may send before this node's listener has taken what came before: it bounds what
  // waits here. One envelope may go beyond the bytes.
  std::uint64_t credit_envelopes = 4'096;
  std::uint64_t credit_bytes = 16U << 20U;
  std::size_t outbox_bytes_max = 64U << 20U; ///< what waits here for each peer; more is not sent
};

/// Links over CAF's network: an actor system of its own, with a door that other nodes greet and one
/// long-lived actor a peer; the only type that crosses is an envelope of bytes, a frame of
/// messages/model/link.proto. The listener is called on CAF's workers (two threads for all links);
/// it must not call stop(). Thread safe; sees the cluster.
class caf_links final : public links {
public:
  /// Binds the port and takes links from now on; failures are of settings and files. The listener
  /// outlives the links.
  static persistence::result<std::unique_ptr<caf_links>> listen(caf_links_options how,
                                                                link_listener& to);
  ~caf_links() override;

  std::uint16_t port() const;

  void follow(const std::vector<peer>& all) override;
  bool send(std::uint64_t peer, std::string envelope) override;
  /// Waits until the listener's calls have returned and all threads have ended.
  void stop() override;

private:
  struct parts;
  explicit caf_links(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

} // namespace reenact::runtime
