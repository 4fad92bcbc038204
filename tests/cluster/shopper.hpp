#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <random>
#include <string>

#include "tests/cluster/load.hpp"
#include "tests/cluster/shop_request.hpp"
#include "tests/system/http_client.hpp"

namespace reenact::tests {

/// One client of a load: chooses what to do next, sees it through, and writes down every attempt.
/// On a thread of its own.
class shopper {
public:
  shopper(meeting_place& at, std::size_t number);

  /// Until the load ends, or the history is full.
  void shop();

private:
  /// What was asked, and with which headers, so that it can be asked again.
  struct sent {
    shop_request what;
    std::string key, if_match;
  };

  std::uint64_t below(std::uint64_t most) { return chance_() % most; }
  bool goes_on() const { return !at_.ended() && at_.seen.has_room(number_); }
  std::string word() { return "n" + std::to_string(below(1'000'000)); }

  void do_something();
  void change_something();
  void create_something();
  void look_around();
  void buy();
  bool fill(const std::string& basket);
  void follow(const std::string& order);

  /// Carries it out, however often it must be sent; what came of it in the end.
  operation carry_out(const shop_request& what);
  operation see_through(const sent& what);
  /// Sends it once; none: nobody was there to send it to.
  std::optional<operation> attempt(const sent& what);
  bool connect();
  /// Goes to the next node.
  void leave();
  void learn(const operation& did);
  void repeat_something();

  meeting_place& at_;
  const std::size_t number_;
  std::mt19937_64 chance_;
  std::uint64_t keys_ = 0, gateway_;
  std::optional<http_client> connection_;
  std::deque<sent> definite_; ///< the last few commands that a repeat must be answered alike
};

} // namespace reenact::tests
