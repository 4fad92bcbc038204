#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"

using reenact::model::registry;

TEST_CASE("what a module installs is known to belong to it", "[registry]") {
  registry shop;
  mallbots::install(shop);
  for (const auto& a : shop.aggregates()) CHECK(!a->module.empty());
  for (const auto& v : shop.views()) CHECK(v->name.starts_with(v->module + '.'));
  CHECK(shop.named("payments.Invoice")->module == "payments");
  CHECK(shop.named("cosec.CreateOrder")->module == "cosec");
  for (const auto& p : shop.policies()) {
    INFO(p->name);
    CHECK(!p->module.empty());
    if (p->name == "payment-orders") CHECK(p->module == "payments");
  }
}
