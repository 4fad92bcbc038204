#pragma once

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/customers/customer.pb.h"

namespace mallbots::customers {

using namespace customerspb;

/// A customer of the mall: how to reach them, and whether they may order.
struct customer {
  using state = Customer;
  using creates = types<RegisterCustomerRequest>;
  using commands = types<AuthorizeCustomerRequest, EnableCustomerRequest, DisableCustomerRequest,
                         ChangeSmsNumberRequest>;
  using queries = types<GetCustomerRequest>;
  using events = types<CustomerRegistered, CustomerSmsChanged, CustomerEnabled, CustomerDisabled>;

  static constexpr auto unknown = not_found("customers.unknown", "customer not found");
  static constexpr auto duplicate = invalid("customers.duplicate", "the customer exists already");
  static constexpr auto blank_name =
      invalid("customers.blank_name", "the customer name cannot be blank");
  static constexpr auto blank_sms_number =
      invalid("customers.blank_sms_number", "the SMS number cannot be blank");
  static constexpr auto not_authorized =
      unauthorized("customers.not_authorized", "customer is not authorized");
  static constexpr auto enabled = invalid("customers.enabled", "the customer is already enabled");
  static constexpr auto disabled =
      invalid("customers.disabled", "the customer is already disabled");

  static decision decide(const state& s, const RegisterCustomerRequest& c) {
    if (c.name().empty()) return blank_name;
    if (c.sms_number().empty()) return blank_sms_number;
    return from<CustomerRegistered>(s, c);
  }

  static decision decide(const state& s, const AuthorizeCustomerRequest&) {
    if (!s.enabled()) return not_authorized;
    return accepted();
  }

  static decision decide(const state& s, const EnableCustomerRequest&) {
    if (s.enabled()) return enabled;
    return from<CustomerEnabled>(s);
  }

  static decision decide(const state& s, const DisableCustomerRequest&) {
    if (!s.enabled()) return disabled;
    return from<CustomerDisabled>(s);
  }

  static decision decide(const state& s, const ChangeSmsNumberRequest& c) {
    if (c.sms_number().empty()) return blank_sms_number;
    return from<CustomerSmsChanged>(s, c);
  }

  static void evolve(state& s, const CustomerRegistered& e) {
    assign(s, e);
    s.set_enabled(true);
  }
  static void evolve(state& s, const CustomerSmsChanged& e) { assign(s, e); }
  static void evolve(state& s, const CustomerEnabled&) { s.set_enabled(true); }
  static void evolve(state& s, const CustomerDisabled&) { s.set_enabled(false); }
};

} // namespace mallbots::customers
