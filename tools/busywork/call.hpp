#pragma once

#include <cstddef>
#include <ostream> // which verb.hpp forgets
#include <string>
#include <string_view>

#include <boost/beast/http/verb.hpp>

namespace reenact::tools::busywork {

/// A request of the shop's API that a client makes.
enum class call {
  register_customer,
  get_customer,
  create_store,
  get_stores,
  get_store,
  rebrand_store,
  add_product,
  get_catalog,
  get_product,
  rebrand_product,
  start_basket,
  get_basket,
  add_item,
  cancel_basket,
  checkout,
  authorize_payment,
  get_order,
  find_list,
  assign_list,
  complete_list,
  get_invoice,
  pay_invoice
};
inline constexpr std::size_t calls = 22;

/// Lists are asked for in pages, for they only grow: whoever shops looks at the first of it.
struct route {
  boost::beast::http::verb verb;
  std::string_view path; ///< with {id} for the entity's
};

const route& route_of(call what);
std::string name_of(call what); ///< "PUT /api/stores/{id}/rebrand"
std::string target_of(call what, std::string_view id);

} // namespace reenact::tools::busywork
