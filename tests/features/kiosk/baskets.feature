Feature: Baskets at the kiosk
  A customer takes a basket, puts products of several stores into it, takes some out again, and
  checks out or leaves it.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    And a customer "Ada" registers with the number "555"

  Scenario: A basket is empty and open at first
    When the customer "Ada" starts a basket "B"
    Then the basket "B" holds nothing
    And the basket "B" shows
      | id       | B    |
      | customer | Ada  |
      | payment  |      |
      | status   | open |

  Scenario: Nobody's basket is not started
    When the customer "" starts a basket "B"
    Then it is refused with 400 "the customer id cannot be blank"

  Scenario: Anybody may start a basket, also who is not known or is disabled
    Given the customer "Ada" is disabled
    When the customer "Ada" starts a basket "B"
    And the customer "Nobody" starts a basket "C"
    Then the basket "B" is "open"
    And the basket "C" is "open"

  Scenario: A product goes into the basket with the names and the price of now
    Given the customer "Ada" starts a basket "B"
    When 2 of the product "Book" are put into the basket "B"
    Then the basket "B" holds
      | store   | product | store name | product name | product price | quantity |
      | Waldorf | Book    | Waldorf    | Book         | 9.99          | 2        |

  Scenario: A basket holds products of several stores
    Given a store "Statler" is opened at "First floor"
    And the store "Statler" offers "Hat" for 20
    And the customer "Ada" starts a basket "B"
    When 1 of the product "Book" are put into the basket "B"
    And 2 of the product "Hat" are put into the basket "B"
    And 3 of the product "Map" are put into the basket "B"
    Then the basket "B" holds
      | store name | product name | product price | quantity |
      | Waldorf    | Book         | 9.99          | 1        |
      | Statler    | Hat          | 20            | 2        |
      | Waldorf    | Map          | 3             | 3        |

  Scenario: More of a product is more of the same line, at the price and by the name of the first
    Given the customer "Ada" starts a basket "B"
    And 2 of the product "Book" are put into the basket "B"
    When the price of the product "Book" is increased to 12
    And the product "Book" is rebranded as "Novel", "to read"
    And the store "Waldorf" is rebranded as "Statler"
    And 3 of the product "Book" are put into the basket "B"
    Then the basket "B" holds
      | store name | product name | product price | quantity |
      | Waldorf    | Book         | 9.99          | 5        |

  Scenario: A new basket has the new names and the new price
    Given the customer "Ada" starts a basket "B"
    When the price of the product "Book" is decreased to 8
    And the product "Book" is rebranded as "Novel", "to read"
    And the store "Waldorf" is rebranded as "Statler"
    And 1 of the product "Book" are put into the basket "B"
    Then the basket "B" holds
      | store name | product name | product price | quantity |
      | Statler    | Novel        | 8             | 1        |

  Scenario Outline: Of 3 books in the basket <quantity> are taken out
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And 1 of the product "Map" are put into the basket "B"
    When <quantity> of the product "Book" are taken out of the basket "B"
    Then the basket "B" holds
      | product | quantity |
      | Book    | <left>   |
      | Map     | 1        |

    Examples:
      | quantity | left |
      | 0        | 3    |
      | 1        | 2    |
      | 2        | 1    |

  Scenario Outline: The line goes when nothing is left: <quantity> of 3 are taken out
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    When <quantity> of the product "Book" are taken out of the basket "B"
    Then the basket "B" holds nothing

    Examples:
      | quantity |
      | 3        |
      | 4        |

  Scenario: What is not in the basket can be taken out, and nothing happens
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    When 1 of the product "Map" are taken out of the basket "B"
    Then the basket "B" holds
      | product | quantity |
      | Book    | 3        |

  Scenario: None of a product is put into the basket, and nothing happens
    Given the customer "Ada" starts a basket "B"
    When 0 of the product "Book" are put into the basket "B"
    Then the basket "B" holds nothing

  Scenario Outline: A basket does not take it: <what>
    Given the customer "Ada" starts a basket "B"
    And 1 of the product "Book" are put into the basket "B"
    When <what>
    Then it is refused with <status> "<why>"
    And the basket "B" holds
      | product | quantity |
      | Book    | 1        |

    Examples:
      | what                                                         | status | why                                                  |
      | -1 of the product "Book" are put into the basket "B"         | 400    | the item quantity cannot be negative                 |
      | -1 of the product "Book" are taken out of the basket "B"     | 400    | the item quantity cannot be negative                 |
      | 2147483647 of the product "Book" are put into the basket "B" | 400    | the item quantity is out of range                    |
      | 1 of the product "Nothing" are put into the basket "B"       | 404    | product fallback failed: product was not located     |
      | 1 of the product "Nothing" are taken out of the basket "B"   | 404    | product fallback failed: product was not located     |
      | -1 of the product "Nothing" are put into the basket "B"      | 404    | product fallback failed: product was not located     |

  Scenario: A removed product can be taken out of the basket, but not put into it
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And the product "Book" is removed from its store
    When 1 of the product "Book" are put into the basket "B"
    Then it is refused with 404 "product fallback failed: product was not located"
    When 1 of the product "Book" are taken out of the basket "B"
    Then the basket "B" holds
      | product | quantity |
      | Book    | 2        |

  Scenario: A basket is left, and empty then
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    When the basket "B" is cancelled
    Then the basket "B" is "canceled"
    And the basket "B" holds nothing

  Scenario: A basket is checked out, and keeps what it holds
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And the customer "Ada" authorises the payment "P" of 50
    When the basket "B" is checked out with the payment "P"
    Then the basket "B" shows
      | customer | Ada         |
      | payment  | P           |
      | status   | checked_out |
    And the basket "B" holds
      | product | quantity |
      | Book    | 3        |

  Scenario: An empty basket is not checked out
    Given the customer "Ada" starts a basket "B"
    When the basket "B" is checked out with the payment ""
    Then it is refused with 400 "baskets checkout: the basket has no items"

  Scenario: A basket is not checked out without a payment
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    When the basket "B" is checked out with the payment ""
    Then it is refused with 400 "baskets checkout: the payment id cannot be blank"
    And the basket "B" is "open"

  Scenario Outline: A basket that was left is no longer to be changed: <what>
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And the basket "B" is cancelled
    When <what>
    Then it is refused with 400 "<why>"

    Examples:
      | what                                                     | why                                               |
      | 1 of the product "Book" are put into the basket "B"      | the basket cannot be modified                     |
      | -1 of the product "Book" are put into the basket "B"     | the basket cannot be modified                     |
      | 1 of the product "Book" are taken out of the basket "B"  | the basket cannot be modified                     |
      | the basket "B" is checked out with the payment "P"       | baskets checkout: the basket cannot be modified   |
      | the basket "B" is cancelled                              | the basket cannot be cancelled                    |

  Scenario Outline: A basket that was checked out is no longer to be changed: <what>
    Given the customer "Ada" starts a basket "B"
    And 3 of the product "Book" are put into the basket "B"
    And the basket "B" is checked out with the payment "P"
    When <what>
    Then it is refused with <status> "<why>"
    And the basket "B" is "checked_out"

    Examples:
      | what                                                    | status | why                                              |
      | 1 of the product "Book" are put into the basket "B"     | 400    | the basket cannot be modified                    |
      | 1 of the product "Nothing" are put into the basket "B"  | 404    | product fallback failed: product was not located |
      | 1 of the product "Book" are taken out of the basket "B" | 400    | the basket cannot be modified                    |
      | the basket "B" is checked out with the payment "P"      | 400    | baskets checkout: the basket cannot be modified  |
      | the basket "B" is cancelled                             | 400    | the basket cannot be cancelled                   |

  Scenario Outline: Nobody knows the basket: <what>
    When <what>
    Then it is refused with 404 "basket not found"

    Examples:
      | what                                                          |
      | somebody looks at the basket "None"                           |
      | 1 of the product "Book" are put into the basket "None"        |
      | 1 of the product "Nothing" are put into the basket "None"     |
      | 1 of the product "Book" are taken out of the basket "None"    |
      | the basket "None" is checked out with the payment "P"         |
      | the basket "None" is cancelled                                |
