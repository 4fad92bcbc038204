Feature: Payments and invoices
  A customer authorises a payment before the checkout; what is owed for an order that is ready is
  an invoice, and paid once.

  Background:
    Given a customer "Ada" registers with the number "555"

  Scenario: A payment is authorised
    When the customer "Ada" authorises the payment "P" of 19.98
    Then the payment "P" shows
      | id       | P          |
      | customer | Ada        |
      | amount   | 19.98      |
      | status   | authorized |

  Scenario Outline: Anything that is an amount is authorised, for anybody: <amount>
    When the customer "<who>" authorises the payment "P" of <amount>
    Then the payment "P" shows
      | customer | <who>   |
      | amount   | <shown> |

    Examples:
      | who    | amount     | shown      |
      | Ada    | 0          | 0          |
      | Nobody | 1          | 1          |
      |        | 1          | 1          |
      | Ada    | 99999.9999 | 99999.9999 |
      | Ada    | 0.03125    | 0.0312     |

  Scenario Outline: An amount of <amount> is not authorised
    When the customer "Ada" authorises the payment "P" of <amount>
    Then it is refused with 400 "the payment amount is out of range"

    Examples:
      | amount    |
      | -0.01     |
      | 100000    |
      | NaN       |
      | Infinity  |
      | -Infinity |

  Scenario: Nobody knows the payment
    When somebody looks at the payment "None"
    Then it is refused with 404 "payment not found"

  Scenario Outline: Nobody knows the invoice: <what>
    When <what>
    Then it is refused with 404 "invoice not found"

    Examples:
      | what                                 |
      | somebody looks at the invoice "None" |
      | the invoice "None" is paid           |

  Scenario: An invoice is made when the order is ready, and paid once
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And the customer "Ada" authorises the payment "P" of 50
    And the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    And the shopping list "B" soon is "available"
    When somebody looks at the invoice "B"
    Then it is refused with 404 "invoice not found"
    When the shopping list "B" is assigned to the bot "R2"
    And the shopping list "B" is completed
    Then the invoice "B" soon shows
      | id     | B       |
      | order  | B       |
      | amount | 19.98   |
      | status | pending |
    When the invoice "B" is paid
    Then the invoice "B" is "paid"
    When the invoice "B" is paid
    Then it is refused with 400 "invoice cannot be paid for"
