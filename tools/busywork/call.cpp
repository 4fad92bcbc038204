#include "tools/busywork/call.hpp"

#include <array>

namespace reenact::tools::busywork {
namespace {

using boost::beast::http::verb;

constexpr std::array<route, calls> routes = {{{verb::post, "/api/customers"},
                                              {verb::get, "/api/customers/{id}"},
                                              {verb::post, "/api/stores"},
                                              {verb::get, "/api/stores?limit=100"},
                                              {verb::get, "/api/stores/{id}"},
                                              {verb::put, "/api/stores/{id}/rebrand"},
                                              {verb::post, "/api/stores/{id}/products"},
                                              {verb::get, "/api/stores/{id}/products?limit=100"},
                                              {verb::get, "/api/stores/products/{id}"},
                                              {verb::put, "/api/stores/products/{id}/rebrand"},
                                              {verb::post, "/api/baskets"},
                                              {verb::get, "/api/baskets/{id}"},
                                              {verb::put, "/api/baskets/{id}/addItem"},
                                              {verb::delete_, "/api/baskets/{id}"},
                                              {verb::put, "/api/baskets/{id}/checkout"},
                                              {verb::post, "/api/payments"},
                                              {verb::get, "/api/ordering/{id}"},
                                              {verb::get, "/api/depot/shopping?orderId={id}"},
                                              {verb::put, "/api/depot/shopping/{id}/assign"},
                                              {verb::put, "/api/depot/shopping/{id}/complete"},
                                              {verb::get, "/api/payments/invoices/{id}"},
                                              {verb::put, "/api/payments/invoices/{id}/pay"}}};

} // namespace

const route& route_of(call what) { return routes[static_cast<std::size_t>(what)]; }

std::string name_of(call what) {
  const auto& to = route_of(what);
  return std::string(boost::beast::http::to_string(to.verb)) + " " + std::string(to.path);
}

std::string target_of(call what, std::string_view id) {
  constexpr std::string_view place = "{id}";
  std::string target(route_of(what).path);
  if (const auto at = target.find(place); at != std::string::npos)
    target.replace(at, place.size(), id);
  return target;
}

} // namespace reenact::tools::busywork
