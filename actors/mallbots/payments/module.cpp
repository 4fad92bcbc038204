#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/payments/invoice.hpp"
#include "actors/mallbots/payments/payment.hpp"

namespace mallbots::payments {

void install(registry& node) {
  node.add<payment>();
  node.add<invoice>();
}

} // namespace mallbots::payments
