#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/mallbots/create_order/create_order.hpp"
#include "actors/runtime/reactor.hpp"
#include "messages/mallbots/baskets/api.pb.h"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/notifications/api.pb.h"
#include "messages/mallbots/ordering/api.pb.h"
#include "messages/mallbots/payments/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/model/saga.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

/// The whole shop with its policies and sagas on the deterministic stage: a store with a hat, Ada
/// who buys it, and what becomes of that.
namespace reenact::tests {

/// Where texts to customers arrive.
class texts_seen final : public port {
public:
  void deliver(delivery what, way_home home) override {
    const auto& n = static_cast<const notificationspb::Notification&>(*what.message);
    all.emplace_back(to_string(what.id), n.text());
    home(answers ? answers() : outcome::delivered, "the test says so");
  }
  void close() override {}

  std::vector<std::pair<std::string, std::string>> all; ///< ids and texts, in their order
  std::function<outcome()> answers;                     ///< unset: delivered
};

class shop_stage : public stage {
public:
  /// `wanted` is what the operator has switched on. Without its policies at work the stage is a
  /// node that does not have them yet.
  explicit shop_stage(std::uint64_t seed = 1, const std::vector<std::string>& wanted = {},
                      bool at_work = true)
    : stage(seed, {},
            [&wanted](model::registry& r) {
              for (const auto& key : wanted) r.enable(key);
              mallbots::install(r);
            },
            {.durable = [this](auto group, auto outcomes) {
              if (!reactions_.empty()) reactions().add(group, outcomes);
            }}) {
    here.ports.emplace("notifier", &texts);
    if (at_work) react_anew();
    must(pb<storespb::CreateStoreRequest>("name: 'Waldorf' location: 'here'"), "s-1");
    must(pb<storespb::AddProductRequest>("store_id: 's-1' name: 'Hat' price: 9.99"), "p-1");
    must(pb<customerspb::RegisterCustomerRequest>("name: 'Ada' sms_number: '555'"), "c-1");
    must(pb<paymentspb::AuthorizePaymentRequest>("customer_id: 'c-1' amount: 50"), "pay-1");
  }
  ~shop_stage() { stop(); }

  /// A reactor that knows what the journal does, as after a crash: nothing was stored on the way
  /// out, and no entity is in memory.
  void react_anew() {
    entities.end_all();
    run(); // what is on its way comes home to the old one, which hears nothing of it
    reactions_.push_back(
        std::make_unique<reactor>(here, entities, clockwork, reactor::options{.store_events = 1}));
    REQUIRE(reactions().prepare(*journal, here.tokens.all()));
  }
  reactor& reactions() const { return *reactions_.back(); }

  answer must(const any_message& request, const std::string& entity) {
    const auto seen = ask(request, entity);
    run();
    INFO(request.GetTypeName() << ": " << seen->got.text);
    REQUIRE(seen->got.what == answer::kind::accepted);
    return std::move(seen->got);
  }

  /// A basket with `hats` in it, ready for checkout().
  void fill(const std::string& basket, int hats = 2) {
    must(pb<basketspb::StartBasketRequest>("customer_id: '" + customer + "'"), basket);
    auto add = pb<basketspb::AddItemRequest>("product_id: 'p-1'");
    add.set_quantity(hats);
    must(add, basket);
  }
  void checkout(const std::string& basket) {
    must(pb<basketspb::CheckoutBasketRequest>("payment_id: '" + payment + "'"), basket);
  }

  /// One turn of the policies, and all that it moves, but no time.
  void react() {
    reactions().step();
    while (step()) {
    }
  }
  /// Until policies and entities rest; `longest` bounds what is waited for meanwhile.
  void settle(duration longest = std::chrono::seconds(60)) {
    const auto end = time.now() + longest;
    for (int quiet = 0; quiet < 3 && time.now() < end;) {
      const auto before = journal->log_ends();
      react();
      bool waits = false;
      for (const auto& p : reactions().progress()) waits |= p.pending > 0 || p.events_behind > 0;
      quiet = !waits && journal->log_ends() == before ? quiet + 1 : 0;
      if (waits) time.advance(std::chrono::milliseconds(10));
      clockwork.step();
    }
  }

  template <class Response, class Request>
  Response shown(const Request& request, const std::string& entity) {
    const auto seen = ask(request, entity);
    run();
    if (seen->got.what != answer::kind::accepted) return {};
    return static_cast<const Response&>(*seen->got.response);
  }
  std::string order_status(const std::string& id) {
    return shown<orderingpb::GetOrderResponse>(orderingpb::GetOrderRequest(), id).order().status();
  }
  std::string payment_status() {
    return shown<paymentspb::GetPaymentResponse>(paymentspb::GetPaymentRequest(), payment)
        .payment()
        .status();
  }

  using record_visitor = std::function<void(const persistence::stored&, const ::model::Record&)>;
  void each_record(const record_visitor& visit) const {
    const auto ends = journal->log_ends();
    for (persistence::shard_id s = 0; s < ends.size(); ++s)
      REQUIRE(journal->read_log(s, 1, SIZE_MAX, [&](const persistence::stored& at) {
        ::model::Record r;
        REQUIRE(r.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())));
        visit(at, r);
        return true;
      }));
  }
  /// How often an event stands in the journal, by its name without packages.
  int count(const std::string& event) const {
    int counted = 0;
    each_record([&](const auto&, const auto& r) { counted += r.type().ends_with("." + event); });
    return counted;
  }
  /// The entity of the first stream of a type.
  std::string stream_of(const std::string& type) const {
    std::string found;
    each_record([&](const auto& at, const auto&) {
      if (found.empty() && at.type == type) found = at.entity;
    });
    return found;
  }

  policy_progress progress(const std::string& policy) const {
    for (const auto& p : reactions().progress())
      if (p.name == policy) return p;
    throw std::logic_error("no policy " + policy);
  }

  std::string customer = "c-1", payment = "pay-1";
  texts_seen texts;

private:
  std::vector<std::unique_ptr<reactor>> reactions_; ///< the last one lives, the others have died
};

} // namespace reenact::tests
