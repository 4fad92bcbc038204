Feature: Products of a store
  An owner offers products, names and describes them anew, changes their prices and removes them.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"

  Scenario: A product is offered and seen at once
    When the store "Waldorf" offers
      | name | description | sku | price |
      | Book | to read     | b-1 | 9.99  |
    Then the product "Book" shows
      | id          | Book    |
      | store       | Waldorf |
      | name        | Book    |
      | description | to read |
      | sku         | b-1     |
      | price       | 9.99    |
    And the products of the store "Waldorf" are
      | id   | store   | name | description | sku | price |
      | Book | Waldorf | Book | to read     | b-1 | 9.99  |

  Scenario: A product needs no description, number or price
    When the store "Waldorf" offers "Leaflet" for 0
    Then the product "Leaflet" shows
      | description |   |
      | sku         |   |
      | price       | 0 |

  Scenario: Each store has a catalogue of its own, in the order of offering
    Given a store "Statler" is opened at "First floor"
    When the store "Waldorf" offers "Book" for 9.99
    And the store "Statler" offers "Hat" for 20
    And the store "Waldorf" offers "Map" for 3
    And the store "Waldorf" offers "Pen" for 1.5
    Then the products of the store "Waldorf" are
      | name |
      | Book |
      | Map  |
      | Pen  |
    And the products of the store "Waldorf" in pages of 2 are the same
    And the products of the store "Statler" are
      | name |
      | Hat  |

  Scenario: The catalogue of a store that nobody knows is empty
    Then the products of the store "Nowhere" are none

  Scenario Outline: A product is not offered with <what>
    When the store "Waldorf" offers "<name>" for <price>
    Then it is refused with 400 "<why>"
    And the products of the store "Waldorf" are none

    Examples:
      | what                    | name | price    | why                                                        |
      | no name                 |      | 1        | initializing product: the product name cannot be blank     |
      | a price below zero      | Book | -0.01    | initializing product: the product price cannot be negative |
      | a price of 100000       | Book | 100000   | the product price is out of range                          |
      | a price without end     | Book | Infinity | the product price is out of range                          |
      | a price that is nothing | Book | NaN      | the product price is out of range                          |

  Scenario Outline: A price has four decimals, the last one rounded to even: <price>
    When the store "Waldorf" offers "Book" for <price>
    Then the product "Book" shows
      | price | <shown> |

    Examples:
      | price      | shown      |
      | 99999.9999 | 99999.9999 |
      | 0.0001     | 0.0001     |
      | 1.00001    | 1          |
      | 0.03125    | 0.0312     |
      | 0.09375    | 0.0938     |

  Scenario: A product gets another name and description
    Given the store "Waldorf" offers "Book" for 9.99
    When the product "Book" is rebranded as "Novel", "to dream of"
    Then the product "Book" shows
      | name        | Novel       |
      | description | to dream of |
      | price       | 9.99        |
    And the products of the store "Waldorf" are
      | name  | description |
      | Novel | to dream of |

  Scenario: A product cannot lose its name
    Given the store "Waldorf" offers "Book" for 9.99
    When the product "Book" is rebranded as "", "to dream of"
    Then it is refused with 400 "the product name cannot be blank"

  Scenario Outline: A price is <way> to <price>
    Given the store "Waldorf" offers "Book" for 9.99
    When the price of the product "Book" is <way> to <price>
    Then the product "Book" shows
      | price | <price> |
    And the products of the store "Waldorf" are
      | name | price   |
      | Book | <price> |

    Examples:
      | way       | price |
      | increased | 12    |
      | increased | 9.99  |
      | decreased | 9.98  |
      | decreased | 9.99  |
      | decreased | 0     |

  Scenario Outline: A price is not <way> to <price>
    Given the store "Waldorf" offers "Book" for 9.99
    When the price of the product "Book" is <way> to <price>
    Then it is refused with 400 "<why>"
    And the product "Book" shows
      | price | 9.99 |

    Examples:
      | way       | price  | why                                  |
      | increased | 9.9899 | the price change would be a decrease |
      | decreased | 9.9901 | the price change would be an increase |
      | decreased | -1     | the product price cannot be negative |
      | increased | 100000 | the product price is out of range    |

  Scenario: A removed product is gone
    Given the store "Waldorf" offers "Book" for 9.99
    And the store "Waldorf" offers "Map" for 3
    When the product "Book" is removed from its store
    Then the products of the store "Waldorf" are
      | name |
      | Map  |

  Scenario Outline: Nobody knows a removed product: <what>
    Given the store "Waldorf" offers "Book" for 9.99
    And the product "Book" is removed from its store
    When <what>
    Then it is refused with 404 "product with that ID does not exist"

    Examples:
      | what                                                 |
      | somebody looks at the product "Book"                 |
      | the product "Book" is rebranded as "Novel", "x"      |
      | the price of the product "Book" is increased to 99   |
      | the price of the product "Book" is decreased to 1    |
      | the product "Book" is removed from its store         |

  Scenario Outline: Nobody knows the product: <what>
    When <what>
    Then it is refused with 404 "product with that ID does not exist"

    Examples:
      | what                                                  |
      | somebody looks at the product "Nothing"               |
      | the product "Nothing" is rebranded as "Novel", "x"    |
      | the price of the product "Nothing" is increased to 99 |
      | the price of the product "Nothing" is decreased to 1  |
      | the product "Nothing" is removed from its store       |
