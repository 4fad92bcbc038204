#include <unordered_map>
#include <unordered_set>

#include "tests/cluster/evidence.hpp"

namespace reenact::tests {
namespace {

void check_shards(const evidence& of, complaints& to) {
  std::unordered_map<std::uint32_t, const dumped_record*> ends;
  for (const auto& r : of.dump) {
    const auto*& end = ends[r.shard];
    const auto expected = end == nullptr ? 1 : end->sequence + 1;
    if (r.sequence != expected)
      to.push_back("shard " + std::to_string(r.shard) + " has a gap: where sequence " +
                   std::to_string(expected) + " is due stands " + words(r));
    if (end != nullptr && r.stamp_us < end->stamp_us)
      to.push_back("the time of shard " + std::to_string(r.shard) + " goes back by " +
                   std::to_string(end->stamp_us - r.stamp_us) + " us at " + words(r));
    end = &r;
    if (!r.readable) to.push_back("nobody can read the " + r.type + " of " + words(r));
  }
}

void check_streams(const evidence& of, complaints& to) {
  for (const auto& [name, records] : of.of_stream) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i]->shard != records[0]->shard)
        to.push_back(name + " stands in two shards: " + words(*records[0]) + " and " +
                     words(*records[i]));
      if (records[i]->version == i + 1) continue;
      to.push_back(name + " has a gap: where version " + std::to_string(i + 1) + " is due stands " +
                   words(*records[i]));
      break;
    }
  }
}

/// A command appends once: its records are one run of one stream, each event of another type.
void check_effects(const evidence& of, complaints& to) {
  for (const auto& [command, records] : of.of_command) {
    std::unordered_set<std::string> types;
    const dumped_record* last = nullptr;
    for (const auto* r : records) {
      const bool first = types.insert(r->type).second;
      const bool once =
          last == nullptr ||
          (first && r->stream == last->stream && r->entity == last->entity &&
           r->version == last->version + 1 && !r->type.empty() && !last->type.empty());
      if (!once) {
        to.push_back("command " + command + " took effect twice: " + words(*last) + " and " +
                     words(*r));
        break;
      }
      last = r;
    }
  }
}

/// How far a saga has come is what its last event says, but for those that only remark something.
void check_sagas(const evidence& of, complaints& to) {
  for (const auto& [name, records] : of.of_stream) {
    const dumped_record* last = nullptr;
    for (const auto* r : records)
      if (r->stream == "cosec.CreateOrder" && !r->type.empty() && r->type != "model.StepLate" &&
          r->type != "model.SagaCancelAsked")
        last = r;
    if (last == nullptr) continue;
    if (last->type == "model.StepStuck") to.push_back("a saga is stuck: " + words(*last));
    if (last->next) to.push_back("a saga has not ended: " + words(*last));
  }
}

/// What an event makes another module do is there: the entities share the id.
void check_reactions(const evidence& of, complaints& to) {
  const auto follows = [&](const dumped_record& r, const std::string& type) {
    if (of.stream(type, r.entity) == nullptr)
      to.push_back("no " + type + " has come of the " + r.type + " of " + words(r));
  };
  for (const auto& r : of.dump) {
    if (r.type == "mallbots.baskets.BasketCheckedOut") follows(r, "ordering.Order");
    if (r.type == "mallbots.ordering.OrderCreated") follows(r, "cosec.CreateOrder");
  }
}

} // namespace

void check_logs(const evidence& of, complaints& to) {
  check_shards(of, to);
  check_streams(of, to);
  check_effects(of, to);
  check_sagas(of, to);
  check_reactions(of, to);
}

} // namespace reenact::tests
