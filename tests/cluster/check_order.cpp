#include <algorithm>
#include <limits>

#include "tests/cluster/evidence.hpp"

namespace reenact::tests {
namespace {

constexpr auto for_ever = std::numeric_limits<std::int64_t>::max();

/// Something that took effect on an entity, or saw it, at some moment between begin and end.
struct moment {
  attempt whose;
  std::uint64_t version = 0;
  bool wrote = false;
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
};

struct entity_moments {
  const operation* any = nullptr;
  std::vector<moment> all;
};

using by_entity = std::unordered_map<std::string, entity_moments>;

bool is_definite(const attempt& a) {
  return a.did->how == ending::accepted || a.did->how == ending::refused;
}

/// A command happens once, from the first attempt that may have brought it to the first answer.
/// What a later attempt is answered is that answer again, and says nothing of its own time.
void add_command(const evidence& of, const std::string& id, const std::vector<attempt>& tried,
                 by_entity& to) {
  const attempt* answered = nullptr;
  const attempt* sent = nullptr;
  for (const auto& a : tried) {
    if (is_definite(a) && (answered == nullptr || a.did->ended_ns < answered->did->ended_ns))
      answered = &a;
    if (a.did->how != ending::not_executed && sent == nullptr) sent = &a;
  }
  if (sent == nullptr) return;
  const auto kept = of.of_command.find(id);
  const dumped_record* last = nullptr;
  if (kept != of.of_command.end())
    for (const auto* r : kept->second)
      if (r->stream == sent->did->type && r->entity == sent->did->entity) last = r;
  const bool wrote = last != nullptr && !last->type.empty();
  if (!wrote && answered == nullptr) return;
  // An accepted command without a record here is lost: check_commands says so.
  if (last == nullptr && answered->did->how == ending::accepted) return;
  moment m{.whose = answered == nullptr ? *sent : *answered, .wrote = wrote};
  const bool told = answered != nullptr && (!wrote || answered->did->how == ending::accepted);
  m.version = told ? answered->did->version : last->version;
  m.begin_ns = sent->did->begun_ns;
  m.end_ns = answered == nullptr ? for_ever : answered->did->ended_ns;
  auto& entity = to[stream_name(sent->did->type, sent->did->entity)];
  entity.any = sent->did;
  entity.all.push_back(m);
}

by_entity moments_of(const evidence& of) {
  by_entity all;
  for (const auto& [id, tried] : of.attempts) add_command(of, id, tried, all);
  for (std::size_t client = 0; client < of.all.size(); ++client)
    for (const auto& did : of.all[client]) {
      const attempt read{client, &did};
      if (did.what != work::read || !is_definite(read)) continue;
      auto& entity = all[stream_name(did.type, did.entity)];
      entity.any = &did;
      entity.all.push_back({.whose = read,
                            .version = did.version,
                            .begin_ns = did.begun_ns,
                            .end_ns = did.ended_ns});
    }
  return all;
}

/// Whether an entity can ever have shown this version: none, or that of a command's last event.
bool was_shown(const stream_records* stream, std::uint64_t version) {
  if (version == 0) return true;
  if (stream == nullptr || version > stream->size()) return false;
  const auto& at = *(*stream)[version - 1];
  if (at.type.empty()) return false;
  return version == stream->size() || (*stream)[version]->type.empty() ||
         (*stream)[version]->command != at.command;
}

/// Versions say which moment came after which. So nobody may have ended at a later version before
/// another began at an earlier one: then no order of moments agrees with the clock.
void check_entity(const evidence& of, const std::vector<moment>& sorted, complaints& to) {
  const moment* soonest = nullptr; // to end, of all that come after
  const auto keep = [&](const moment& m) {
    if (soonest == nullptr || m.end_ns < soonest->end_ns) soonest = &m;
  };
  for (auto last = sorted.size(); last > 0;) {
    auto first = last; // [first, last) is of one version; who wrote it comes first
    while (first > 0 && sorted[first - 1].version == sorted[last - 1].version) --first;
    const auto complain_of = [&](const moment& late) {
      if (soonest == nullptr || soonest->end_ns >= late.begin_ns) return;
      to.push_back(of.words(late.whose) + (late.wrote ? " wrote version " : " saw version ") +
                   std::to_string(late.version) + ", but " + of.words(soonest->whose) +
                   " had been answered version " + std::to_string(soonest->version) + " before");
    };
    for (auto i = last; i > first; --i)
      if (!sorted[i - 1].wrote) complain_of(sorted[i - 1]);
    for (auto i = last; i > first; --i)
      if (!sorted[i - 1].wrote) keep(sorted[i - 1]);
    for (auto i = last; i > first; --i)
      if (sorted[i - 1].wrote) {
        complain_of(sorted[i - 1]);
        keep(sorted[i - 1]);
      }
    last = first;
  }
}

} // namespace

void check_order(const evidence& of, complaints& to) {
  for (auto& [name, entity] : moments_of(of)) {
    const auto* stream = of.stream(entity.any->type, entity.any->entity);
    for (const auto& m : entity.all)
      if (!m.wrote && !was_shown(stream, m.version))
        to.push_back(of.words(m.whose) + " was shown version " + std::to_string(m.version) +
                     ", which the journal does not have");
    std::ranges::sort(entity.all, [](const moment& a, const moment& b) {
      return a.version != b.version ? a.version < b.version : a.wrote > b.wrote;
    });
    check_entity(of, entity.all, to);
  }
}

} // namespace reenact::tests
