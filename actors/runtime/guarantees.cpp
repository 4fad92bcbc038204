#include <string>

#include "actors/runtime/node.hpp"

namespace reenact::runtime {

/// The table of README, as it stands now. What a later issue brings says so.
std::vector<guarantee> node::guarantees() const {
  const auto& about = journal().about();
  const auto health = journal().health();
  const auto sound = static_cast<bool>(health);
  const auto damaged = unread().damaged();
  // Of a broken disk strangers learn that it is broken; how, and where it is, is for the log.
  const auto on_journal = [&](std::string why) {
    return sound ? why : "the journal is broken: the log of the node says why";
  };
  return {
      {"G1", "Durable before reply", sound && about.engine != "memory" && damaged.empty(),
       on_journal(damaged.empty()
                      ? about.engine + ": " + about.durability
                      : "not all can be read back: " + damaged +
                            " is damaged. Stop the node and run `mallbots journal verify`")},
      {"G2", "One accepted writer", sound,
       on_journal("every append is checked against the shard's token and the expected version")},
      {"G3", "Once", sound,
       on_journal("replies are kept in the entity's stream: Idempotency-Keys for 24 h and at least "
                  "the last 1,024, internal ids for the last 65,536")},
      {"G4", "Order", sound, on_journal("versions by stream, gap-free sequences by shard")},
      {"G5", "Nothing is skipped", sound,
       on_journal("views, policies and sagas resume from stored positions")},
      {"G6", "Queries see what was acknowledged before they began", sound,
       on_journal("entities answer behind their own appends, lists behind a read barrier")},
      {"G7", "Nothing is dropped in silence", sound,
       on_journal("every request ends in an answer, every reaction in an answer or a dead letter")},
      {"G8", "Sagas end", sound,
       on_journal(
           "completed or compensated; what waits, with its reason and next try, and what is stuck "
           "show at /policies of the admin listener")},
      {"G9", "Everything is bounded", true, "over a bound the caller gets 503 with Retry-After"},
      {"G10", "Fail-over under 5 s", false, "one node: clusters come with a later issue"},
  };
}

} // namespace reenact::runtime
