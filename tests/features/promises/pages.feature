@own-node
Feature: Lists in pages
  Every list is given as a whole, or in pages that join without a gap and nothing twice.

  Scenario: The lists of the whole mall
    Given a mall of its own
    And a store "Waldorf" is opened at "1"
    And a store "Statler" is opened at "2"
    And a store "Gonzo" is opened at "3"
    And the store "Waldorf" takes part in the automated shopping
    And the store "Gonzo" takes part in the automated shopping
    And the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    And a customer "Ada" registers with the number "1"
    And a customer "Bob" registers with the number "2"
    And a customer "Eve" registers with the number "3"
    And a bot "R2" joins the depot
    And a bot "C3" joins the depot
    And the customer "Ada" orders "one" with the payment "none"
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 2        |
    And the customer "Bob" orders "two" with the payment "none"
      | store   | product | price | quantity |
      | Waldorf | Map     | 3     | 1        |
    And the customer "Ada" orders "three" with the payment "none"
      | store   | product | price | quantity |
      | Waldorf | Map     | 3     | 1        |
    And the order "one" soon is "rejected"
    And the order "two" soon is "rejected"
    And the order "three" soon is "rejected"
    And the notifications of the customer "Ada" soon are, in any order,
      | order | kind           |
      | one   | order_created  |
      | one   | order_rejected |
      | three | order_created  |
      | three | order_rejected |
    And the notifications of the customer "Bob" soon are, in any order,
      | order | kind           |
      | two   | order_created  |
      | two   | order_rejected |
    Then the stores in pages of 2 are the same
    And the participating stores in pages of 1 are the same
    And the products of the store "Waldorf" in pages of 1 are the same
    And the customers in pages of 2 are the same
    And the bots in pages of 1 are the same
    And the shopping lists in pages of 2 are the same
    And the shopping lists that are "canceled" in pages of 1 are the same
    And the notifications in pages of 3 are the same
    And a search in pages of 2 finds the orders "three, two, one" by
      | total from | 0 |
