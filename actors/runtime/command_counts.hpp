#pragma once

#include <atomic>
#include <cstdint>
#include <unordered_map>

#include "actors/model/registry.hpp"

namespace reenact::runtime {

/// How often each command was accepted and became durable since the node started; repeats do not
/// count. Thread safe; sees the node.
class command_counts {
public:
  explicit command_counts(const model::registry& types) {
    for (const auto& aggregate : types.aggregates())
      for (const auto& [request, type] : aggregate->requests)
        if (type.decide != nullptr) counts_[request] = 0;
  }

  void add(const model::request_type& command) {
    counts_.find(command.request)->second.fetch_add(1, std::memory_order_relaxed);
  }

  /// Of a command that this node hosts.
  std::uint64_t of(const model::descriptor* request) const {
    const auto it = counts_.find(request);
    return it == counts_.end() ? 0 : it->second.load(std::memory_order_relaxed);
  }

private:
  std::unordered_map<const model::descriptor*, std::atomic<std::uint64_t>> counts_; ///< fixed
};

} // namespace reenact::runtime
