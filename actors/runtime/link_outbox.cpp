#include "actors/runtime/link_outbox.hpp"

#include <utility>

namespace reenact::runtime {

bool link_outbox::put(std::string envelope) {
  const std::lock_guard lock(mutex_);
  const auto size = envelope.size() + overhead;
  if (!voice_.wake || bytes_ + size > bytes_max_) return false;
  bytes_ += size;
  waiting_.push_back(std::move(envelope));
  if (!std::exchange(told_, true)) voice_.wake();
  return true;
}

void link_outbox::pulse() {
  const std::lock_guard lock(mutex_);
  if (voice_.beat) voice_.beat();
}

void link_outbox::open(voice with) {
  const std::lock_guard lock(mutex_);
  voice_ = std::move(with);
  told_ = false;
}

void link_outbox::close() {
  // Outside the lock: the last handle of an actor may go with them.
  voice gone;
  std::deque<std::string> lost;
  const std::lock_guard lock(mutex_);
  gone = std::exchange(voice_, {});
  lost.swap(waiting_);
  bytes_ = 0;
}

void link_outbox::coming() {
  const std::lock_guard lock(mutex_);
  told_ = true;
}

std::vector<std::string> link_outbox::take(std::uint64_t envelopes, std::uint64_t bytes) {
  std::vector<std::string> taken;
  const std::lock_guard lock(mutex_);
  std::uint64_t size = 0;
  while (!waiting_.empty() && taken.size() < envelopes && size < bytes) {
    size += waiting_.front().size();
    bytes_ -= waiting_.front().size() + overhead;
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (waiting_.empty()) told_ = false;
  return taken;
}

} // namespace reenact::runtime
