Feature: Orders
  An order is what was checked out, or placed by hand by the staff.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And a customer "Ada" registers with the number "555"
    And the customer "Ada" authorises the payment "P" of 100

  Scenario: A basket that was checked out becomes an order of the same id
    Given a store "Statler" is opened at "First floor"
    And the store "Statler" offers "Hat" for 20
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And 1 of the product "Hat" are put into the basket "B"
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "approved"
    And the order "B" shows
      | id       | B        |
      | customer | Ada      |
      | payment  | P        |
      | status   | approved |
      | invoice  |          |
      | total    | 39.98    |
    And the order "B" holds
      | store   | product | store name | product name | price | quantity |
      | Waldorf | Book    | Waldorf    | Book         | 9.99  | 2        |
      | Statler | Hat     | Statler    | Hat          | 20    | 1        |

  Scenario: An order keeps the names and the prices of the basket
    Given the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the price of the product "Book" is increased to 12
    And the product "Book" is rebranded as "Novel", "to read"
    And the store "Waldorf" is rebranded as "Statler"
    When the basket "B" is checked out with the payment "P"
    Then the order "B" soon is "approved"
    And the order "B" holds
      | store name | product name | price | quantity |
      | Waldorf    | Book         | 9.99  | 2        |

  Scenario: An order is placed by hand, and has the names of now
    When the customer "Ada" orders "O" with the payment "P"
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 3        |
    Then the order "O" holds
      | store   | product | store name | product name | price | quantity |
      | Waldorf | Book    | Waldorf    | Book         | 5     | 3        |
    And the order "O" shows
      | id       | O   |
      | customer | Ada |
      | payment  | P   |
      | total    | 15  |
    And the order "O" soon is "approved"

  Scenario: Nothing cannot be ordered
    When the customer "Ada" orders nothing
    Then it is refused with 400 "create order command: the order has no items"

  Scenario Outline: An order is not placed with <what>
    When the customer "<who>" orders "O" with the payment "<payment>"
      | store   | product | price   | quantity   |
      | Waldorf | Book    | <price> | <quantity> |
    Then it is refused with 400 "<why>"

    Examples:
      | what                     | who | payment | price    | quantity | why                                                   |
      | no customer              |     | P       | 1        | 1        | create order command: the customer id cannot be blank |
      | no payment               | Ada |         | 1        | 1        | create order command: the payment id cannot be blank  |
      | a price of 100000        | Ada | P       | 100000   | 1        | the item price is out of range                        |
      | a price below zero       | Ada | P       | -1       | 1        | the item price is out of range                        |
      | a price that is nothing  | Ada | P       | NaN      | 1        | the item price is out of range                        |
      | a price without end      | Ada | P       | Infinity | 1        | the item price is out of range                        |
      | less than nothing of it  | Ada | P       | 1        | -1       | the item quantity cannot be negative                  |

  Scenario: An order that has ended cannot be cancelled
    Given the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the order "B" soon is "approved"
    When the order "B" is cancelled
    Then it is refused with 400 "the order cannot be cancelled"
    And the order "B" is "approved"

  Scenario: An order that was rejected cannot be cancelled
    Given the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "None"
    And the order "B" soon is "rejected"
    When the order "B" is cancelled
    Then it is refused with 400 "the order cannot be cancelled"

  Scenario: An order is cancelled while it is pending
    When the customer "Ada" orders "O" and cancels it in time
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 3        |
    Then the order "O" is "cancelled"
    When the order "O" is cancelled
    Then it is refused with 400 "the order cannot be cancelled"

  Scenario Outline: Nobody knows the order: <what>
    When <what>
    Then it is refused with 404 "order not found"

    Examples:
      | what                                   |
      | somebody looks at the order "None"     |
      | the order "None" is cancelled          |
      | somebody looks at the found order "None" |
