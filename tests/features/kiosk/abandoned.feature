@own-node
Feature: Baskets that were forgotten
  An open basket that nobody touches for long is canceled by the mall itself.

  Background:
    Given a mall of its own that abandons baskets after "2s"
    And a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And a customer "Ada" registers with the number "555"
    And the customer "Ada" starts a basket "B"

  Scenario: A forgotten basket is canceled and empty
    Given 3 of the product "Book" are put into the basket "B"
    Then the basket "B" soon is "canceled"
    And the basket "B" holds nothing
    When 1 of the product "Book" are put into the basket "B"
    Then it is refused with 400 "the basket cannot be modified"

  Scenario: A basket is forgotten also while the mall was without power
    When the power fails and comes back
    Then the basket "B" soon is "canceled"

  Scenario: A basket that was checked out is not forgotten
    Given the customer "Ada" starts a basket "later"
    And 3 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the customer "Ada" starts a basket "last"
    Then the basket "last" soon is "canceled"
    And the basket "later" soon is "canceled"
    And the basket "B" is "checked_out"
