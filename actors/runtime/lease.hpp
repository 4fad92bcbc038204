#pragma once

#include <atomic>

namespace reenact::runtime {

/// The right to answer from memory (protocols.md C2): asked after the state was read, before
/// anything leaves that rests on it alone. Thread safe; sees the node.
class lease {
public:
  virtual ~lease() = default;
  virtual bool valid() const = 0;
};

/// Of the embedded journal: nobody else can have opened it, so the lease holds until it is given
/// up.
class embedded_lease final : public lease {
public:
  bool valid() const override { return held_.load(std::memory_order_acquire); }
  void give_up() { held_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> held_{true};
};

} // namespace reenact::runtime
