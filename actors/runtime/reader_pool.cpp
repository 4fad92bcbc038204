#include "actors/runtime/reader_pool.hpp"

#include <utility>

namespace reenact::runtime {

bool reader_pool::push(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void reader_pool::start(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { part_.keep_at([this] { work(); }); });
}

void reader_pool::stop() {
  std::deque<std::function<void()>> dropped; // destroyed outside the lock
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  part_.hurry();
  for (auto& t : threads_) t.join();
  threads_.clear();
}

bool reader_pool::step() {
  std::function<void()> task;
  {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) return false;
    task = std::move(queue_.front());
    queue_.pop_front();
  }
  task();
  return true;
}

void reader_pool::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
    }
    step();
  }
}

} // namespace reenact::runtime
