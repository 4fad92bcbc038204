#include "actors/mallbots/notifications/notification.hpp"

#include "tests/given.hpp"

using namespace mallbots::notifications;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

const auto ada =
    pb<mallbots::customers::Customer>("customer_id: 'c-1' name: 'Ada' sms_number: '555'");
constexpr auto of_order = "order_id: 'o-1' customer_id: 'c-1'";

/// Ada is told so, in these words.
template <class Notify>
void tells(const std::string& kind, const std::string& event, const std::string& text) {
  given<notification>()
      .knowing(ada)
      .at(7'000'005)
      .when(pb<Notify>(of_order))
      .then(pb<NotificationSent>(
          "notification_id: 'it' customer_id: 'c-1' order_id: 'o-1' kind: '" + kind + "' text: '" +
          text + "' sms_number: '555' name: 'Ada' event: 'ordersapi." + event +
          "' sent_at { seconds: 7 nanos: 5000 }"));
}

} // namespace

TEST_CASE("a customer is told what becomes of an order", "[notifications]") {
  tells<NotifyOrderCreatedRequest>("order_created", "OrderCreated", "Your order o-1 was received.");
  tells<NotifyOrderApprovedRequest>("order_approved", "OrderApproved",
                                    "Your order o-1 is being prepared.");
  tells<NotifyOrderRejectedRequest>("order_rejected", "OrderRejected",
                                    "Your order o-1 could not be accepted.");
  tells<NotifyOrderReadyRequest>("order_ready", "OrderReadied",
                                 "Your order o-1 is ready for pick-up.");
  tells<NotifyOrderCanceledRequest>("order_canceled", "OrderCanceled",
                                    "Your order o-1 was canceled.");
  tells<NotifyOrderCompletedRequest>("order_completed", "OrderCompleted",
                                     "Your order o-1 is paid and complete. Thank you!");
}

TEST_CASE("what an unknown customer would have been told is recorded, without a number",
          "[notifications]") {
  given<notification>()
      .at(1'000'000)
      .when(pb<NotifyOrderCanceledRequest>(of_order))
      .then(pb<NotificationSent>(R"(notification_id: 'it' customer_id: 'c-1' order_id: 'o-1'
          kind: 'order_canceled' text: 'Your order o-1 was canceled.'
          event: 'ordersapi.OrderCanceled' sent_at { seconds: 1 })"));
}

TEST_CASE("a notification is not written twice", "[notifications]") {
  given<notification>(pb<NotificationSent>("notification_id: 'it'"))
      .when(pb<NotifyOrderReadyRequest>(of_order))
      .rejected(notification::duplicate);
}
