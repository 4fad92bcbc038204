#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/util/time_util.h>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/ordering/order.pb.h"
#include "messages/mallbots/search/api.pb.h"
#include "messages/mallbots/search/orders.pb.h"

namespace mallbots::search {

using namespace searchpb;

/// Every order as it was placed, with the names of that time, and how it stands. Listed by when it
/// was placed, which is what is shown and asked for, rather than by when that became durable.
struct orders {
  static constexpr auto name = "search.orders";
  static constexpr std::size_t limit_default = 50, limit_max = 500;
  using row = search::Order;
  using events = types<ordering::OrderCreated, ordering::OrderApproved, ordering::OrderRejected,
                       ordering::OrderReadied, ordering::OrderCanceled, ordering::OrderCompleted>;
  using queries = types<SearchOrdersRequest>;
  using finds = types<GetOrderRequest>;

  static constexpr auto unknown = not_found("search.unknown", "order not found");
  static constexpr auto total_out_of_range =
      invalid("search.total_out_of_range", "the total is out of range");

  /// What fewest orders fulfil comes first, because orders are looked for by it: a customer has
  /// fewer than a product, a product fewer than its store, a store fewer than most statuses.
  static meaning select(const SearchOrdersRequest& q) {
    const auto& f = q.filters();
    if (beyond_any_sum(f.min_total()) || beyond_any_sum(f.max_total())) return total_out_of_range;
    return filter()
        .equals_if_given("customer_id", f.customer_id())
        .any_of_if_given("product_ids", texts(f.product_ids()))
        .any_of_if_given("store_ids", texts(f.store_ids()))
        .equals_if_given("status", f.status())
        .at_least_if_given("total", bound(f.min_total()))
        .at_most_if_given("total", bound(f.max_total()))
        .created_from(first_us(f.after()))
        .created_before(f.has_before() ? first_us(f.before()) : filter().before_us)
        .newest_first();
  }

  static std::int64_t created_us(const row& r) {
    return google::protobuf::util::TimeUtil::TimestampToMicroseconds(r.created_at());
  }

  static void evolve(row& r, const ordering::OrderCreated& e) {
    assign(r, e);
    r.set_status("New");
    for (int i = 0; i < e.items_size(); ++i) {
      r.mutable_items(i)->set_quantity(e.items(i).quantity());
      r.add_product_ids(e.items(i).product_id());
      r.add_store_ids(e.items(i).store_id());
    }
  }
  static void evolve(row& r, const ordering::OrderApproved&) { r.set_status("Approved"); }
  static void evolve(row& r, const ordering::OrderRejected&) { r.set_status("Rejected"); }
  static void evolve(row& r, const ordering::OrderReadied&) { r.set_status("Ready For Pickup"); }
  static void evolve(row& r, const ordering::OrderCanceled&) { r.set_status("Canceled"); }
  static void evolve(row& r, const ordering::OrderCompleted&) { r.set_status("Completed"); }

private:
  using value = reenact::messages::value;

  static std::vector<value> texts(const auto& given) { return {given.begin(), given.end()}; }

  static std::optional<value> bound(double total) {
    return total == 0 ? std::nullopt : std::optional<value>(to_money(total));
  }

  /// The first microsecond that is not before it: orders are placed at whole ones.
  static std::int64_t first_us(const google::protobuf::Timestamp& at) {
    return at.seconds() * 1'000'000 + (at.nanos() + 999) / 1'000;
  }
};

} // namespace mallbots::search
