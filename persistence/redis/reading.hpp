#pragma once

#include <condition_variable>
#include <mutex>
#include <span>
#include <vector>

#include "persistence/redis/site.hpp"

namespace reenact::persistence::redis {

/// The connections that read: a bounded few, each used by one thread at a time; who finds none
/// waits. Any thread. Nobody holds one while a visitor runs, so visitors may read.
class reading {
public:
  static constexpr std::size_t connections_max = 4;

  explicit reading(site& at) : site_(at) {}

  /// An answer for each, errors of the server are failures. Asked once more on a new connection if
  /// one was lost; waits at most `patience`.
  result<std::vector<answer>> ask(std::span<const request> all);
  result<answer> ask(const request& one);
  result<std::vector<sequence_t>> look();

private:
  result<session> borrow(deadline until);
  void bring_back(std::optional<session> used);
  template <class Use>
  auto with(Use use) -> decltype(use(std::declval<session&>(), deadline()));

  site& site_;
  std::mutex mutex_; // guards what follows
  std::condition_variable free_;
  std::vector<session> idle_;
  std::size_t lent_ = 0;
};

} // namespace reenact::persistence::redis
