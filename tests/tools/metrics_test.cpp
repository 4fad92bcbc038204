#include "tools/node/metrics.hpp"

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "persistence/open.hpp"

using Catch::Contains;
using reenact::tools::metrics;

namespace {

/// What a node of the whole shop says that was never asked anything.
std::string text_at_start() {
  reenact::model::registry types;
  mallbots::install(types);
  const auto journal = std::move(*reenact::persistence::open("memory:"));
  const reenact::runtime::system_clock time;
  reenact::runtime::system_entropy random;
  reenact::runtime::node node(types, *journal, time, random, {});
  REQUIRE(node.start());
  return metrics(node, *journal).text();
}

std::string sent(const std::string& module, const std::string& message) {
  return module + "_sent_messages_count{message=\"" + message + "\"} 0\n";
}
std::string received(const std::string& module, const std::string& message, const char* handled) {
  return module + "_received_messages_count{message=\"" + message + "\",handled=\"" + handled +
         "\"} 0\n";
}
std::string bucket(const std::string& module, const std::string& message, const char* handled,
                   const char* bound) {
  return module + "_received_messages_latency_seconds_bucket{message=\"" + message +
         "\",handled=\"" + handled + "\",le=\"" + bound + "\"} 0\n";
}

} // namespace

TEST_CASE("every module that sends says so from the start, for each message and for all") {
  const auto text = text_at_start();
  for (const std::string module :
       {"baskets", "cosec", "customers", "depot", "ordering", "payments", "stores"}) {
    CHECK_THAT(text, Contains("# HELP " + module +
                              "_sent_messages_count The total number of messages sent by " +
                              module + "\n"));
    CHECK_THAT(text, Contains("# TYPE " + module + "_sent_messages_count counter\n"));
    CHECK_THAT(text, Contains(sent(module, "all")));
  }
  for (const auto* message :
       {"StoreCreated", "StoreRebranded", "StoreParticipatingToggled", "ProductAdded",
        "ProductRebranded", "ProductPriceIncreased", "ProductPriceDecreased", "ProductRemoved"})
    CHECK_THAT(text, Contains(sent("stores", "storesapi." + std::string(message))));
  for (const auto* command :
       {"ordersapi.RejectOrder", "ordersapi.ApproveOrder", "customersapi.AuthorizeCustomer",
        "depotapi.CreateShoppingListCommand", "depotapi.CancelShoppingListCommand",
        "depotapi.InitiateShoppingCommand", "paymentsapi.ConfirmPayment"})
    CHECK_THAT(text, Contains(sent("cosec", command)));
  for (const auto* module : {"customers", "depot", "ordering", "payments"})
    for (const auto* reply : {"am.Success", "am.Failure"})
      CHECK_THAT(text, Contains(sent(module, reply)));
  CHECK_THAT(text, Contains(sent("depot", "depotapi.CreatedShoppingListReply")));
  for (const auto* module : {"notifications", "search"})
    CHECK_THAT(text, !Contains(module + std::string("_sent_messages_count")));
}

TEST_CASE("every module that receives says so from the start, whether handled or not") {
  const auto text = text_at_start();
  for (const std::string module : {"baskets", "cosec", "customers", "depot", "notifications",
                                   "ordering", "payments", "search"}) {
    CHECK_THAT(text, Contains("# HELP " + module +
                              "_received_messages_count The total number of messages received by " +
                              module + "\n"));
    CHECK_THAT(text, Contains("# TYPE " + module + "_received_messages_count counter\n"));
    CHECK_THAT(text,
               Contains("# TYPE " + module + "_received_messages_latency_seconds histogram\n"));
    for (const auto* handled : {"true", "false"}) {
      CHECK_THAT(text, Contains(received(module, "all", handled)));
      for (const auto* bound :
           {"0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "+Inf"})
        CHECK_THAT(text, Contains(bucket(module, "all", handled, bound)));
    }
  }
  for (const auto* handled : {"true", "false"}) {
    CHECK_THAT(text, Contains(received("cosec", "ordersapi.OrderCreated", handled)));
    CHECK_THAT(text, Contains(received("cosec", "depotapi.CreatedShoppingListReply", handled)));
    CHECK_THAT(text, Contains(received("cosec", "am.Success", handled)));
    CHECK_THAT(text, Contains(received("cosec", "am.Failure", handled)));
    CHECK_THAT(text, Contains(received("customers", "customersapi.AuthorizeCustomer", handled)));
    CHECK_THAT(text, Contains(received("depot", "depotapi.CancelShoppingListCommand", handled)));
    CHECK_THAT(text, Contains(received("ordering", "basketsapi.BasketCheckedOut", handled)));
    CHECK_THAT(text, Contains(received("payments", "ordersapi.OrderReadied", handled)));
    CHECK_THAT(text, Contains(received("search", "ordersapi.OrderCreated", handled)));
    CHECK_THAT(text, Contains(bucket("search", "ordersapi.OrderCreated", handled, "+Inf")));
  }
  CHECK_THAT(text, !Contains("stores_received_messages_count"));
}
