#pragma once

#include "actors/mallbots/notifications/notification.hpp"

namespace mallbots::notifications {

/// What was sent to whom, or to one customer.
struct sent {
  static constexpr auto name = "notifications.sent";
  using row = notifications::Notification;
  using evolves = notification;
  using queries = types<GetNotificationsRequest>;

  static filter select(const GetNotificationsRequest& q) {
    return filter().equals_if_given("customer_id", q.customer_id());
  }
};

} // namespace mallbots::notifications
