Feature: What becomes of a new order
  The mall authorises the customer, writes the shopping list, confirms the payment, lets the list be
  worked on, and approves the order. When one of these is refused, those before it are undone, and
  the order is rejected.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    And a customer "Ada" registers with the number "555"
    And a customer "Bob" registers with the number "777"
    And the customer "Ada" authorises the payment "P" of 19.98
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"

  Scenario: Nothing is refused
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "approved"
    And the shopping list "B" is "available"
    And the order "B" shows
      | shopping | B |
    And the payment "P" is "confirmed"
    And the found order "B" is "Approved"
    And the notifications of the customer "Ada" soon are
      | kind           | order |
      | order_created  | B     |
      | order_approved | B     |

  Scenario: The customer was disabled
    Given the customer "Ada" is disabled
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "rejected"
    And the shopping lists of the order "B" are none
    And the payment "P" is "authorized"
    And the found order "B" is "Rejected"
    And the notifications of the customer "Ada" soon are
      | kind           | order | text                               |
      | order_created  | B     | Your order B was received.         |
      | order_rejected | B     | Your order B could not be accepted. |

  Scenario: The customer was disabled and is enabled again before the checkout
    Given the customer "Ada" is disabled
    And the customer "Ada" is enabled
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "approved"

  Scenario: Nobody knows the customer
    Given the customer "Nobody" starts a basket "N"
    And 2 of the product "Book" are put into the basket "N"
    And the customer "Nobody" authorises the payment "of nobody" of 50
    When the basket "N" is checked out with the payment "of nobody"
    Then the order "N" soon is "rejected"
    And the shopping lists of the order "N" are none
    And the notifications of the customer "Nobody" soon are
      | kind           | order | SMS number |
      | order_created  | N     |            |
      | order_rejected | N     |            |

  Scenario: A product is gone from its store
    Given 1 of the product "Map" are put into the basket "B"
    And the product "Book" is removed from its store
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "rejected"
    And the shopping lists of the order "B" are none
    And the payment "P" is "authorized"

  Scenario Outline: What is ordered by hand is not there: <what>
    When the customer "Ada" orders "O" with the payment "P"
      | store   | product   | price | quantity |
      | Waldorf | Book      | 1     | 1        |
      | <store> | <product> | 1     | 1        |
    Then the order "O" soon is "rejected"
    And the shopping lists of the order "O" are none
    And the payment "P" is "authorized"

    Examples:
      | what                    | store   | product |
      | a store nobody knows    | Nowhere | Book    |
      | a product nobody offers | Waldorf | Nothing |

  Scenario: Nobody knows the payment
    When the basket "B" is checked out with the payment "None"
    Then the order "B" soon is "rejected"
    And the shopping list "B" is "canceled"
    And the found order "B" is "Rejected"
    And the notifications of the customer "Ada" soon are
      | kind           |
      | order_created  |
      | order_rejected |

  Scenario: The payment is of another customer
    Given the customer "Bob" authorises the payment "of Bob" of 100
    When the basket "B" is checked out with the payment "of Bob"
    Then the order "B" soon is "rejected"
    And the shopping list "B" is "canceled"
    And the payment "of Bob" is "authorized"

  Scenario Outline: The payment is of <amount> for 19.98
    Given the customer "Ada" authorises the payment "another" of <amount>
    When the basket "B" is checked out with the payment "another"
    Then the order "B" soon is "<status>"
    And the shopping list "B" is "<list>"
    And the payment "another" is "<payment>"

    Examples:
      | amount  | status   | list      | payment    |
      | 19.9799 | rejected | canceled  | authorized |
      | 0       | rejected | canceled  | authorized |
      | 19.98   | approved | available | confirmed  |
      | 500     | approved | available | confirmed  |

  Scenario: A payment is used for two orders, and confirms the first alone
    Given the basket "B" is checked out with the payment "P"
    And the order "B" soon is "approved"
    And the customer "Ada" starts a basket "again"
    And 1 of the product "Map" are put into the basket "again"
    When the basket "again" is checked out with the payment "P"
    Then the order "again" soon is "rejected"
    And the shopping list "again" is "canceled"
    And the order "B" is "approved"
    And the payment "P" is "confirmed"

  Scenario: A payment that one order could not use is there for another
    Given the customer "Ada" starts a basket "big"
    And 3 of the product "Book" are put into the basket "big"
    And the basket "big" is checked out with the payment "P"
    And the order "big" soon is "rejected"
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "approved"

  Scenario: The customer cancels the order before it is approved, and what was done is undone
    When the customer "Ada" orders "O" and cancels it in time
      | store   | product | price | quantity |
      | Waldorf | Book    | 9.99  | 1        |
    Then the found order "O" soon is "Canceled"
    And every one of the shopping lists of the order "O" soon is "canceled"
    And the payment "O" soon is "authorized"
    And the order "O" is "cancelled"
    And a notification soon tells the customer "Ada" "Your order O was canceled."

  Scenario: A list that was cancelled by hand after the approval leaves the order approved
    Given the basket "B" is checked out with the payment "P"
    And the order "B" soon is "approved"
    When the shopping list "B" is cancelled
    Then the order "B" is "approved"
    When the shopping list "B" is assigned to the bot "R2"
    Then it is refused with 400 "the shopping list cannot be assigned"
