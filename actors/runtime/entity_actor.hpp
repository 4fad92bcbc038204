#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>

#include "actors/runtime/call.hpp"
#include "actors/runtime/directory.hpp"
#include "actors/runtime/recovery.hpp"
#include "actors/runtime/surroundings.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::call_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::entity_key)

namespace reenact::runtime {

/// Messages to and about entities, besides calls.
using proceed_atom = caf::atom_constant<caf::atom("proceed")>; ///< appends have become durable
using leave_atom = caf::atom_constant<caf::atom("leave")>;     ///< nothing is in flight: end
using ended_atom = caf::atom_constant<caf::atom("ended")>;     ///< to the region: an entity has
using settled_atom = caf::atom_constant<caf::atom("settled")>; ///< to the region: its appends have
using sweep_atom = caf::atom_constant<caf::atom("sweep")>;     ///< to the region: look for the idle

/// The host of any aggregate: one actor an entity. It answers calls in the order of protocols.md A1
/// from a state that runs ahead of the disk, and lets nothing leave that rests on what is not yet
/// durable: appends are chained, everything else queues behind them at the writer. After a failed
/// append its head slot is closed; it ends, and the directory starts a successor from the journal.
class entity_actor : public caf::event_based_actor {
public:
  entity_actor(caf::actor_config& cfg, surroundings& here, directory& home, const entity_key& key,
               const claimed& in, std::shared_ptr<persistence::head_slot> head, recovered life);

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void take(const call_ptr& c);
  void carry_out(call& c);
  void park(call_ptr c);
  void proceed();

  bool without_lease(call& c);
  bool out_of_time(call& c);
  bool repeated(call& c);
  bool outdated(call& c);
  bool mismatched(call& c);
  bool lacks_facts(call& c);
  void show(call& c);
  void show_state(call& c);
  void decide(call& c);
  void refuse(call& c, const model::rejection& why, bool for_good = true);
  void accept(call& c, model::decision::event_list events, const model::alarm_list& alarms);
  void note(call& c, const model::alarm_list& alarms = {});
  void append(call& c, std::vector<std::string> records, ::model::Handled last,
              const model::alarm_list& alarms);
  void leave(call& c);
  void end(call& c, answer::kind how, std::string why);
  void stop(caf::error why = {});
  void snapshot_if_due();
  bool exists() const;

  surroundings& here_;
  directory& home_;
  const entity_key& key_; // the directory's own, which outlives the actor
  const persistence::shard_id shard_;
  const persistence::token token_;
  const std::shared_ptr<persistence::head_slot> head_;
  recovered life_;                     // ahead of the disk by head_->in_flight appends
  persistence::version_t snapshot_at_; // the entity_version when one was last taken
  std::vector<call_ptr> parked_;       // commands over the speculative bound, in order
  bool waking_ = false;                // a wake_up is on its way through the writer
  bool stopped_ = false;               // the state is not to be trusted any more
};

} // namespace reenact::runtime
