#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/ordering/order.hpp"

namespace mallbots::ordering {

void install(registry& node) { node.add<order>(); }

} // namespace mallbots::ordering
