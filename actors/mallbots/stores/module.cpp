#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/stores/mall.hpp"
#include "actors/mallbots/stores/product.hpp"
#include "actors/mallbots/stores/store.hpp"

namespace mallbots::stores {

void install(registry& node) {
  node.add<store>();
  node.add<product>();
  node.view<mall>();
  node.view<catalog>();
}

} // namespace mallbots::stores
