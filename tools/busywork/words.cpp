#include "tools/busywork/words.hpp"

#include <array>

namespace reenact::tools::busywork {
namespace {

constexpr std::array first = {"Ada",    "Grace", "Edsger", "Barbara", "Carl",   "Tony",
                              "Leslie", "Robin", "Joe",    "Frances", "Niklaus"};
constexpr std::array last = {"Lovelace", "Hopper", "Dijkstra",  "Liskov", "Hewitt", "Hoare",
                             "Lamport",  "Milner", "Armstrong", "Allen",  "Wirth"};
constexpr std::array trade = {"Books", "Toys", "Tools", "Shoes", "Garden", "Music", "Tea"};
constexpr std::array kind = {"& Sons", "Ltd", "Company", "Brothers", "House", "Corner"};
constexpr std::array part = {"Home", "Outdoors", "Sports", "Kids", "Beauty", "Grocery", "Games"};
constexpr std::array looks = {"Small", "Handmade", "Refined", "Rustic", "Sleek", "Practical"};
constexpr std::array made_of = {"Wooden", "Steel", "Cotton", "Rubber", "Granite", "Paper"};
constexpr std::array article = {"Chair", "Lamp", "Ball", "Table", "Hat", "Clock", "Kettle"};

template <class... Words>
std::string spaced(const Words&... words) {
  std::string all;
  ((all += (all.empty() ? "" : " ") + std::string(words)), ...);
  return all;
}

} // namespace

std::string person(dice& chance) {
  const auto* name = chance.one_of(first);
  return spaced(name, chance.one_of(last), std::to_string(chance.below(10'000)));
}

std::string phone(dice& chance) { return "555-" + std::to_string(chance.between(1'000, 9'999)); }

std::string company(dice& chance) {
  const auto* name = chance.one_of(last);
  const auto* what = chance.one_of(trade);
  return spaced(name, what, chance.one_of(kind), std::to_string(chance.below(10'000)));
}

std::string department(dice& chance) { return chance.one_of(part); }

std::string product(dice& chance) {
  const auto* seems = chance.one_of(looks);
  const auto* from = chance.one_of(made_of);
  return spaced(seems, from, chance.one_of(article), std::to_string(chance.below(10'000)));
}

std::string description(dice& chance) {
  const auto* seems = chance.one_of(looks);
  return spaced("Looks", seems, "wherever you put it");
}

std::string sku(dice& chance) { return "sku-" + std::to_string(chance.below(1'000'000)); }

} // namespace reenact::tools::busywork
