Feature: Requests that are sent again
  Who did not hear the answer sends the request again under the same key, and it counts once.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"

  Scenario: The same request under the same key is one store
    Given the next request has the key "k"
    And a store "Statler" is opened at "First floor"
    When the next request has the key "k"
    And a store "Statler" is opened at "First floor"
    Then the stores are
      | name    |
      | Waldorf |
      | Statler |

  Scenario: The same request without a key, or under another one, is another store
    Given the next request has the key "k"
    And a store "Statler" is opened at "First floor"
    When the next request has the key "l"
    And a store "Statler" is opened at "First floor"
    And a store "Statler" is opened at "First floor"
    Then the stores are
      | name    |
      | Waldorf |
      | Statler |
      | Statler |
      | Statler |

  Scenario: Another request under the same key is not done
    Given the next request has the key "k"
    And the store "Waldorf" is rebranded as "Statler"
    When the next request has the key "k"
    And the store "Waldorf" is rebranded as "Gonzo"
    Then it fails with 422 "the idempotency key was used for another request"
    And the store "Waldorf" shows
      | name | Statler |

  Scenario: A refusal under a key is remembered too
    Given the next request has the key "k"
    And the store "Waldorf" takes part no longer
    And it is refused with 400 "the store is already not participating"
    And the store "Waldorf" takes part in the automated shopping
    When the next request has the key "k"
    And the store "Waldorf" takes part no longer
    Then it is refused with 400 "the store is already not participating"
    And the store "Waldorf" shows
      | participating | yes |

  Scenario: A key is visible characters
    Given the next request has a key with a blank in it
    When the store "Waldorf" is rebranded as "Gonzo"
    Then it fails with 400 "the idempotency key must be 1 to 255 visible ASCII characters"
