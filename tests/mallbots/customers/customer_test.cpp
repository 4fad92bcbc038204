#include "actors/mallbots/customers/customer.hpp"

#include "tests/given.hpp"

using namespace mallbots::customers;
using reenact::tests::given;
using reenact::tests::pb;

namespace {
const auto registered =
    pb<CustomerRegistered>("customer_id: 'it' name: 'Ada' sms_number: '555-1212'");
const auto locked = pb<CustomerDisabled>("customer_id: 'it'");
} // namespace

TEST_CASE("a registered customer is enabled", "[customers]") {
  const auto verdict =
      given<customer>().when(pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555-1212'"));
  CHECK(static_cast<const customer::state&>(verdict.state()).enabled());
  given<customer>()
      .when(pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555-1212'"))
      .then(registered);
}

TEST_CASE("a customer needs a name, then a number", "[customers]") {
  given<customer>().when(pb<RegisterCustomerRequest>()).rejected(customer::blank_name);
  given<customer>()
      .when(pb<RegisterCustomerRequest>("name: 'Ada'"))
      .rejected(customer::blank_sms_number);
  CHECK(customer::blank_name.text == "the customer name cannot be blank");
  CHECK(customer::blank_sms_number.text == "the SMS number cannot be blank");
}

TEST_CASE("only an enabled customer is authorized, and nothing is written for it", "[customers]") {
  given<customer>(registered).when(pb<AuthorizeCustomerRequest>()).then();
  given<customer>(registered, locked)
      .when(pb<AuthorizeCustomerRequest>())
      .rejected(customer::not_authorized);
  CHECK(customer::not_authorized.text == "customer is not authorized");
  CHECK(customer::not_authorized.code == 16);
}

TEST_CASE("a customer is disabled and enabled again, not twice in a row", "[customers]") {
  given<customer>(registered).when(pb<DisableCustomerRequest>()).then(locked);
  given<customer>(registered, locked)
      .when(pb<EnableCustomerRequest>())
      .then(pb<CustomerEnabled>("customer_id: 'it'"));
  given<customer>(registered).when(pb<EnableCustomerRequest>()).rejected(customer::enabled);
  given<customer>(registered, locked)
      .when(pb<DisableCustomerRequest>())
      .rejected(customer::disabled);
  CHECK(customer::enabled.text == "the customer is already enabled");
  CHECK(customer::disabled.text == "the customer is already disabled");
}

TEST_CASE("a customer changes the number, but not to nothing", "[customers]") {
  given<customer>(registered)
      .when(pb<ChangeSmsNumberRequest>("sms_number: '555-9999'"))
      .then(pb<CustomerSmsChanged>("customer_id: 'it' sms_number: '555-9999'"));
  given<customer>(registered)
      .when(pb<ChangeSmsNumberRequest>())
      .rejected(customer::blank_sms_number);
}

TEST_CASE("no command speaks of a customer who never registered", "[customers]") {
  given<customer>().when(pb<EnableCustomerRequest>()).rejected(customer::unknown);
  given<customer>().when(pb<AuthorizeCustomerRequest>()).rejected(customer::unknown);
  CHECK(customer::unknown.text == "customer not found");
  CHECK(customer::unknown.code == 5);
}

TEST_CASE("a customer is shown as the contract has it", "[customers]") {
  CHECK(given<customer>(registered)
            .shows<GetCustomerResponse>(GetCustomerRequest())
            .ShortDebugString() ==
        R"(customer { id: "it" name: "Ada" sms_number: "555-1212" enabled: true })");
}
