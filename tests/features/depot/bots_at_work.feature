Feature: Bots at work
  A bot that fetches a shopping list is busy until the list ends.

  Background:
    Given a store "Waldorf" is opened at "1"
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
    And a bot "R2" joins the depot
    And the bot "R2" goes online

  Scenario: A bot is active from its assignment to the end of its list
    When the shopping list "one" is assigned to the bot "R2"
    Then the bots soon are
      | name | status |
      | R2   | active |
    When the bot "R2" goes offline
    Then it is refused with 400 "the bot is active"
    When the shopping list "one" is completed
    Then the bots soon are
      | name | status |
      | R2   | idle   |
    And the bot "R2" goes offline

  Scenario: A bot with two lists is active until both have ended
    Given the shopping list "one" is assigned to the bot "R2"
    And the shopping list "two" is assigned to the bot "R2"
    And the bots soon are
      | name | status |
      | R2   | active |
    When the shopping list "one" is completed
    Then the order "one" soon is "ready"
    And the bots are
      | name | status |
      | R2   | active |
    When the shopping list "two" is completed
    Then the bots soon are
      | name | status |
      | R2   | idle   |
