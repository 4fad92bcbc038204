#include <algorithm>
#include <limits>
#include <unordered_set>

#include "tests/cluster/evidence.hpp"

namespace reenact::tests {
namespace {

constexpr auto never = std::numeric_limits<std::int64_t>::max();

/// From when to when lists may and must show an entity.
struct listed_life {
  std::string type, within, entity;
  std::int64_t asked_ns = never;    ///< its creation began: before that it cannot be shown
  std::int64_t created_ns = never;  ///< was acknowledged: from then on it must be
  std::int64_t removing_ns = never; ///< a removal began: it need not be any more
  std::int64_t removed_ns = never;  ///< was acknowledged: it must not be
};

struct lives {
  std::unordered_map<std::string, listed_life> of; ///< by stream_name()
  /// Those that a list may show, by stream_name(type, within), in the order of creation.
  std::unordered_map<std::string, std::vector<const listed_life*>> in_list;
};

void learn(const operation& did, lives& all) {
  if (did.how == ending::refused || did.how == ending::not_executed) return;
  auto& life = all.of[stream_name(did.type, did.entity)];
  const auto acknowledged_ns = did.how == ending::accepted ? did.ended_ns : never;
  if (did.what == work::create) {
    life.type = did.type;
    life.within = did.within;
    life.entity = did.entity;
    life.asked_ns = std::min(life.asked_ns, did.begun_ns);
    life.created_ns = std::min(life.created_ns, acknowledged_ns);
  } else if (did.what == work::remove) {
    life.removing_ns = std::min(life.removing_ns, did.begun_ns);
    life.removed_ns = std::min(life.removed_ns, acknowledged_ns);
  }
}

lives lives_of(const evidence& of) {
  lives all;
  for (const auto& client : of.all)
    for (const auto& did : client) learn(did, all);
  for (const auto& [name, life] : all.of)
    if (life.created_ns != never) all.in_list[stream_name(life.type, life.within)].push_back(&life);
  for (auto& [list, members] : all.in_list)
    std::ranges::sort(members, {}, [](const listed_life* l) { return l->created_ns; });
  return all;
}

void check_shown(const evidence& of, const lives& all, const attempt& list, complaints& to) {
  for (const auto& id : list.did->seen) {
    const auto found = all.of.find(stream_name(list.did->type, id));
    if (of.stream(list.did->type, id) == nullptr)
      to.push_back(of.words(list) + " shows " + id + ", which is not in the journal");
    if (found == all.of.end()) continue;
    const auto& life = found->second;
    if (life.removed_ns < list.did->begun_ns)
      to.push_back(of.words(list) + " shows " + id + ", which had been removed before");
    if (life.asked_ns != never && life.asked_ns > list.did->ended_ns)
      to.push_back(of.words(list) + " shows " + id + ", which nobody had created yet");
  }
}

void check_list(const evidence& of, const lives& all, const attempt& list, complaints& to) {
  std::unordered_set<std::string> shown;
  for (const auto& id : list.did->seen)
    if (!shown.insert(id).second) to.push_back(of.words(list) + " shows " + id + " twice");
  check_shown(of, all, list, to);
  const auto due = all.in_list.find(stream_name(list.did->type, list.did->within));
  if (due == all.in_list.end()) return;
  for (const auto* life : due->second) {
    if (life->created_ns >= list.did->begun_ns) break;
    if (life->removing_ns > list.did->ended_ns && !shown.contains(life->entity))
      to.push_back(of.words(list) + " does not show " + life->entity +
                   ", which had been created before");
  }
}

} // namespace

void check_lists(const evidence& of, complaints& to) {
  const auto all = lives_of(of);
  for (std::size_t client = 0; client < of.all.size(); ++client)
    for (const auto& did : of.all[client])
      if (did.what == work::list && did.how == ending::accepted)
        check_list(of, all, {client, &did}, to);
}

} // namespace reenact::tests
