#include "tools/busywork/work.hpp"

#include <array>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include "tools/busywork/call.hpp"

using namespace reenact::tools::busywork;

namespace {

std::vector<work> day_of(std::uint64_t seed, std::uint64_t client) {
  dice chance(seed, client);
  std::vector<work> all;
  for (int i = 0; i < 50; ++i) all.push_back(choose(chance));
  return all;
}

} // namespace

TEST_CASE("a seed repeats what every client does, and no two clients do the same") {
  CHECK(day_of(1, 1) == day_of(1, 1));
  CHECK(day_of(1, 1) != day_of(1, 2));
  CHECK(day_of(1, 1) != day_of(2, 1));
  CHECK(day_of(1, 1) != day_of((1ULL << 32U) + 1, 1)); // every bit of a seed counts
}

TEST_CASE("work comes in the shares that the contract gives it") {
  dice chance(7, 1);
  std::array<double, works> counts{};
  constexpr int many = 200'000;
  for (int i = 0; i < many; ++i) ++counts[static_cast<std::size_t>(choose(chance))];
  const auto share = [&](work what) { return counts[static_cast<std::size_t>(what)] / many; };
  CHECK(share(work::browse) == Approx(0.5 * 3 / 4).margin(0.005));
  CHECK(share(work::buy) == Approx(0.5 / 4).margin(0.005));
  CHECK(share(work::register_customer) == Approx(0.5 * 0.4).margin(0.005));
  CHECK(share(work::set_up_store) == Approx(0.5 * 0.1).margin(0.005));
  CHECK(share(work::add_inventory) == Approx(0.5 * 0.3).margin(0.005));
  CHECK(share(work::rebrand_store) == Approx(0.5 * 0.1).margin(0.005));
  CHECK(share(work::rebrand_product) == Approx(0.5 * 0.1).margin(0.005));
}

TEST_CASE("each work and each call has a name of its own") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < works; ++i) names.emplace(name_of(static_cast<work>(i)));
  for (std::size_t i = 0; i < calls; ++i) names.insert(name_of(static_cast<call>(i)));
  CHECK(names.size() == works + calls);
}

TEST_CASE("a call goes to its entity") {
  CHECK(name_of(call::rebrand_store) == "PUT /api/stores/{id}/rebrand");
  CHECK(target_of(call::rebrand_store, "s-1") == "/api/stores/s-1/rebrand");
  CHECK(target_of(call::find_list, "o-1") == "/api/depot/shopping?orderId=o-1");
  CHECK(target_of(call::pay_invoice, "o-1") == "/api/payments/invoices/o-1/pay");
  CHECK(target_of(call::create_store, "") == "/api/stores");
}
