#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <caf/all.hpp>
#include <caf/io/middleman_actor.hpp>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/ids.hpp"
#include "actors/runtime/tls_files.hpp"
#include "persistence/result.hpp"

namespace reenact::runtime {

/// The one type that crosses a link: a model.Frame as bytes.
struct link_envelope {
  std::string frame;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, link_envelope& x) {
  return f(x.frame);
}

/// CAF as the links use it: an actor system of their own, with its I/O, so that a node's own has
/// none. Its identity is drawn: what CAF makes of the machine and the process id may be another
/// container's too. Thread safe; ends, with all its threads, when it is destroyed: no actor of it
/// may live then.
class link_system {
public:
  /// Of what has come over from nobody, or not yet to an end of its greeting.
  struct patience {
    duration beat;   ///< between the signs of life that CAF itself sends
    duration silent; ///< after which it closes a connection
  };

  /// Without TLS when `files` is null; they are checked already, and outlive the system.
  link_system(const tls_files* files, patience how, entropy& random);
  ~link_system();
  link_system(const link_system&) = delete;
  link_system& operator=(const link_system&) = delete;

  caf::actor_system& actors() { return system_; }

  /// Makes an actor the one whom others meet here; port 0: the system chooses. Returns the port.
  persistence::result<std::uint16_t> publish(const caf::actor& whom, const std::string& host,
                                             std::uint16_t port);
  /// Takes (connect_atom, host, port).
  caf::io::middleman_actor connector();
  /// Closes the connection to a node, if there is one: whatever waits for it ends.
  void disconnect(const caf::node_id& node);

private:
  class configuration;

  const bool tls_;
  std::unique_ptr<configuration> configuration_;
  caf::actor_system system_;
  caf::actor broker_;
};

} // namespace reenact::runtime
