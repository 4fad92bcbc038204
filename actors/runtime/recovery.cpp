#include "actors/runtime/recovery.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/runtime/part.hpp"
#include "messages/model/record.pb.h"

namespace reenact::runtime {
namespace {

using persistence::failure;
using persistence::stored;

/// The life of one entity, record by record.
class reenactment {
public:
  reenactment(const model::aggregate_type& type, const std::string& entity, std::int64_t now_us)
    : type_(type),
      drawn_since_us_(now_us - window::drawn_us) {
    out_.state = type.initial(entity);
  }

  bool begin_with(const persistence::snapshot& from) {
    ::model::Snapshot kept;
    if (!kept.ParseFromString(from.bytes) ||
        kept.schema() != fingerprint(type_.prototype->GetDescriptor()) ||
        !out_.state->ParseFromString(kept.state()))
      return false;
    out_.records = from.version;
    out_.entity_version = out_.snapshot = kept.entity_version();
    out_.last_event = uuid_of(kept.last_event_id());
    out_.remembered.load(kept.remembered());
    for (const auto& t : kept.timers()) out_.note(t);
    return true;
  }

  bool apply(const stored& s) {
    if (!record_.ParseFromArray(s.record.data(), static_cast<int>(s.record.size())))
      return fail(s, "not a record");
    if (!record_.type().empty() && !evolve(s)) return false;
    out_.records = s.version;
    for (const auto& t : record_.timers()) out_.note(t);
    if (record_.has_handled() && repeatable(s))
      out_.remembered.remember(record_.handled(), s.stamp);
    return true;
  }

  /// A6: a snapshot whose last event is not in the stream is of another history.
  bool ends_with(const stored& s) {
    return record_.ParseFromArray(s.record.data(), static_cast<int>(s.record.size())) &&
           s.version == out_.entity_version &&
           record_.metadata().event_id() == bytes_of(out_.last_event);
  }

  recovered take() && { return std::move(out_); }
  const recovered& so_far() const { return out_; }
  const std::optional<failure>& failed() const { return failed_; }

private:
  bool evolve(const stored& s) {
    const auto known = type_.events.find(record_.type());
    if (known == type_.events.end()) return fail(s, "unknown type " + record_.type());
    auto& event = events_[known->second.prototype];
    if (!event) event.reset(known->second.prototype->New());
    if (!event->ParseFromString(record_.payload())) return fail(s, "not a " + record_.type());
    try {
      known->second.evolve(*out_.state, *event);
    } catch (...) { // the domain broke its promise not to throw
      return fail(s, record_.type() + " threw " + what_was_thrown());
    }
    out_.entity_version = s.version;
    out_.last_event = uuid_of(record_.metadata().event_id());
    return true;
  }

  bool repeatable(const stored& s) const {
    return record_.handled().origin() != ::model::Handled::DRAWN || s.stamp >= drawn_since_us_;
  }

  bool fail(const stored& s, const std::string& why) {
    failed_ = failure{failure::kind::refused,
                      std::string(cannot_load) + why + " at version " + std::to_string(s.version) +
                          " of " + std::string(s.type) + "/" + std::string(s.entity)};
    return false;
  }

  const model::aggregate_type& type_;
  const std::int64_t drawn_since_us_;
  recovered out_;
  ::model::Record record_; // kept, as parsing into a used message allocates less
  std::map<const any_message*, std::unique_ptr<any_message>> events_;
  std::optional<failure> failed_;
};

persistence::result<recovered> replay(const persistence::journal& from, reenactment life,
                                      const persistence::stream& of) {
  const auto read = from.read_stream(of, life.so_far().records + 1,
                                     [&](const stored& s) { return life.apply(s); });
  if (!read) return read.error();
  if (life.failed()) return *life.failed();
  return std::move(life).take();
}

std::optional<reenactment> from_snapshot(const persistence::journal& from,
                                         const model::aggregate_type& type,
                                         const persistence::stream& of, std::int64_t now_us) {
  const auto kept = from.load_snapshot(of);
  if (!kept || kept->version == 0) return std::nullopt;
  reenactment life(type, of.entity, now_us);
  if (!life.begin_with(*kept)) return std::nullopt;
  bool fits = false;
  const auto read = from.read_stream(of, life.so_far().entity_version, [&](const stored& s) {
    fits = life.ends_with(s);
    return false;
  });
  return read && fits ? std::optional(std::move(life)) : std::nullopt;
}

} // namespace

persistence::result<recovered> recover(const persistence::journal& from,
                                       const model::aggregate_type& type, const std::string& entity,
                                       std::int64_t now_us) {
  const persistence::stream of{type.name, entity};
  try {
    auto life = from_snapshot(from, type, of, now_us);
    return replay(from, life ? std::move(*life) : reenactment(type, entity, now_us), of);
  } catch (...) { // whoever waits for the entity is to hear of it
    return failure{failure::kind::broken, std::string(cannot_load) + what_was_thrown()};
  }
}

persistence::snapshot take_snapshot(const recovered& life) {
  ::model::Snapshot kept;
  kept.set_state(life.state->SerializeAsString());
  kept.set_schema(fingerprint(life.state->GetDescriptor()));
  kept.set_entity_version(life.entity_version);
  kept.set_last_event_id(life.last_event.data(), life.last_event.size());
  life.remembered.save(*kept.mutable_remembered());
  for (const auto& t : life.timers) {
    auto& timer = *kept.add_timers();
    timer.set_name(t.name);
    timer.set_generation(t.generation);
    timer.set_due_us(t.due);
  }
  return {life.records, kept.SerializeAsString()};
}

const persistence::timer* recovered::timer(std::string_view name) const {
  const auto at = std::ranges::find(timers, name, &persistence::timer::name);
  return at == timers.end() ? nullptr : &*at;
}

void recovered::note(const ::model::Timer& t) {
  std::erase_if(timers, [&](const auto& known) { return known.name == t.name(); });
  if (t.due_us() != 0) timers.push_back({t.name(), t.generation(), t.due_us()});
}

void recovered::set_timers(const model::alarm_list& decided, const std::string& sender,
                           std::size_t more, std::int64_t now_us, persistence::append& into,
                           ::model::Record& last) {
  into.set.clear();
  into.cleared.clear();
  const auto change = [&](const std::string& name, std::int64_t due) {
    if (const auto* old = timer(name)) into.cleared.push_back(*old);
    auto& t = *last.add_timers();
    t.set_name(name);
    t.set_generation(records + more);
    t.set_due_us(due);
    if (due != 0) into.set.push_back({name, t.generation(), due});
    note(t);
  };
  if (!sender.empty()) change(sender, 0);
  for (const auto& a : decided)
    if (const auto& name = a.command->full_name(); a.in || timer(name) != nullptr)
      change(name, a.in ? now_us + a.in->count() : 0);
}

bool snapshot_pays(std::uint64_t events, std::size_t state_bytes, std::size_t remembered,
                   std::uint64_t least) {
  constexpr double replay_us = 0.4;  // an event
  constexpr double load_us = 9;      // a small snapshot,
  constexpr double byte_us = 0.002;  // each byte of its state: written, read, parsed,
  constexpr double command_us = 0.4; // and each command that it remembers
  return events >= least && static_cast<double>(events) * replay_us >
                                load_us + static_cast<double>(state_bytes) * byte_us +
                                    static_cast<double>(remembered) * command_us;
}

std::uint64_t fingerprint(const model::descriptor* of) {
  static std::mutex mutex;
  static std::map<const model::descriptor*, std::uint64_t> known;
  std::lock_guard lock(mutex);
  auto [it, made] = known.try_emplace(of, 0xcbf29ce484222325u);
  if (!made) return it->second;
  std::vector<const model::descriptor*> reached{of};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    std::string text = reached[i]->DebugString();
    for (int f = 0; f < reached[i]->field_count(); ++f) {
      const auto* field = reached[i]->field(f);
      if (field->enum_type() != nullptr) text += field->enum_type()->DebugString();
      const auto* inner = field->message_type();
      if (inner != nullptr && std::ranges::find(reached, inner) == reached.end())
        reached.push_back(inner);
    }
    for (const unsigned char c : text) it->second = (it->second ^ c) * 0x100000001b3u;
  }
  return it->second;
}

} // namespace reenact::runtime
