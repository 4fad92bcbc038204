Feature: Live events
  Whoever listens is told what happens, as it happens, and misses nothing while away.

  Background:
    Given a customer "Ada" registers with the number "555"

  Scenario: What happens in a module
    Given "Eve" listens to the module customers
    When the customer "Ada" is disabled
    And the customer "Ada" is enabled
    And a store "Waldorf" is opened at "1"
    And a customer "Bob" registers with the number "1"
    Then "Eve" hears
      | event                           | of  |
      | customersapi.CustomerDisabled   | Ada |
      | customersapi.CustomerEnabled    | Ada |
      | customersapi.CustomerRegistered | Bob |

  Scenario: What happens to one customer
    Given a customer "Bob" registers with the number "1"
    And "Eve" listens to the customer "Ada"
    When the customer "Bob" is disabled
    And the customer "Ada" is disabled
    Then "Eve" hears
      | event                         | of  |
      | customersapi.CustomerDisabled | Ada |

  Scenario: All that ever happened to one customer
    Given the customer "Ada" is disabled
    When "Eve" listens to all there ever was of the customer "Ada"
    Then "Eve" hears
      | event                           | of  |
      | customersapi.CustomerRegistered | Ada |
      | customersapi.CustomerDisabled   | Ada |

  Scenario: What happened while nobody listened
    Given "Eve" listens to the customer "Ada"
    And the customer "Ada" is disabled
    And "Eve" hears
      | event                         | of  |
      | customersapi.CustomerDisabled | Ada |
    When "Eve" stops listening
    And the customer "Ada" is enabled
    And "Eve" listens again
    Then "Eve" hears
      | event                         | of  |
      | customersapi.CustomerDisabled | Ada |
      | customersapi.CustomerEnabled  | Ada |
