#include "actors/mallbots/depot/work.hpp"
#include "actors/mallbots/modules.hpp"

namespace mallbots::depot {

void install(registry& node) {
  node.add<shopping_list>();
  node.add<bot>();
  node.view<work>();
  node.view<fleet>();
}

} // namespace mallbots::depot
