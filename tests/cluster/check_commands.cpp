#include <algorithm>

#include "tests/cluster/evidence.hpp"

namespace reenact::tests {
namespace {

/// One command: all its attempts, and what the journal has of it.
struct command_case {
  const evidence& all;
  const std::string& id;
  const std::vector<attempt>& tried;
  const stream_records* kept = nullptr; ///< null: nothing

  const attempt* first(ending how) const {
    const attempt* found = nullptr; // the first to end so
    for (const auto& a : tried)
      if (a.did->how == how && (found == nullptr || a.did->ended_ns < found->did->ended_ns))
        found = &a;
    return found;
  }
  bool has_events() const { return kept != nullptr && !kept->back()->type.empty(); }
};

std::string quoted(std::uint64_t version) { return "version " + std::to_string(version); }

/// Answers of the same kind are the same.
void check_repeats(const command_case& c, const attempt& first, complaints& to) {
  for (const auto& a : c.tried) {
    if (&a == &first || a.did->how != first.did->how) continue;
    if (a.did->version == first.did->version && a.did->answer == first.did->answer) continue;
    to.push_back(c.all.words(a) + " was answered otherwise (" + quoted(a.did->version) + ") than " +
                 c.all.words(first) + " (" + quoted(first.did->version) + ")");
  }
}

/// An answer without events is true of the version before its note.
void check_note(const command_case& c, const attempt& answered, complaints& to) {
  const auto& note = *c.kept->back();
  const auto& stream = *c.all.stream(note.stream, note.entity);
  const auto before = std::min<std::uint64_t>(note.version, stream.size());
  const auto shown = version_shown(stream, before);
  if (answered.did->version != shown)
    to.push_back(c.all.words(answered) + " was answered " + quoted(answered.did->version) +
                 ", but was decided at " + quoted(shown));
}

void check_lost(const command_case& c, const attempt& accepted, complaints& to) {
  const auto& did = *accepted.did;
  const auto* stream = c.all.stream(did.type, did.entity);
  const bool taken = stream != nullptr && did.version >= 1 && did.version <= stream->size();
  auto said = c.all.words(accepted) + " was answered " + quoted(did.version);
  if (!taken) {
    to.push_back("lost: " + said + ", and is not in the journal");
    return;
  }
  const auto& other = (*stream)[did.version - 1]->command;
  said += ", which the journal has of another command";
  const auto others = c.all.attempts.find(other);
  for (std::size_t i = 0; others != c.all.attempts.end() && i < others->second.size(); ++i)
    if (const auto& a = others->second[i]; a.did->how == ending::accepted) {
      to.push_back("two writers: " + said + ", " + c.all.words(a));
      return;
    }
  to.push_back("lost: " + said + ", " + other);
}

/// Where the command's records end in the stream that it was for; a doubled one ends twice.
std::vector<const dumped_record*> ends_of(const command_case& c, const operation& did) {
  std::vector<const dumped_record*> ends;
  for (const auto* r : *c.kept) {
    if (r->stream != did.type || r->entity != did.entity) continue;
    if (!ends.empty() && ends.back()->version + 1 == r->version) ends.pop_back();
    ends.push_back(r);
  }
  return ends;
}

void check_accepted(const command_case& c, const attempt& accepted, complaints& to) {
  check_repeats(c, accepted, to);
  if (c.kept == nullptr) return check_lost(c, accepted, to);
  const auto& did = *accepted.did;
  const auto ends = ends_of(c, did);
  if (ends.empty())
    to.push_back(c.all.words(accepted) + " took effect elsewhere: " + words(*c.kept->back()));
  else if (!c.has_events())
    check_note(c, accepted, to);
  else if (std::ranges::none_of(ends, [&](const auto* r) { return r->version == did.version; }))
    to.push_back(c.all.words(accepted) + " was answered " + quoted(did.version) +
                 ", but stands in the journal as " + words(*ends.front()));
}

void check_refused(const command_case& c, const attempt& refused, complaints& to) {
  check_repeats(c, refused, to);
  if (const auto* accepted = c.first(ending::accepted))
    to.push_back(c.all.words(refused) + " was refused, and accepted as " + c.all.words(*accepted));
  else if (c.has_events())
    to.push_back(c.all.words(refused) + " was refused, but took effect: " + words(*c.kept->back()));
  else if (c.kept != nullptr)
    check_note(c, refused, to);
}

} // namespace

void check_commands(const evidence& of, complaints& to) {
  for (const auto& [id, tried] : of.attempts) {
    const auto kept = of.of_command.find(id);
    const command_case c{of, id, tried, kept == of.of_command.end() ? nullptr : &kept->second};
    if (const auto* accepted = c.first(ending::accepted)) check_accepted(c, *accepted, to);
    if (const auto* refused = c.first(ending::refused)) check_refused(c, *refused, to);
    const bool never = std::ranges::all_of(
        tried, [](const attempt& a) { return a.did->how == ending::not_executed; });
    if (never && c.kept != nullptr)
      to.push_back(of.words(tried.front()) +
                   " was not executed, but took effect: " + words(*c.kept->back()));
  }
}

} // namespace reenact::tests
