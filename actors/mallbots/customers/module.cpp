#include "actors/mallbots/customers/clientele.hpp"
#include "actors/mallbots/customers/customer.hpp"
#include "actors/mallbots/modules.hpp"

namespace mallbots::customers {

void install(registry& node) {
  node.add<customer>();
  node.view<clientele>();
}

} // namespace mallbots::customers
