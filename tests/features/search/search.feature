Feature: Search for orders
  The staff finds orders by who ordered, what and where, when, for how much, and how they stand.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And a store "Statler" is opened at "First floor"
    And the store "Statler" offers "Hat" for 20
    And a customer "Ada" registers with the number "555"
    And a customer "Bob" registers with the number "777"
    And the customer "Ada" authorises the payment "of Ada" of 10
    And the customer "Ada" orders "book" with the payment "of Ada"
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 2        |
    And the customer "Bob" orders "hat" with the payment "none"
      | store   | product | price | quantity |
      | Statler | Hat     | 20    | 1        |
    And the customer "Ada" orders "both" with the payment "none"
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 2        |
      | Statler | Hat     | 20    | 1        |

  Scenario: An order is shown with the names of the time at which it was placed
    When the store "Statler" is rebranded as "Gonzo"
    And the product "Hat" is rebranded as "Crown", "of gold"
    Then the found order "both" shows
      | order         | both |
      | customer      | Ada  |
      | customer name | Ada  |
      | total         | 30   |
    And the found order "both" holds
      | product | store   | product name | store name | price | quantity |
      | Book    | Waldorf | Book         | Waldorf    | 5     | 2        |
      | Hat     | Statler | Hat          | Statler    | 20    | 1        |

  Scenario Outline: Orders are searched by <what> "<value>"
    Then a search finds the orders "<orders>" by
      | stores | Waldorf, Statler |
      | <what> | <value>          |

    Examples:
      | what                 | value            | orders          |
      | customer             | Ada              | both, book      |
      | customer             | Bob              | hat             |
      | customer             | Nobody           |                 |
      | stores               | Waldorf          | both, book      |
      | stores               | Statler          | both, hat       |
      | stores               | Nowhere          |                 |
      | products             | Book             | both, book      |
      | products             | Hat              | both, hat       |
      | products             | Book, Hat        | both, hat, book |
      | products             | Nothing          |                 |
      | total from           | 20               | both, hat       |
      | total from           | 0                | both, hat, book |
      | total up to          | 20               | hat, book       |
      | placed with or after | hat              | both, hat       |
      | placed before        | hat              | book            |

  Scenario: All that is asked must hold
    Then a search finds the orders "both" by
      | customer    | Ada |
      | products    | Hat |
      | total from  | 30  |
      | total up to | 30  |

  Scenario Outline: Orders are searched by how they stand: <status>
    Given the order "book" soon is "approved"
    And the order "hat" soon is "rejected"
    And the order "both" soon is "rejected"
    Then a search finds the orders "<orders>" by
      | stores | Waldorf, Statler |
      | status | <status>         |

    Examples:
      | status   | orders    |
      | Approved | book      |
      | Rejected | both, hat |
      | New      |           |
      | rejected |           |

  Scenario: Orders come in pages, newest first
    Then a search in pages of 1 finds the orders "both, hat, book" by
      | stores | Waldorf, Statler |
    And a search in pages of 2 finds the orders "both, hat, book" by
      | stores | Waldorf, Statler |
    And a search in pages of 3 finds the orders "both, hat, book" by
      | stores | Waldorf, Statler |

  Scenario: A search shows 50 orders, unless it is asked for others
    When the customer "Bob" places 51 orders with the payment "none"
      | store   | product | price | quantity |
      | Waldorf | Book    | 5     | 1        |
    Then a search finds 50 orders by
      | customer | Bob     |
      | stores   | Waldorf |

  Scenario Outline: A page is not given <what>
    When somebody searches for <limit> orders from the page "<page>" on
    Then it is refused with 400 "<why>"

    Examples:
      | what                   | limit | page | why                             |
      | less than nothing of   | -1    |      | limit must not be negative      |
      | from a page of no list | 1     | x    | next: not a token of this query |

  Scenario: Orders of a total that cannot be are not searched
    When somebody searches for orders by
      | total from | NaN |
    Then it is refused with 400 "the total is out of range"
