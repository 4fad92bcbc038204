#include "actors/runtime/io_unit.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace reenact::runtime {

thread_local io_unit* io_unit::current_ = nullptr;

void io_unit::exec_later(caf::resumable* job) {
  if (accepting_ > 0)
    ready_.push_back(job);
  else
    system().scheduler().enqueue(job);
}

void io_unit::drain() {
  draining_ = true;
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    auto* job = ready_[i];
    if (i >= jobs_max) {
      system().scheduler().enqueue(job);
      continue;
    }
    switch (job->resume(this, throughput_max)) {
      case caf::resumable::resume_later: system().scheduler().enqueue(job); break; // a hot one
      case caf::resumable::done:
      case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
      case caf::resumable::shutdown_execution_unit: break;
    }
  }
  ready_.clear();
  draining_ = false;
}

} // namespace reenact::runtime
