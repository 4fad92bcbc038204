#include "tests/persistence/contract.hpp"

namespace contract {

reenact::tests::redis_server& redis_engine::server() {
  static reenact::tests::redis_server one;
  return one;
}

std::string redis_engine::fresh_cluster() {
  static int made = 0;
  return "cluster-" + std::to_string(++made);
}

} // namespace contract
