Feature: Bots of the depot
  The staff adds bots to the fleet and lets them work or rest.

  Scenario: A bot joins the depot and rests at first
    When a bot "R2" joins the depot
    And a bot "C3" joins the depot
    Then the bots are
      | id | name | status  |
      | R2 | R2   | offline |
      | C3 | C3   | offline |

  Scenario: A bot needs a name
    When a bot "" joins the depot
    Then it is refused with 400 "the bot name cannot be blank"

  Scenario: A bot goes online and offline, and is told so as often as one likes
    Given a bot "R2" joins the depot
    When the bot "R2" goes online
    And the bot "R2" goes online
    Then the bots are
      | name | status |
      | R2   | idle   |
    When the bot "R2" goes offline
    And the bot "R2" goes offline
    Then the bots are
      | name | status  |
      | R2   | offline |

  Scenario Outline: Nobody knows the bot that goes <way>
    When the bot "None" goes <way>
    Then it is refused with 404 "bot not found"

    Examples:
      | way     |
      | online  |
      | offline |
