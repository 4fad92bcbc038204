#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace reenact::runtime {

/// What waits for one peer, as the threads that send see it. Open while its link is up; what it
/// holds is bounded in bytes and gone when it closes. Thread safe.
class link_outbox {
public:
  static constexpr std::size_t overhead =
      64; ///< bytes that a waiting envelope counts beside its own

  explicit link_outbox(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Any thread. False: closed, or full.
  bool put(std::string envelope);
  /// Any thread: says that this node lives, if the link is up.
  void pulse();

  /// Both are called under the lock: they may only post. `wake` when something waits that nobody
  /// was told of; then take() is to be called until it gives nothing more.
  struct voice {
    std::function<void()> wake;
    std::function<void()> beat;
  };
  void open(voice with);
  /// Forgets what waits, and the voice.
  void close();

  /// Who is woken comes anyway, soon: no need to.
  void coming();
  /// What the peer has room for, in order; what it has not stays, and needs no waking. An envelope
  /// may go beyond `bytes`, so that a small room never stops a large one.
  std::vector<std::string> take(std::uint64_t envelopes, std::uint64_t bytes);

private:
  const std::size_t bytes_max_;
  std::mutex mutex_; ///< guards what follows
  std::deque<std::string> waiting_;
  std::size_t bytes_ = 0;
  bool told_ = false;
  voice voice_;
};

} // namespace reenact::runtime
