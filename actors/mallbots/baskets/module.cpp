#include "actors/mallbots/baskets/basket.hpp"
#include "actors/mallbots/modules.hpp"

namespace mallbots::baskets {

void install(registry& node) { node.add<basket>(); }

} // namespace mallbots::baskets
