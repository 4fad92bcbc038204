Feature: A whole purchase
  From the basket to the order that is paid, with the search and the messages to the customer
  telling the story.

  Background:
    Given a store "Waldorf" is opened at "Ground floor, 7"
    And the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    And a store "Statler" is opened at "First floor, 1"
    And the store "Statler" offers "Hat" for 20
    And a customer "Ada" registers with the number "555-1212"

  Scenario: A customer buys, a bot fetches it, the customer pays
    Given the customer "Ada" authorises the payment "P" of 52.98
    And the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And 1 of the product "Book" are taken out of the basket "B"
    And 1 of the product "Map" are put into the basket "B"
    And 1 of the product "Hat" are put into the basket "B"
    When the basket "B" is checked out with the payment "P"
    Then the found order "B" soon is "Approved"
    And the order "B" shows
      | status  | approved |
      | total   | 42.98    |
      | invoice |          |
    And the payment "P" is "confirmed"
    And the shopping list "B" soon is "available"
    And the shopping list "B" holds
      | store name | store location  | product name | quantity |
      | Waldorf    | Ground floor, 7 | Book         | 2        |
      | Waldorf    | Ground floor, 7 | Map          | 1        |
      | Statler    | First floor, 1  | Hat          | 1        |
    And the order "B" shows
      | shopping | B |
    When the shopping list "B" is assigned to the bot "R2"
    And the shopping list "B" is completed
    Then the found order "B" soon is "Ready For Pickup"
    And the order "B" is "ready"
    And the invoice "B" soon shows
      | order  | B       |
      | amount | 42.98   |
      | status | pending |
    When the invoice "B" is paid
    Then the found order "B" soon is "Completed"
    And the order "B" shows
      | status  | completed |
      | invoice | B         |
    And the notifications of the customer "Ada" soon are
      | kind            | order | SMS number | text                                           |
      | order_created   | B     | 555-1212   | Your order B was received.                     |
      | order_approved  | B     | 555-1212   | Your order B is being prepared.                |
      | order_ready     | B     | 555-1212   | Your order B is ready for pick-up.             |
      | order_completed | B     | 555-1212   | Your order B is paid and complete. Thank you!  |

  Scenario: A purchase is one purchase, however often each request is sent
    Given every request is sent twice under a key of its own
    And the customer "Ada" authorises the payment "P" of 100
    And the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And 1 of the product "Book" are taken out of the basket "B"
    When the basket "B" is checked out with the payment "P"
    Then the shopping list "B" soon is "available"
    And the order "B" holds
      | product | quantity |
      | Book    | 2        |
    When the shopping list "B" is assigned to the bot "R2"
    And the shopping list "B" is completed
    Then the invoice "B" soon shows
      | amount | 19.98 |
    When the invoice "B" is paid
    Then the order "B" soon is "completed"
    And the notifications of the customer "Ada" soon are
      | kind            |
      | order_created   |
      | order_approved  |
      | order_ready     |
      | order_completed |
    And the shopping lists of the order "B" are
      | status    | assigned bot |
      | completed | R2           |
