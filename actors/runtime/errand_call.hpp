#pragma once

#include <functional>
#include <string>

#include "actors/model/policy.hpp"
#include "actors/runtime/call.hpp"

namespace reenact::runtime {

/// A command that a reaction sends, on its way to an entity and home.
class errand_call final : public call {
public:
  /// Called once with the answer, on any thread.
  using way_home = std::function<void(answer)>;

  /// `name` is the errand's among all that follow from `event`: the command's id is made of the
  /// two, and the entity's of that when the errand names none. An errand that nobody takes is a
  /// programming error: std::logic_error.
  errand_call(const model::registry& types, const model::errand& what, const uuid& event,
              const std::string& name, way_home home);

private:
  void finished() noexcept override { home_(std::move(result)); }

  const way_home home_;
};

} // namespace reenact::runtime
