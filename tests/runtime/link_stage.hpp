#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "actors/runtime/caf_links.hpp"

namespace reenact::tests {

using namespace std::chrono_literals;

/// Long enough for a machine that does much else; a test that waits so long has failed.
constexpr auto patience = 60s;

/// Hears the links of one node, and keeps what it heard. Thread safe.
class ear final : public runtime::link_listener {
public:
  void up(std::uint64_t peer) override;
  void down(std::uint64_t peer, const std::string& why) override;
  void received(std::uint64_t from, std::string_view envelope) override;

  template <class What>
  void change(What what) {
    const std::lock_guard lock(mutex);
    what();
    changed.notify_all();
  }
  /// Until it holds; false when patience is at its end.
  template <class What>
  [[nodiscard]] bool wait(What what) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, patience, what);
  }
  [[nodiscard]] bool wait_up(std::uint64_t peer) {
    return wait([&] { return up_now[peer]; });
  }
  [[nodiscard]] bool wait_down(std::uint64_t peer) {
    return wait([&] { return downs[peer] > 0 && !up_now[peer]; });
  }

  // Set before the links are made.
  std::function<void(std::uint64_t, std::string_view)> answer;
  bool keeping = true;

  std::mutex mutex; ///< guards what follows
  std::condition_variable changed;
  bool holding = false; ///< what is received is not returned from
  std::map<std::uint64_t, int> ups, downs;
  std::map<std::uint64_t, bool> up_now;
  std::map<std::uint64_t, std::vector<std::string>> heard;
  std::vector<std::string> whys;
  std::size_t begun = 0, count = 0; ///< calls of received, and returns
  int strays = 0;                   ///< received of a peer that was not up
};

/// One node's links with their ear.
struct linked_node {
  using how_made = std::function<void(runtime::caf_links_options&)>;
  using how_heard = std::function<void(ear&)>;
  explicit linked_node(std::uint64_t incarnation, const how_made& how = {},
                       const how_heard& hears = {});

  /// Fails the test if it cannot.
  void send(std::uint64_t to, const std::string& envelope);

  ear heard;
  std::unique_ptr<runtime::caf_links> links;
  runtime::peer me;
};

/// All follow all.
void introduce(std::initializer_list<linked_node*> all);
/// The same, and they are linked when it returns.
void link(linked_node& a, linked_node& b);
/// Whether what each sends now comes to the other.
bool exchange(linked_node& a, linked_node& b);

} // namespace reenact::tests
