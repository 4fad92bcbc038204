#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "persistence/redis/site.hpp"

namespace reenact::persistence::redis {

/// Follows the logs of the shards that other processes own, on a thread and a connection of its
/// own: the server wakes it. Each second it looks at all logs, for owners that do not know yet that
/// they are none. Ends within a moment when it is destroyed.
class tail {
public:
  tail(site& at, std::function<void()> grown);
  ~tail();
  tail(const tail&) = delete;
  tail& operator=(const tail&) = delete;

private:
  void follow();
  bool wait_for_entries(session& at);
  bool look(session& at);

  site& site_;
  const std::function<void()> grown_;
  std::vector<sequence_t> told_; ///< the ends when somebody was told of them
  std::mutex mutex_;             ///< guards what follows
  std::optional<session> session_;
  bool ending_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

} // namespace reenact::persistence::redis
