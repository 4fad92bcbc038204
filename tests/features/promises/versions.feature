Feature: Changes that hold only for what was seen
  Who changes something may ask that it is as it was looked at, so that nobody's change is lost.

  Background:
    Given a store "Waldorf" is opened at "Ground floor"
    And somebody looks at the store "Waldorf"

  Scenario: Nobody has changed it
    Given the next request holds only if nothing has changed since
    When the store "Waldorf" is rebranded as "Statler"
    Then the store "Waldorf" shows
      | name | Statler |

  Scenario: Somebody was faster
    Given the store "Waldorf" is rebranded as "Gonzo"
    And the next request holds only if nothing has changed since
    When the store "Waldorf" is rebranded as "Statler"
    Then it fails with 412 "the entity has changed: its version is 2"
    And the store "Waldorf" shows
      | name | Gonzo |

  Scenario: Only what is new is shown again
    Given the next request is only after something new
    When somebody looks at the store "Waldorf"
    Then there is nothing new
    When the store "Waldorf" is rebranded as "Gonzo"
    And the next request is only after something new
    And somebody looks at the store "Waldorf"
    Then the store "Waldorf" shows
      | name | Gonzo |
