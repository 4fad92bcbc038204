#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/notifications/sent.hpp"

namespace mallbots::notifications {
namespace {

/// Each event of an order is told once: the notification's id is made of the event's.
template <class Event, class Notify>
void tell(registry& node) {
  node.on<Event>("notification-orders", [](const Event& e) { return send(from<Notify>(e)); });
}

/// Where the customer can be reached.
errands text(const NotificationSent& e) {
  if (e.sms_number().empty()) return {};
  return {deliver("notifier", from<notificationspb::Notification>(e))};
}

} // namespace

void install(registry& node) {
  node.add<notification>();
  node.view<sent>();
  tell<ordering::OrderCreated, NotifyOrderCreatedRequest>(node);
  tell<ordering::OrderApproved, NotifyOrderApprovedRequest>(node);
  tell<ordering::OrderRejected, NotifyOrderRejectedRequest>(node);
  tell<ordering::OrderReadied, NotifyOrderReadyRequest>(node);
  tell<ordering::OrderCanceled, NotifyOrderCanceledRequest>(node);
  tell<ordering::OrderCompleted, NotifyOrderCompletedRequest>(node);
  node.on<NotificationSent>("notification-texts", text);
}

} // namespace mallbots::notifications
