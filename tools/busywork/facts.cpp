#include "tools/busywork/facts.hpp"

#include <utility>

namespace reenact::tools::busywork {

std::string_view name_of(thing what) {
  constexpr std::array<std::string_view, things> names = {"customer", "store", "product", "order",
                                                          "basket"};
  return names[static_cast<std::size_t>(what)];
}

void facts::learn(fact what) {
  auto& in = of(what.what);
  ++in.learned;
  auto at = in.kept.size();
  if (const auto known = in.places.find(what.id); known != in.places.end()) {
    at = known->second;
  } else if (at == most_) {
    at = static_cast<std::size_t>(chance_.below(in.learned));
    if (at >= most_) return;
    in.places.erase(in.kept[at].id);
  }
  in.places[what.id] = at;
  if (at == in.kept.size())
    in.kept.push_back(std::move(what));
  else
    in.kept[at] = std::move(what);
}

std::optional<fact> facts::forget(thing what, std::string_view id) {
  auto& in = of(what);
  const auto known = in.places.find(std::string(id));
  if (known == in.places.end()) return {};
  const auto at = known->second;
  in.places.erase(known);
  auto was = std::move(in.kept[at]);
  if (at + 1 != in.kept.size()) {
    in.kept[at] = std::move(in.kept.back());
    in.places[in.kept[at].id] = at;
  }
  in.kept.pop_back();
  return was;
}

bool facts::knows(thing what, std::string_view id) const {
  return of(what).places.contains(std::string(id));
}

const fact* facts::one_of(thing what, dice& chance) const {
  const auto& kept = of(what).kept;
  return kept.empty() ? nullptr : &chance.one_of(kept);
}

std::vector<fact> facts::all() const {
  std::vector<fact> everything;
  for (const auto& in : samples_)
    everything.insert(everything.end(), in.kept.begin(), in.kept.end());
  return everything;
}

} // namespace reenact::tools::busywork
