#include "persistence/redis/inspection.hpp"

#include <memory>
#include <unordered_map>
#include <utility>

#include "persistence/redis/event_reading.hpp"
#include "persistence/redis/found.hpp"

namespace reenact::persistence::redis {
namespace {

constexpr std::size_t page = 1'000;

/// A journal that is only read.
struct looked_at {
  identity who;
  std::unique_ptr<site> at;
  std::unique_ptr<reading> by;
  std::vector<sequence_t> ends;
};

result<looked_at> look_into(std::string_view url, const redis_options& options) {
  open_options how{.shards = 0, .redis = options};
  const auto where = parse_address(url, options);
  if (!where) return where.error();
  const auto until = clock::now() + options.patience;
  auto to = session::open(*where, until);
  if (!to) return to.error();
  const auto audit = ask_audit(*to, until);
  if (!audit) return audit.error();
  auto who = find_journal(*to, *where, how, absent::refuse);
  if (!who) return who.error();
  who->durability = in_words(audit->promise);
  how.shards = who->shards;
  looked_at found{*who, nullptr, nullptr, {}};
  found.at = std::make_unique<site>(*where, how, layout(options.cluster), who->lineage, *audit);
  found.by = std::make_unique<reading>(*found.at);
  auto ends = found.by->look();
  if (!ends) return ends.error();
  found.ends = std::move(*ends);
  return found;
}

/// One pass over all logs, each entry with its event; then over the streams that they lead to, and
/// over the timers. Goes on after what is wrong.
class check {
public:
  check(looked_at& at, verification& into, const verify_progress& tell)
    : at_(at),
      keys_(at.at->keys()),
      into_(into),
      tell_(tell) {
    for (const auto end : at.ends) expected_ += 2 * end;
  }

  status run() {
    for (shard_id s = 0; s < at_.who.shards; ++s) {
      versions_.clear();
      if (auto read = check_log(s); !read) return read;
      if (auto read = check_streams(s); !read) return read;
      if (auto read = check_timers(s); !read) return read;
    }
    if (tell_) tell_(expected_, expected_);
    return done{};
  }

private:
  status check_log(shard_id shard) {
    stamp_t stamp = 0;
    for (sequence_t next = 1; next <= at_.ends[shard]; next += page) {
      const auto last = std::min<sequence_t>(next + page - 1, at_.ends[shard]);
      request range(script::log_page);
      range.keys.add(keys_.log(shard));
      range.arguments.add("0-" + std::to_string(next)).add("0-" + std::to_string(last));
      range.arguments.add(keys_.streams(shard)).add(std::uint64_t{INT64_MAX});
      const auto said = at_.by->ask(range);
      if (!said) return said.error();
      std::size_t i = 0;
      for (auto sequence = next; sequence <= last; ++sequence) {
        const auto found = said->view();
        if (found[i].text() == "0-" + std::to_string(sequence)) {
          check_entry(shard, sequence, found, i, stamp);
          i += 5;
        } else {
          complain(place(shard, sequence) + " is missing");
        }
      }
      done_ += last - next + 1;
      if (tell_) tell_(done_, expected_);
    }
    return done{};
  }

  static std::string place(shard_id shard, sequence_t sequence) {
    return "shard " + std::to_string(shard) + " sequence " + std::to_string(sequence);
  }

  void check_entry(shard_id shard, sequence_t sequence, answer_view of, std::size_t i,
                   stamp_t& stamp) {
    const auto name = of[i + 1].text();
    const auto parsed = parse_name(name);
    if (!parsed) return complain("the entry of " + place(shard, sequence) + " is damaged");
    const auto version = of[i + 2].number();
    if (auto& before = versions_[std::string(name)]; version != before + 1)
      complain(std::string(name) + " version " + std::to_string(before + 1) + " is not in the log");
    versions_[std::string(name)] = version;
    ++into_.events;
    if (parsed->second.empty() || shard_of(parsed->second, at_.who.shards) != shard)
      complain(std::string(name) + " lies in shard " + std::to_string(shard));
    const auto event = unseal_event(of[i + 4].text(), parsed->first, parsed->second, version);
    if (!event || event->sequence != sequence || event->stamp != of[i + 3].integer())
      return complain("the record of " + place(shard, sequence) + " is damaged or not there");
    if (event->stamp < stamp) complain("the stamp of " + place(shard, sequence) + " goes back");
    stamp = event->stamp;
  }

  /// Every list, found by the names of keys: its length is the version that the log leads to.
  status check_streams(shard_id shard) {
    into_.streams += versions_.size();
    std::vector<std::string> names;
    std::vector<request> asked;
    for (const auto& [name, version] : versions_) {
      names.push_back(name);
      asked.emplace_back(command("LLEN").add(keys_.streams(shard) + name));
      if (asked.size() < page && names.size() < versions_.size()) continue;
      const auto first = names.size() - asked.size();
      const auto said = at_.by->ask(std::exchange(asked, {}));
      if (!said) return said.error();
      for (std::size_t i = 0; i < said->size(); ++i) {
        const auto& of = names[first + i];
        done_ += versions_[of];
        if (const auto length = (*said)[i].view().number(); length < versions_[of])
          complain(of + " has " + std::to_string(length) + " records, and the log leads to " +
                   std::to_string(versions_[of]));
      }
    }
    return done{};
  }

  status check_timers(shard_id shard) {
    auto read = read_timers(*at_.by, keys_, shard, INT64_MAX, SIZE_MAX, [&](const due_timer& t) {
      if (!versions_.contains(name_of(t.type, t.entity)))
        complain("the timer " + std::string(t.name) + " of " + std::string(t.type) + " " +
                 std::string(t.entity) + " is of a stream that has no records");
      return true;
    });
    if (read || read.error().what != failure::kind::corrupt) return read;
    complain(read.error().text);
    return done{};
  }

  void complain(std::string what) {
    if (++into_.wrong <= verification::complaints_max) into_.complaints.push_back(std::move(what));
  }

  looked_at& at_;
  const layout& keys_;
  verification& into_;
  const verify_progress& tell_;
  std::uint64_t expected_ = 0;
  std::uint64_t done_ = 0;
  std::unordered_map<std::string, version_t> versions_; ///< of a shard's streams, by its log
};

} // namespace

result<statistics> stat(std::string_view url, const redis_options& how) {
  const auto at = look_into(url, how);
  if (!at) return at.error();
  const auto& keys = at->at->keys();
  std::vector<request> asked;
  for (shard_id s = 0; s < at->who.shards; ++s) {
    asked.emplace_back(command("HMGET").add(keys.owner(s)).add("epoch").add("incarnation"));
    asked.emplace_back(
        command("XREVRANGE").add(keys.log(s)).add("+").add("-").add("COUNT").add("1"));
  }
  const auto said = at->by->ask(asked);
  if (!said) return said.error();
  statistics found{at->who, {}, 0, at->at->last_audit().used, {}};
  for (std::size_t s = 0; s < at->who.shards; ++s) {
    const auto owner = (*said)[2 * s].view(), last = (*said)[2 * s + 1].view();
    found.shards.push_back({at->ends[s],
                            at->ends[s],
                            last[0][1][5].integer(),
                            {owner[0].number(), owner[1].number()}});
    found.events += at->ends[s];
  }
  return found;
}

result<verification> verify(std::string_view url, const redis_options& how,
                            const verify_progress& tell) {
  auto at = look_into(url, how);
  if (!at) return at.error();
  verification found;
  if (auto read = check(*at, found, tell).run(); !read) return read.error();
  return found;
}

result<event_source> look_at_events(std::string_view url, const redis_options& how) {
  auto at = look_into(url, how);
  if (!at) return at.error();
  const auto held = std::make_shared<looked_at>(std::move(*at));
  event_source found{held->who, held->ends, {}, {}};
  found.read_log = [held](shard_id shard, sequence_t from, const visitor& visit) {
    const auto end = held->ends[shard];
    return from > end ? status(done{})
                      : read_log(*held->by, held->at->keys(), shard, from, end - from + 1, visit);
  };
  found.read_stream = [held](const stream& of, const visitor& visit) {
    return read_stream(*held->by, held->at->keys(), held->who.shards, of, 1, visit);
  };
  return found;
}

} // namespace reenact::persistence::redis
