#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "tests/cluster/random_execution.hpp"

namespace reenact::tests {
namespace {

/// One promise of an execution is broken, at a place that chance chooses.
class spoiler {
public:
  spoiler(execution& in, std::uint64_t seed) : in_(in), chance_(seed) {
    for (auto& client : in_.seen)
      for (auto& did : client) all_.push_back(&did);
    for (const auto& r : in_.dump) {
      if (!r.type.empty()) written_.insert(r.command);
    }
    std::ranges::shuffle(all_, chance_);
  }

  bool spoil(fault how) {
    switch (how) {
      case fault::lost_write: return lose();
      case fault::doubled_command: return twice();
      case fault::stale_read: return show_old_version();
      case fault::stale_list: return shorten_list();
      case fault::two_writers: return share_version();
      case fault::gap: return leave_gap();
      case fault::effect_of_refused: return answer_all(ending::refused);
      case fault::effect_of_not_executed: return answer_all(ending::not_executed);
      case fault::other_repeat: return answer_otherwise();
      case fault::unended_saga: return leave_saga();
      case fault::time_back: return turn_back();
    }
    return false;
  }

private:
  bool wrote(const operation& did) const {
    return did.how == ending::accepted && written_.contains(did.command);
  }

  operation* find(const std::function<bool(const operation&)>& is) {
    const auto found = std::ranges::find_if(all_, [&](const auto* did) { return is(*did); });
    return found == all_.end() ? nullptr : *found;
  }

  /// As if it had never been written: what came after it moves up.
  bool lose() {
    const auto* did = find([&](const operation& d) { return wrote(d); });
    if (did == nullptr) return false;
    std::erase_if(in_.dump, [&](const dumped_record& r) { return r.command == did->command; });
    std::map<std::uint32_t, std::uint64_t> sequences;
    std::map<std::pair<std::string, std::string>, std::uint64_t> versions;
    for (auto& r : in_.dump) {
      r.sequence = ++sequences[r.shard];
      r.version = ++versions[{r.stream, r.entity}];
    }
    return true;
  }

  bool twice() {
    if (in_.dump.empty()) return false;
    auto again = in_.dump[chance_() % in_.dump.size()];
    auto end = in_.dump.begin();
    for (auto at = in_.dump.begin(); at != in_.dump.end(); ++at) {
      if (at->shard == again.shard) again.sequence = at->sequence, end = at + 1;
      if (at->stream == again.stream && at->entity == again.entity) again.version = at->version;
    }
    again.stamp_us = (end - 1)->stamp_us;
    again.next = false;
    ++again.sequence;
    ++again.version;
    in_.dump.insert(end, again);
    return true;
  }

  bool show_old_version() {
    auto* read = find([&](const operation& d) {
      return d.what == work::read && d.how == ending::accepted && known_before(d) > 0;
    });
    if (read == nullptr) return false;
    // 404, or the version that everybody has seen to be outdated.
    read->version = 0;
    read->how = ending::refused;
    return true;
  }

  /// The latest version that was acknowledged before this began.
  std::uint64_t known_before(const operation& of) const {
    std::uint64_t most = 0;
    for (const auto* d : all_)
      if (d->type == of.type && d->entity == of.entity && d->ended_ns < of.begun_ns && wrote(*d))
        most = std::max(most, d->version);
    return most;
  }

  bool shorten_list() {
    for (auto* list : all_)
      for (std::size_t i = 0; i < list->seen.size(); ++i)
        if (must_show(*list, list->seen[i])) {
          list->seen.erase(list->seen.begin() + static_cast<std::ptrdiff_t>(i));
          return true;
        }
    return false;
  }

  bool must_show(const operation& list, const std::string& id) const {
    bool created = false, removed = false;
    for (const auto* d : all_) {
      if (d->type != list.type || d->entity != id) continue;
      created |= d->what == work::create && wrote(*d) && d->ended_ns < list.begun_ns;
      removed |= d->what == work::remove && d->begun_ns <= list.ended_ns;
    }
    return created && !removed;
  }

  bool share_version() {
    for (auto* one : all_)
      for (const auto* other : all_)
        if (wrote(*one) && wrote(*other) && one->command != other->command &&
            one->type == other->type && one->entity == other->entity) {
          one->version = other->version;
          return true;
        }
    return false;
  }

  bool leave_gap() {
    const auto ends_shard = [&](std::size_t i) {
      return i + 1 == in_.dump.size() || in_.dump[i + 1].shard != in_.dump[i].shard;
    };
    for (auto i = in_.dump.empty() ? 0 : chance_() % in_.dump.size(); i < in_.dump.size(); ++i)
      if (!ends_shard(i)) {
        in_.dump.erase(in_.dump.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
      }
    return false;
  }

  bool answer_all(ending how) {
    const auto* did = find([&](const operation& d) { return wrote(d); });
    if (did == nullptr) return false;
    for (auto* d : all_)
      if (d->command == did->command) d->how = how;
    return true;
  }

  bool answer_otherwise() {
    for (auto* one : all_)
      for (const auto* other : all_)
        if (one != other && !one->command.empty() && one->command == other->command &&
            one->how == ending::accepted && other->how == ending::accepted) {
          ++(chance_() % 2 == 0 ? one->answer : one->version);
          return true;
        }
    return false;
  }

  bool leave_saga() {
    const auto last = std::find_if(in_.dump.rbegin(), in_.dump.rend(),
                                   [](const auto& r) { return r.stream == "cosec.CreateOrder"; });
    if (last == in_.dump.rend()) return false;
    last->next = true;
    return true;
  }

  bool turn_back() {
    for (std::size_t i = 1; i < in_.dump.size(); ++i)
      if (in_.dump[i].shard == in_.dump[i - 1].shard) {
        in_.dump[i].stamp_us = in_.dump[i - 1].stamp_us - 1;
        return true;
      }
    return false;
  }

  execution& in_;
  std::mt19937_64 chance_;
  std::vector<operation*> all_;   ///< shuffled
  std::set<std::string> written_; ///< commands that made events
};

} // namespace

std::string_view name_of(fault what) {
  switch (what) {
    case fault::lost_write: return "a lost write";
    case fault::doubled_command: return "a doubled command";
    case fault::stale_read: return "a stale read";
    case fault::stale_list: return "a stale list";
    case fault::two_writers: return "two writers of a version";
    case fault::gap: return "a gap in a log";
    case fault::effect_of_refused: return "a refused command that took effect";
    case fault::effect_of_not_executed: return "a command that was not executed, but took effect";
    case fault::other_repeat: return "a repeat that was answered otherwise";
    case fault::unended_saga: return "a saga that did not end";
    case fault::time_back: break;
  }
  return "a time that goes back";
}

bool spoil(execution& in, fault how, std::uint64_t seed) { return spoiler(in, seed).spoil(how); }

} // namespace reenact::tests
