#include <algorithm>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/depot/bot.pb.h"
#include "messages/mallbots/ordering/api.pb.h"
#include "messages/mallbots/ordering/order.pb.h"
#include "messages/model/saga.pb.h"

using reenact::model::registry;
using reenact::model::since;

using namespace mallbots;

TEST_CASE("a saga tells what starts it, what cancels it and what its steps ask", "[registry]") {
  registry shop;
  install(shop);
  REQUIRE(shop.sagas().size() == 1);
  const auto& saga = shop.sagas().front();
  CHECK(saga.aggregate == shop.named("cosec.CreateOrder"));
  CHECK(saga.starts == ordering::OrderCreated::descriptor());
  CHECK(saga.cancels == ordering::OrderCanceled::descriptor());
  REQUIRE(saga.steps.size() == 6);
  CHECK(saga.steps[0].name == "order");
  CHECK(saga.steps[0].run == nullptr);
  CHECK(saga.steps[0].undo == orderingpb::RejectOrderRequest::descriptor());
  CHECK(saga.steps[2].run == depotpb::CreateShoppingListRequest::descriptor());
  CHECK(saga.steps[2].undo == depotpb::RecallShoppingListRequest::descriptor());
  for (const auto& name : {saga.starter(), saga.stepper()})
    CHECK(std::ranges::count(shop.policies(), name, [](const auto& p) { return p->name; }) == 1);
}

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

TEST_CASE("what the operator wants is installed, and nothing else", "[registry]") {
  const auto dispatches = [](const registry& r) {
    return std::ranges::any_of(r.policies(),
                               [](const auto& p) { return p->name == "depot-dispatch"; });
  };
  registry plain, wanted;
  mallbots::install(plain);
  wanted.enable("depot.auto_assign");
  mallbots::install(wanted);
  CHECK_FALSE(dispatches(plain));
  CHECK(dispatches(wanted));
}

TEST_CASE("a policy begins with what is new, or with the journal, and not with both",
          "[registry]") {
  using mallbots::depot::BotAdded, mallbots::depot::BotWentOnline, mallbots::depot::BotWentOffline;
  const auto nothing = [](const auto&) { return reenact::model::errands{}; };
  registry r;
  r.on<BotAdded>("new", nothing);
  r.on<BotAdded>("all", nothing, since::start);
  r.on<BotWentOnline>("all", nothing, since::start);
  CHECK(r.policies()[0]->begins == since::now);
  CHECK(r.policies()[1]->begins == since::start);
  CHECK_THROWS_AS(r.on<BotWentOffline>("all", nothing), std::logic_error);
}

TEST_CASE("a saga that is stuck is for somebody to look at, with its reason", "[registry]") {
  registry shop;
  install(shop);
  const auto steps = std::ranges::find(shop.policies(), shop.sagas().front().stepper(),
                                       [](const auto& p) { return p->name; });
  ::model::StepStuck stuck;
  stuck.set_saga_id("o-1");
  stuck.set_step("payment");
  stuck.mutable_why()->set_text("no");
  CHECK_THROWS_WITH((*steps)->events.at("model.StepStuck").react(stuck),
                    "the saga o-1 is stuck: the undo of its step 'payment' was refused: no");
}
