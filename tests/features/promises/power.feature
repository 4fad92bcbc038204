@own-node
Feature: A mall without power
  What was answered is never lost, and what was under way goes on when the power is back, once.

  Background:
    Given a mall of its own
    And a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" takes part in the automated shopping
    And the store "Waldorf" offers "Book" for 9.99
    And a customer "Ada" registers with the number "555"
    And the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"

  Scenario: All that was answered is there
    Given the customer "Ada" is disabled
    And a bot "R2" joins the depot
    When the power fails and comes back
    Then the participating stores are
      | name    |
      | Waldorf |
    And the products of the store "Waldorf" are
      | name | price |
      | Book | 9.99  |
    And the customers are
      | name | enabled |
      | Ada  | no      |
    And the payment "P" is "authorized"
    And the bots are
      | name |
      | R2   |
    And the basket "B" holds
      | product | quantity |
      | Book    | 2        |

  Scenario: A request that is sent again after the power failed counts once
    Given the next request has the key "k"
    And 1 of the product "Book" are put into the basket "B"
    When the power fails and comes back
    And the next request has the key "k"
    And 1 of the product "Book" are put into the basket "B"
    Then the basket "B" holds
      | product | quantity |
      | Book    | 3        |

  Scenario: A basket that was just checked out becomes one order, approved once
    When the basket "B" is checked out with the payment "P"
    And the power fails and comes back
    Then the order "B" soon is "approved"
    And the shopping lists of the order "B" are
      | status    |
      | available |
    And the payment "P" is "confirmed"
    And the notifications of the customer "Ada" soon are
      | kind           |
      | order_created  |
      | order_approved |
    And a search finds the orders "B" by
      | status | Approved |

  Scenario: The power fails at every step of a purchase
    Given the basket "B" is checked out with the payment "P"
    And the power fails and comes back
    And the shopping list "B" soon is "available"
    And the shopping list "B" is assigned to the bot "R2"
    And the power fails and comes back
    And the shopping list "B" is completed
    And the power fails and comes back
    And the invoice "B" soon is "pending"
    When the invoice "B" is paid
    And the power fails and comes back
    Then the order "B" soon is "completed"
    And the shopping lists of the order "B" are
      | status    |
      | completed |
    And the notifications of the customer "Ada" soon are
      | kind            |
      | order_created   |
      | order_approved  |
      | order_ready     |
      | order_completed |
    And the found order "B" soon is "Completed"

  Scenario: A purchase that must be refused is undone once, though the power fails
    When the basket "B" is checked out with the payment "none"
    And the power fails and comes back
    Then the order "B" soon is "rejected"
    And the shopping lists of the order "B" are
      | status   |
      | canceled |
    And the notifications of the customer "Ada" soon are
      | kind           |
      | order_created  |
      | order_rejected |
