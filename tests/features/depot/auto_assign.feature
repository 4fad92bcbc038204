@own-node
Feature: A depot that assigns lists by itself
  With --depot-auto-assign each idle bot gets the list that has been available for longest.

  Background:
    Given a mall of its own whose depot assigns lists by itself
    And a store "Waldorf" is opened at "1"
    And the store "Waldorf" offers "Book" for 9.99
    And a customer "Ada" registers with the number "555"
    And the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "one"
    And 1 of the product "Book" are put into the basket "one"
    And the basket "one" is checked out with the payment "P"
    And the order "one" soon is "approved"
    And the customer "Ada" authorises the payment "Q" of 50
    And the customer "Ada" starts a basket "two"
    And 1 of the product "Book" are put into the basket "two"
    And the basket "two" is checked out with the payment "Q"
    And the order "two" soon is "approved"

  Scenario: One bot fetches one list after the other, the oldest first
    When a bot "R2" joins the depot
    And the bot "R2" goes online
    Then the shopping list "one" soon is "assigned"
    And the shopping list "two" is "available"
    And the bots soon are
      | name | status |
      | R2   | active |
    When the shopping list "one" is completed
    Then the shopping list "two" soon is "assigned"
    When the shopping list "two" is completed
    Then the bots soon are
      | name | status |
      | R2   | idle   |

  Scenario: It goes on after the power failed
    Given a bot "R2" joins the depot
    And the bot "R2" goes online
    And the shopping list "one" soon is "assigned"
    When the power fails and comes back
    And the shopping list "one" is completed
    Then the shopping list "two" soon is "assigned"

  Scenario: What is assigned by hand is left to that bot
    Given a bot "R2" joins the depot
    And the shopping list "one" is assigned to the bot "C3"
    When the bot "R2" goes online
    Then the shopping list "two" soon is "assigned"
    And the shopping list "two" shows
      | assigned bot | R2 |
