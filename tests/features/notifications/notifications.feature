Feature: Notifications
  A customer is told by SMS what becomes of an order. What was sent to whom, and when, can be read.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And a customer "Ada" registers with the number "555"
    And the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"

  Scenario: Each message says what it is about
    When the basket "B" is checked out with the payment "P"
    Then the notifications of the customer "Ada" soon are
      | customer | order | kind           | event                   | text                           |
      | Ada      | B     | order_created  | ordersapi.OrderCreated  | Your order B was received.     |
      | Ada      | B     | order_approved | ordersapi.OrderApproved | Your order B is being prepared. |
    And the notifications of the customer "Ada" in pages of 1 are the same

  Scenario: A message goes to the number that the customer has then
    Given the customer "Ada" changes the number to "777"
    And the basket "B" is checked out with the payment "P"
    And the notifications of the customer "Ada" soon are
      | kind           | SMS number |
      | order_created  | 777        |
      | order_approved | 777        |
    And the customer "Ada" changes the number to "999"
    When the shopping list "B" soon is "available"
    And the shopping list "B" is assigned to the bot "R2"
    And the shopping list "B" is completed
    Then the notifications of the customer "Ada" soon are
      | kind           | SMS number |
      | order_created  | 777        |
      | order_approved | 777        |
      | order_ready    | 999        |

  Scenario: Each customer is told of their own orders
    Given a customer "Bob" registers with the number "777"
    And the customer "Bob" starts a basket "of Bob"
    And 1 of the product "Book" are put into the basket "of Bob"
    When the basket "B" is checked out with the payment "P"
    And the basket "of Bob" is checked out with the payment "none"
    Then the notifications of the customer "Bob" soon are
      | order  | kind           | event                   |
      | of Bob | order_created  | ordersapi.OrderCreated  |
      | of Bob | order_rejected | ordersapi.OrderRejected |
    And the notifications of the customer "Ada" soon are
      | order | kind           |
      | B     | order_created  |
      | B     | order_approved |

  Scenario: Who was never told anything has no messages
    Then the notifications of the customer "Ada" are none
    And the notifications of the customer "Nobody" are none

  Scenario Outline: The messages are not given <what>
    When somebody asks for <limit> of the notifications from the page "<page>" on
    Then it is refused with 400 "<why>"

    Examples:
      | what                   | limit | page | why                             |
      | less than nothing of   | -1    |      | limit must not be negative      |
      | from a page of no list | 1     | x    | next: not a token of this query |
