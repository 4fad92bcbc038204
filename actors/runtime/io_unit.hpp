#pragma once

#include <cstddef>
#include <vector>

#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

namespace reenact::runtime {

/// An I/O thread as an execution unit of CAF: an idle entity runs on the thread that read the
/// request (docs/performance.md: crossing threads costs 6 us). One for each I/O thread, used by it
/// alone. What an entity sends during its turn goes to CAF's own workers, but for the calls that it
/// submits: facts belong to the request.
class io_unit final : public caf::execution_unit {
public:
  static constexpr std::size_t jobs_max = 64;        ///< in one drain; the rest goes to the workers
  static constexpr std::size_t throughput_max = 100; ///< messages for one actor in one turn

  explicit io_unit(caf::actor_system& system) : caf::execution_unit(&system) { current_ = this; }
  ~io_unit() override { current_ = nullptr; }

  /// The calling thread's, or null: then work goes to CAF's workers.
  static io_unit* current() { return current_; }

  void exec_later(caf::resumable* job) override;

  /// Runs `send`, which enqueues to actors with this unit, then what became runnable here.
  template <class Send>
  void run(Send send) {
    ++accepting_;
    send();
    --accepting_;
    if (!draining_) drain();
  }

private:
  void drain();

  static thread_local io_unit* current_;

  std::vector<caf::resumable*> ready_;
  unsigned accepting_ = 0;
  bool draining_ = false;
};

} // namespace reenact::runtime
