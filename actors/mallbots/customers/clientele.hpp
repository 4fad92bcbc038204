#pragma once

#include "actors/mallbots/customers/customer.hpp"

namespace mallbots::customers {

/// All customers of the mall.
struct clientele {
  static constexpr auto name = "customers.clientele";
  using row = Customer;
  using evolves = customer;
  using queries = types<GetCustomersRequest>;

  static filter select(const GetCustomersRequest&) { return {}; }
};

} // namespace mallbots::customers
