Feature: Shopping lists of the depot
  What a bot has to fetch for an order: a stop at each store. The staff may also write one by hand.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    And a store "Statler" is opened at "First floor"
    And the store "Statler" offers "Hat" for 20
    And a customer "Ada" registers with the number "555"

  Scenario: A list is written by hand, with a stop at each store
    When a shopping list "L" is written for the order "O"
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
      | Statler | Hat     | 1        |
      | Waldorf | Map     | 4        |
    Then the shopping list "L" shows
      | id           | L       |
      | order        | O       |
      | status       | pending |
      | assigned bot |         |
    And the shopping list "L" holds
      | store   | store name | store location | product | product name | quantity |
      | Waldorf | Waldorf    | Ground floor   | Book    | Book         | 2        |
      | Waldorf | Waldorf    | Ground floor   | Map     | Map          | 4        |
      | Statler | Statler    | First floor    | Hat     | Hat          | 1        |

  Scenario: The same product twice is one line with both quantities
    When a shopping list "L" is written for the order "O"
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
      | Waldorf | Book    | 3        |
    Then the shopping list "L" holds
      | product | quantity |
      | Book    | 5        |

  Scenario: A list may be for no order
    When a shopping list "L" is written for the order ""
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
    Then the shopping list "L" shows
      | order  |         |
      | status | pending |

  Scenario: A list may be of nothing
    When a shopping list "L" is written for the order "O"
      | store | product | quantity |
    Then the shopping list "L" is "pending"
    And the shopping list "L" holds nothing

  Scenario Outline: A list is not written of <what>
    When a shopping list "L" is written for the order "O"
      | store   | product   | quantity   |
      | Waldorf | Book      | 1          |
      | <store> | <product> | <quantity> |
    Then it is refused with <status> "<why>"
    And the shopping lists of the order "O" are none

    Examples:
      | what                      | store   | product | quantity   | status | why                                              |
      | what no store offers      | Nowhere | Nothing | 1          | 404    | building shopping list: store fallback failed    |
      | a store nobody knows      | Nowhere | Book    | 1          | 404    | building shopping list: store fallback failed    |
      | a product nobody knows    | Waldorf | Nothing | 1          | 404    | building shopping list: product fallback failed  |
      | less than nothing         | Waldorf | Map     | -1         | 400    | the item quantity is out of range                |
      | more than can be counted  | Waldorf | Book    | 2147483647 | 400    | the item quantity is out of range                |

  Scenario: Lists are found by their order, and by how they stand
    Given a shopping list "K" is written for the order "O"
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
    And a shopping list "L" is written for the order "O"
      | store   | product | quantity |
      | Statler | Hat     | 1        |
    And a shopping list "M" is written for the order "another"
      | store   | product | quantity |
      | Statler | Hat     | 1        |
    When the shopping list "L" is cancelled
    Then the shopping lists of the order "O" are
      | id | order | status   |
      | K  | O     | pending  |
      | L  | O     | canceled |
    And the shopping lists that are "pending" are
      | id |
      | K  |
      | M  |
    And the shopping lists are
      | id |
      | K  |
      | L  |
      | M  |
    And the shopping lists of the order "O" in pages of 1 are the same

  Scenario: A list is assigned to a bot and completed
    Given the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the shopping list "B" soon is "available"
    When the shopping list "B" is assigned to the bot "R2"
    Then the shopping list "B" shows
      | order        | B        |
      | status       | assigned |
      | assigned bot | R2       |
    When the shopping list "B" is completed
    Then the shopping list "B" is "completed"

  Scenario Outline: A list that is pending is not ready for it: <what>
    Given a shopping list "L" is written for the order "O"
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
    When <what>
    Then it is refused with 400 "<why>"
    And the shopping list "L" is "pending"

    Examples:
      | what                                           | why                                    |
      | the shopping list "L" is assigned to the bot "R2" | the shopping list cannot be assigned |
      | the shopping list "L" is completed             | the shopping list cannot be completed  |

  Scenario: A list is completed only by who was assigned, and only once
    Given the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the shopping list "B" soon is "available"
    When the shopping list "B" is completed
    Then it is refused with 400 "the shopping list cannot be completed"
    When the shopping list "B" is assigned to the bot "R2"
    And the shopping list "B" is assigned to the bot "C3"
    Then it is refused with 400 "the shopping list cannot be assigned"
    When the shopping list "B" is completed
    And the shopping list "B" is completed
    Then it is refused with 400 "the shopping list cannot be completed"
    When the shopping list "B" is cancelled
    Then it is refused with 400 "the shopping list cannot be canceled"
    And the shopping list "B" shows
      | status       | completed |
      | assigned bot | R2        |

  Scenario: A list is cancelled once
    Given a shopping list "L" is written for the order "O"
      | store   | product | quantity |
      | Waldorf | Book    | 2        |
    When the shopping list "L" is cancelled
    Then the shopping list "L" is "canceled"
    When the shopping list "L" is cancelled
    Then it is refused with 400 "the shopping list cannot be canceled"

  Scenario: A list is cancelled though a bot works on it
    Given the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the shopping list "B" soon is "available"
    And the shopping list "B" is assigned to the bot "R2"
    When the shopping list "B" is cancelled
    Then the shopping list "B" is "canceled"
    When the shopping list "B" is completed
    Then it is refused with 400 "the shopping list cannot be completed"

  Scenario Outline: Nobody knows the list: <what>
    When <what>
    Then it is refused with 404 "shopping list not found"

    Examples:
      | what                                                 |
      | somebody looks at the shopping list "None"           |
      | the shopping list "None" is cancelled                |
      | the shopping list "None" is assigned to the bot "R2" |
      | the shopping list "None" is completed                |
