#include "persistence/redis/tail.hpp"

#include <utility>

namespace reenact::persistence::redis {
namespace {

using namespace std::chrono_literals;

constexpr auto block = 1'000ms; ///< after which all logs are looked at
constexpr auto pace = 1ms;      ///< between two looks, however much is written
constexpr auto again = 100ms;   ///< after a connection that could not be had

} // namespace

tail::tail(site& at, std::function<void()> grown)
  : site_(at),
    grown_(std::move(grown)),
    told_(at.seen()),
    thread_(&tail::follow, this) {}

tail::~tail() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    if (session_) session_->interrupt();
  }
  wake_.notify_all();
  thread_.join();
}

void tail::follow() {
  for (;;) {
    auto made = site_.connect(clock::now() + block);
    std::unique_lock lock(mutex_);
    if (ending_) return;
    if (!made) {
      wake_.wait_for(lock, again, [&] { return ending_; });
      continue;
    }
    session_.emplace(std::move(*made));
    lock.unlock();
    while (look(*session_) && wait_for_entries(*session_)) {
    }
    lock.lock();
    session_.reset();
    if (ending_) return;
  }
}

bool tail::look(session& at) {
  if (!site_.look(at, clock::now() + 2 * block)) return false;
  auto ends = site_.seen();
  const bool grew = ends != std::exchange(told_, ends);
  if (grew) grown_();
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, pace, [&] { return ending_; });
}

/// False: the connection is lost.
bool tail::wait_for_entries(session& at) {
  command from, read("XREAD");
  read.add("COUNT").add("1").add("BLOCK").add(
      static_cast<std::uint64_t>(std::chrono::milliseconds(block).count()));
  read.add("STREAMS");
  for (shard_id s = 0; s < site_.shards(); ++s) {
    if (site_.owned(s)) continue; // who writes there tells it
    read.add(site_.keys().log(s));
    from.add("0-" + std::to_string(told_[s]));
  }
  if (from.parts() == 0) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, block, [&] { return ending_; });
  }
  const auto said = at.ask(request(read.add(from)), clock::now() + 2 * block);
  return said && !said->view().is_error();
}

} // namespace reenact::persistence::redis
