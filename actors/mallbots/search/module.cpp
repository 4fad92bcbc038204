#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/search/orders.hpp"

namespace mallbots::search {

void install(registry& node) { node.view<orders>(); }

} // namespace mallbots::search
