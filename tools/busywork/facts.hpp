#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/busywork/dice.hpp"

namespace reenact::tools::busywork {

enum class thing { customer, store, product, order, basket };
inline constexpr std::size_t things = 5;
std::string_view name_of(thing what);

/// What the shop has answered about something that nobody else changes, so it must stay so.
struct fact {
  thing what = thing::customer;
  std::string id;
  std::string name;       ///< of a customer, store or product
  std::int64_t money = 0; ///< in 1/10000: a product's price, a completed order's total
};

/// What is remembered of it: of each thing up to so many facts, and of more an even sample.
class facts {
public:
  facts(std::size_t of_a_thing_max, std::uint64_t seed) : most_(of_a_thing_max), chance_(seed, 0) {}

  void learn(fact what);
  /// While something is being changed nothing is known about it, and no other client takes it.
  std::optional<fact> forget(thing what, std::string_view id);
  bool knows(thing what, std::string_view id) const;
  /// Any one of them, as `chance` has it.
  const fact* one_of(thing what, dice& chance) const;

  std::vector<fact> all() const;

private:
  /// A reservoir: every fact ever learned has the same chance to be in it.
  struct sample {
    std::vector<fact> kept;
    std::unordered_map<std::string, std::size_t> places; ///< id -> index in kept
    std::uint64_t learned = 0;
  };
  sample& of(thing what) { return samples_[static_cast<std::size_t>(what)]; }
  const sample& of(thing what) const { return samples_[static_cast<std::size_t>(what)]; }

  const std::size_t most_;
  dice chance_;
  std::array<sample, things> samples_;
};

} // namespace reenact::tools::busywork
