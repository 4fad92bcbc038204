#pragma once

#include <string>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/customers/customer.pb.h"
#include "messages/mallbots/notifications/api.pb.h"
#include "messages/mallbots/notifications/notification.pb.h"
#include "messages/mallbots/ordering/order.pb.h"

namespace mallbots::notifications {

using namespace notificationspb;

/// What a customer was told about an order, by SMS: written once, never changed.
struct notification {
  using state = notifications::Notification;
  using creates =
      types<NotifyOrderCreatedRequest, NotifyOrderCanceledRequest, NotifyOrderReadyRequest,
            NotifyOrderApprovedRequest, NotifyOrderRejectedRequest, NotifyOrderCompletedRequest>;
  using commands = types<>;
  using queries = types<>;
  using events = types<NotificationSent>;

  static constexpr auto unknown = not_found("notifications.unknown", "notification not found");
  static constexpr auto duplicate =
      invalid("notifications.duplicate", "the notification exists already");

  template <class Notify>
  static void needs(const state&, const Notify& c, const facts&, wants& w) {
    w.want<customers::Customer>(c.customer_id());
  }

  /// Also to nobody: that a customer was unknown is worth knowing.
  template <class Notify>
  static decision decide(const state& s, const Notify& c, const facts& f) {
    const auto says = wording_of(c);
    auto sent = from<NotificationSent>(s, c);
    sent.set_kind(says.kind);
    sent.set_text("Your order " + c.order_id() + says.text);
    sent.set_event(std::string(reenact::messages::published_name(says.event)));
    if (const auto* customer = f.get<customers::Customer>(c.customer_id())) {
      sent.set_sms_number(customer->sms_number());
      sent.set_name(customer->name());
    }
    *sent.mutable_sent_at() = f.now();
    return sent;
  }

  static void evolve(state& s, const NotificationSent& e) { assign(s, e); }

private:
  struct wording {
    const char* kind;
    const char* text; ///< after the order's name
    const reenact::model::descriptor* event;
  };

  static wording wording_of(const NotifyOrderCreatedRequest&) {
    return {"order_created", " was received.", ordering::OrderCreated::descriptor()};
  }
  static wording wording_of(const NotifyOrderApprovedRequest&) {
    return {"order_approved", " is being prepared.", ordering::OrderApproved::descriptor()};
  }
  static wording wording_of(const NotifyOrderRejectedRequest&) {
    return {"order_rejected", " could not be accepted.", ordering::OrderRejected::descriptor()};
  }
  static wording wording_of(const NotifyOrderReadyRequest&) {
    return {"order_ready", " is ready for pick-up.", ordering::OrderReadied::descriptor()};
  }
  static wording wording_of(const NotifyOrderCanceledRequest&) {
    return {"order_canceled", " was canceled.", ordering::OrderCanceled::descriptor()};
  }
  static wording wording_of(const NotifyOrderCompletedRequest&) {
    return {"order_completed", " is paid and complete. Thank you!",
            ordering::OrderCompleted::descriptor()};
  }
};

} // namespace mallbots::notifications
