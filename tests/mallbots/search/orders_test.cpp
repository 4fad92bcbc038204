#include "actors/mallbots/search/orders.hpp"

#include "tests/given.hpp"

using namespace mallbots;
using namespace reenact::model;
using mallbots::search::orders;
using reenact::tests::pb;
using searchpb::SearchOrdersRequest;

namespace {

const auto created = pb<ordering::OrderCreated>(R"(order_id: 'o-1' customer_id: 'c-1'
    payment_id: 'pay' total: 299700 customer_name: 'Ada' created_at { seconds: 7 nanos: 5000 }
    items { product_id: 'p-1' store_id: 's-1' price: 99900 quantity: 2
            product_name: 'Hat' store_name: 'Waldorf' }
    items { product_id: 'p-2' store_id: 's-1' price: 99900 quantity: 1
            product_name: 'Cup' store_name: 'Waldorf' })");

/// The row of one order after some events.
class found {
public:
  explicit found(const any_message& first) { row_.set_order_id("o-1"), after(first); }

  found& after(const any_message& event) {
    const ::model::Metadata none;
    view_.events.at(event.GetTypeName()).evolve(row_, event, {.metadata = none});
    return *this;
  }
  const search::Order& row() const { return row_; }
  searchpb::Order shown() const { return from<searchpb::GetOrderResponse>(row_).order(); }
  const view_type& view() const { return view_; }

private:
  view_type view_ = erase_view<orders>();
  search::Order row_;
};

filter asked(const std::string& filters) {
  const auto means = orders::select(pb<SearchOrdersRequest>("filters { " + filters + " }"));
  REQUIRE(std::holds_alternative<filter>(means));
  return std::get<filter>(means);
}

/// The conditions of a search, in their order.
std::vector<std::string> conditions(const std::string& filters) {
  std::vector<std::string> all;
  for (const auto& c : asked(filters).conditions) all.push_back(c.field);
  return all;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an order is shown as it was placed, with the names and the time of then", "[search]") {
  CHECK(found(created).shown().ShortDebugString() ==
        pb<searchpb::Order>(R"(order_id: 'o-1' customer_id: 'c-1' customer_name: 'Ada'
    items { product_id: 'p-1' store_id: 's-1' product_name: 'Hat' store_name: 'Waldorf'
            price: 9.99 quantity: 2 }
    items { product_id: 'p-2' store_id: 's-1' product_name: 'Cup' store_name: 'Waldorf'
            price: 9.99 quantity: 1 }
    total: 29.97 status: 'New' created_at { seconds: 7 nanos: 5000 })")
            .ShortDebugString());
}

TEST_CASE("an order's status is in the words of the search", "[search]") {
  CHECK(found(created).row().status() == "New");
  CHECK(found(created).after(ordering::OrderApproved()).row().status() == "Approved");
  CHECK(found(created).after(ordering::OrderRejected()).row().status() == "Rejected");
  CHECK(found(created).after(ordering::OrderReadied()).row().status() == "Ready For Pickup");
  CHECK(found(created).after(ordering::OrderCanceled()).row().status() == "Canceled");
  CHECK(found(created).after(ordering::OrderCompleted()).row().status() == "Completed");
}

TEST_CASE("an order is found by its items, and lies where it was placed", "[search]") {
  const found f(created);
  CHECK(texts(f.row().product_ids().begin(), f.row().product_ids().end()) == texts{"p-1", "p-2"});
  CHECK(texts(f.row().store_ids().begin(), f.row().store_ids().end()) == texts{"s-1", "s-1"});
  CHECK(f.view().created_us(f.row()) == 7'000'005);
}

TEST_CASE("a search asks for what was given, what fewest orders fulfil first", "[search]") {
  CHECK(conditions("").empty());
  CHECK(asked("").by == filter::order::newest_first);
  CHECK(conditions(R"(status: 'New' min_total: 1 max_total: 2 store_ids: 's' product_ids: 'p'
                      customer_id: 'c')") ==
        texts{"customer_id", "product_ids", "store_ids", "status", "total", "total"});
}

TEST_CASE("after is the first moment that is searched, before the first that is not", "[search]") {
  const auto which = asked("after { seconds: 7 } before { seconds: 8 nanos: 1 }");
  CHECK(which.from_us == 7'000'000);
  CHECK(which.before_us == 8'000'001); // what was placed at 8 s sharp is before it
  CHECK(asked("after { seconds: 7 nanos: 5001 }").from_us == 7'000'006);
}

TEST_CASE("totals are compared as money, and must be numbers", "[search]") {
  const auto which = asked("min_total: 9.99 max_total: 20");
  CHECK(std::get<std::int64_t>(which.conditions[0].values[0]) == 99'900);
  CHECK(std::get<std::int64_t>(which.conditions[1].values[0]) == 200'000);
  for (const auto* total : {"min_total: nan", "max_total: inf", "max_total: -1e30"}) {
    const auto means =
        orders::select(pb<SearchOrdersRequest>("filters { " + std::string(total) + " }"));
    REQUIRE(std::holds_alternative<rejection>(means));
    CHECK(std::get<rejection>(means) == orders::total_out_of_range);
  }
}

TEST_CASE("a search shows 50 orders unless another number is named, and never more than 500",
          "[search]") {
  const auto view = erase_view<orders>();
  const auto limit = [&](const std::string& text) {
    return std::get<filter>(selection(view, pb<SearchOrdersRequest>(text))).limit;
  };
  CHECK(limit("") == 50);
  CHECK(limit("limit: 3") == 3);
  CHECK(limit("limit: 501") == 500);
}

TEST_CASE("one order is found by its id, or it is not found", "[search]") {
  const auto view = erase_view<orders>();
  const auto means = selection(view, pb<searchpb::GetOrderRequest>("id: 'o-1'"));
  const auto& by = std::get<filter>(means).conditions.at(0);
  CHECK(by.field == "order_id");
  CHECK(std::get<std::string>(by.values[0]) == "o-1");
  REQUIRE(view.unknown_to(searchpb::GetOrderRequest::descriptor()) != nullptr);
  CHECK(*view.unknown_to(searchpb::GetOrderRequest::descriptor()) == orders::unknown);
  CHECK(view.unknown_to(SearchOrdersRequest::descriptor()) == nullptr);
}
