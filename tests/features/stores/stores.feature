Feature: Stores of the mall
  An owner opens a store, gives it another name, and decides whether it takes part in the
  automated shopping.

  Scenario: A store is opened and seen at once
    When a store "Waldorf Books" is opened at "Ground floor, 7"
    Then the store "Waldorf Books" shows
      | id            | Waldorf Books   |
      | name          | Waldorf Books   |
      | location      | Ground floor, 7 |
      | participating | no              |
    And the stores are
      | name          | location        | participating |
      | Waldorf Books | Ground floor, 7 | no            |

  Scenario Outline: A store needs <what>
    When a store "<name>" is opened at "<location>"
    Then it is refused with 400 "<why>"

    Examples:
      | what       | name    | location | why                                |
      | a name     |         | here     | the store name cannot be blank     |
      | a location | Waldorf |          | the store location cannot be blank |
      | all of it  |         |          | the store name cannot be blank     |

  Scenario: Stores are listed in the order in which they were opened
    When a store "Waldorf" is opened at "1"
    And a store "Statler" is opened at "2"
    And a store "Gonzo" is opened at "3"
    Then the stores are
      | name    |
      | Waldorf |
      | Statler |
      | Gonzo   |

  Scenario: Two stores may have one name
    When a store "Waldorf" is opened at "1"
    And a store "Waldorf" is opened at "2"
    Then the store "Waldorf" shows
      | location | 2 |

  Scenario: A store takes part in the automated shopping, and then no longer
    Given a store "Waldorf" is opened at "1"
    And a store "Statler" is opened at "2"
    When the store "Statler" takes part in the automated shopping
    Then the store "Statler" shows
      | participating | yes |
    And the participating stores are
      | name    | location | participating |
      | Statler | 2        | yes           |
    When the store "Statler" takes part no longer
    Then the participating stores are none
    And the stores are
      | name    | participating |
      | Waldorf | no            |
      | Statler | no            |

  Scenario: A store cannot take part twice
    Given a store "Waldorf" is opened at "1"
    And the store "Waldorf" takes part in the automated shopping
    When the store "Waldorf" takes part in the automated shopping
    Then it is refused with 400 "the store is already participating"

  Scenario: A store that does not take part cannot end it
    Given a store "Waldorf" is opened at "1"
    When the store "Waldorf" takes part no longer
    Then it is refused with 400 "the store is already not participating"

  Scenario: A store gets another name
    Given a store "Waldorf" is opened at "1"
    And the store "Waldorf" takes part in the automated shopping
    When the store "Waldorf" is rebranded as "Statler"
    Then the store "Waldorf" shows
      | name          | Statler |
      | location      | 1       |
      | participating | yes     |
    And the participating stores are
      | name    |
      | Statler |

  Scenario: A store cannot lose its name
    Given a store "Waldorf" is opened at "1"
    When the store "Waldorf" is rebranded as ""
    Then it is refused with 400 "the store name cannot be blank"
    And the store "Waldorf" shows
      | name | Waldorf |

  Scenario Outline: Nobody knows the store: <what>
    When <what>
    Then it is refused with 404 "store not found"

    Examples:
      | what                                                     |
      | somebody looks at the store "Nowhere"                    |
      | the store "Nowhere" takes part in the automated shopping |
      | the store "Nowhere" takes part no longer                 |
      | the store "Nowhere" is rebranded as "Statler"            |
      | the store "Nowhere" is rebranded as ""                   |
      | the store "Nowhere" offers "Book" for 9.99               |
      | the store "Nowhere" offers "" for -1                     |

  Scenario Outline: A list is not given <what>
    When somebody asks for <limit> of the <list> from the page "<page>" on
    Then it is refused with 400 "<why>"

    Examples:
      | what                   | limit | list                 | page | why                            |
      | less than nothing of   | -1    | stores               |      | limit must not be negative     |
      | from a page of no list | 1     | stores               | x    | next: not a token of this query |
      | less than nothing of   | -1    | participating stores |      | limit must not be negative     |
