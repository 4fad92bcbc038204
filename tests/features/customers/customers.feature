Feature: Customers of the mall
  A customer registers with a number for SMS, changes it, and may be disabled and enabled by the
  staff.

  Scenario: A customer registers and is enabled
    When a customer "Ada" registers with the number "555-1212"
    Then the customer "Ada" shows
      | id         | Ada      |
      | name       | Ada      |
      | SMS number | 555-1212 |
      | enabled    | yes      |

  Scenario Outline: A customer does not register without <what>
    When a customer "<name>" registers with the number "<number>"
    Then it is refused with 400 "<why>"

    Examples:
      | what      | name | number | why                               |
      | a name    |      | 555    | the customer name cannot be blank |
      | a number  | Ada  |        | the SMS number cannot be blank    |
      | all of it |      |        | the customer name cannot be blank |

  Scenario: Customers are listed in the order in which they registered
    When a customer "Ada" registers with the number "1"
    And a customer "Bob" registers with the number "2"
    And a customer "Eve" registers with the number "3"
    And the customer "Bob" is disabled
    Then the customers are
      | name | SMS number | enabled |
      | Ada  | 1          | yes     |
      | Bob  | 2          | no      |
      | Eve  | 3          | yes     |

  Scenario Outline: The list of customers is not given <what>
    When somebody asks for <limit> of the customers from the page "<page>" on
    Then it is refused with 400 "<why>"

    Examples:
      | what                   | limit | page | why                             |
      | less than nothing of   | -1    |      | limit must not be negative      |
      | from a page of no list | 1     | x    | next: not a token of this query |

  Scenario: A customer is disabled, and enabled again
    Given a customer "Ada" registers with the number "555"
    When the customer "Ada" is disabled
    Then the customer "Ada" shows
      | enabled | no |
    When the customer "Ada" is enabled
    Then the customer "Ada" shows
      | enabled | yes |

  Scenario: An enabled customer cannot be enabled
    Given a customer "Ada" registers with the number "555"
    When the customer "Ada" is enabled
    Then it is refused with 400 "the customer is already enabled"

  Scenario: A disabled customer cannot be disabled
    Given a customer "Ada" registers with the number "555"
    And the customer "Ada" is disabled
    When the customer "Ada" is disabled
    Then it is refused with 400 "the customer is already disabled"

  Scenario: A customer gets another number
    Given a customer "Ada" registers with the number "555"
    When the customer "Ada" changes the number to "777"
    Then the customer "Ada" shows
      | SMS number | 777 |
      | enabled    | yes |
    And the customers are
      | name | SMS number |
      | Ada  | 777        |

  Scenario: A customer cannot be without a number
    Given a customer "Ada" registers with the number "555"
    When the customer "Ada" changes the number to ""
    Then it is refused with 400 "the SMS number cannot be blank"
    And the customer "Ada" shows
      | SMS number | 555 |

  Scenario Outline: Nobody knows the customer: <what>
    When <what>
    Then it is refused with 404 "customer not found"

    Examples:
      | what                                              |
      | somebody looks at the customer "Nobody"           |
      | the customer "Nobody" is enabled                  |
      | the customer "Nobody" is disabled                 |
      | the customer "Nobody" changes the number to "777" |
      | the customer "Nobody" changes the number to ""    |
