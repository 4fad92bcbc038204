#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "actors/runtime/call.hpp"
#include "actors/runtime/directory.hpp"

namespace reenact::runtime {

/// Gathers the facts that one command wants, each a state asked of its entity, all at once; then
/// sends the command to its entity again. The entity does not wait: others pass meanwhile.
class fact_fetch : public std::enable_shared_from_this<fact_fetch> {
public:
  static void start(directory& at, surroundings& here, call_ptr command,
                    std::vector<model::want> wanted);

private:
  class fact_call;

  fact_fetch(directory& at, call_ptr command) : at_(at), command_(std::move(command)) {}
  void arrived();

  directory& at_;
  const call_ptr command_;
  std::vector<model::want> wanted_;
  std::vector<call_ptr> calls_;
  std::atomic<std::size_t> outstanding_{0};
};

} // namespace reenact::runtime
