#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "actors/model/policy.hpp"
#include "actors/runtime/call.hpp"
#include "actors/runtime/ids.hpp"

namespace reenact::runtime {

/// Something on its way out of the system.
struct delivery {
  uuid id{}; ///< the same at each attempt: whoever takes it recognises a repeat by it
  std::shared_ptr<const model::any_message> message;
  std::string traceparent;
};

/// A way out of the system, for what policies deliver: at least once, with a growing pause as long
/// as it fails. Thread safe; outlives the node.
class port {
public:
  enum class outcome {
    delivered,
    refused, ///< it was not taken: after a few attempts it becomes a dead letter
    failed   ///< nobody took it, or that is not known: again
  };
  using way_home = std::function<void(outcome how, std::string why)>;

  virtual ~port() = default;
  /// Must not block. `home` is called once, on any thread, perhaps before this returns.
  virtual void deliver(delivery what, way_home home) = 0;
  /// The node is ending and delivers nothing more: what is under way has failed, and whoever waits
  /// for it has heard so when this returns.
  virtual void close() = 0;
};

using port_table = std::map<std::string, port*, std::less<>>; ///< by name

/// Takes an errand to its port. Where there is none of the name it waits for one: `home` hears that
/// it is unavailable.
void deliver(const port_table& ports, const std::string& name, delivery what,
             std::function<void(answer)> home);

} // namespace reenact::runtime
