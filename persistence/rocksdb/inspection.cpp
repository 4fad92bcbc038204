#include "persistence/rocksdb/inspection.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/keys.hpp"
#include "persistence/rocksdb/look.hpp"
#include "persistence/rocksdb/timer_reader.hpp"

namespace reenact::persistence::rocks {
namespace {

constexpr std::uint64_t tell_every = 10'000; // keys

/// One pass over all keys: bodies by stream, pointers by shard. Where a block cannot be read the
/// pass goes on behind it: among pointers, whose keys are known without reading them, with the next
/// one that can be read; among bodies not at all, as each is looked at again when its pointer is.
class key_check {
public:
  key_check(look& at, verification& into, const verify_progress& tell)
    : at_(at),
      into_(into),
      tell_(tell),
      seen_(at.who.shards) {
    for (const auto& end : at.ends) expected_ += 2 * end.sequence;
    options_.total_order_seek = true;
    options_.fill_cache = false;
  }

  void run() {
    const std::string logs(1, keys::pointer), behind_logs(1, keys::pointer + 1);
    const std::string behind_bodies(1, keys::body + 1);
    read("", behind_bodies);
    read(behind_bodies, logs);
    for (shard_id s = 0; s < at_.who.shards; ++s) read_log(s);
    read(keys::of_shard(keys::pointer, at_.who.shards), behind_logs);
    read(behind_logs, "\xff");
    if (tell_) tell_(expected_, expected_);
  }

private:
  rocksdb::Status scan(const std::string& from, const std::string& until) {
    const rocksdb::Slice bound(until);
    options_.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> at(at_.db->NewIterator(options_));
    for (at->Seek(from); at->Valid(); at->Next()) {
      check(at->key().ToStringView(), at->value().ToStringView());
      if (tell_ && ++done_ % tell_every == 0) tell_(std::min(done_, expected_), expected_);
    }
    return at->status();
  }

  void read(const std::string& from, const std::string& until) {
    if (const auto how = scan(from, until); !how.ok())
      complain("the files are damaged, what follows was not read: " + how.ToString());
  }

  void read_log(shard_id shard) {
    const auto end = at_.ends[shard].sequence;
    const auto until = keys::of_pointer(shard, UINT64_MAX);
    hole_.clear();
    for (sequence_t from = 1; from <= end; from = std::max(from, seen_[shard]) + 1) {
      const auto how = scan(keys::of_pointer(shard, from), until);
      if (how.ok()) break;
      hole_ = how.ToString();
    }
    if (seen_[shard] != end) complain_of_gap(shard, end);
  }

  /// What lies between the last pointer that was seen and `to`.
  void complain_of_gap(shard_id shard, sequence_t to) {
    const auto first = seen_[shard] + 1;
    auto what = "shard " + std::to_string(shard) + " sequence " + std::to_string(first);
    if (to > first) what += " to " + std::to_string(to);
    complain(what + (hole_.empty() ? " is missing" : " cannot be read: " + hole_));
    hole_.clear();
  }

  void check(std::string_view key, std::string_view value) {
    const auto rest = keys::unseal(key, value);
    keys::reader place(key.substr(1));
    if (key[0] == keys::body) {
      check_body(key, place, rest);
    } else if (key[0] == keys::pointer) {
      check_pointer(place, rest);
    } else if (!rest) {
      complain(std::string("a value of kind '") + key[0] + "' is damaged");
    } else if (key[0] == keys::timer) {
      check_timer(key);
    }
  }

  void check_timer(std::string_view key) {
    const auto at = place_of_timer(key);
    if (!at) return complain("a timer has a key that nobody wrote");
    const auto& t = at->what;
    const auto name = "the timer " + std::string(t.name) + " of " + std::string(t.type) + " " +
                      std::string(t.entity);
    if (at->shard != shard_of(t.entity, at_.who.shards))
      complain(name + " lies in shard " + std::to_string(at->shard));
    const auto body = keys::of_body(t.type, t.entity, 1);
    if (at_.db->Get(rocksdb::ReadOptions(), body, &value_).IsNotFound())
      complain(name + " is of a stream that has no records");
  }

  void check_body(std::string_view key, keys::reader place,
                  const std::optional<std::string_view>& rest) {
    const auto entity = place.name();
    const auto type = place.name();
    const auto version = place.get64();
    const auto name = std::string(type) + " " + std::string(entity) + " version ";
    if (const auto stream = key.substr(0, key.size() - keys::version_bytes); stream != stream_) {
      stream_ = stream;
      version_ = 0;
      ++into_.streams;
    }
    if (version != version_ + 1) complain(name + std::to_string(version_ + 1) + " is missing");
    version_ = version;
    ++into_.events;
    if (!rest) return complain(name + std::to_string(version) + " is damaged");
    const auto sequence = keys::reader(*rest).get64();
    const auto shard = shard_of(entity, at_.who.shards);
    const auto pointer = keys::of_pointer(shard, sequence);
    const auto got = at_.db->Get(rocksdb::ReadOptions(), pointer, &value_);
    if (!got.ok() && !got.IsNotFound()) return; // told when the log is read
    const auto leads_to = got.ok() ? keys::unseal(pointer, value_) : std::nullopt;
    if (leads_to != key.substr(1))
      complain(name + std::to_string(version) + " is not in the log of shard " +
               std::to_string(shard) + " at " + std::to_string(sequence));
  }

  void check_pointer(keys::reader place, const std::optional<std::string_view>& rest) {
    const auto shard = place.get16();
    const auto sequence = place.get64();
    const auto name = "shard " + std::to_string(shard) + " sequence ";
    if (shard >= seen_.size()) return complain("there is a log of shard " + std::to_string(shard));
    if (shard != shard_) stamp_ = 0;
    shard_ = shard;
    if (sequence != seen_[shard] + 1) complain_of_gap(shard, sequence - 1);
    seen_[shard] = sequence;
    if (!rest) return complain("the pointer of " + name + std::to_string(sequence) + " is damaged");
    const auto body = keys::body + std::string(*rest);
    const auto got = at_.db->Get(rocksdb::ReadOptions(), body, &value_);
    if (!got.ok() && !got.IsNotFound())
      return complain("the record of " + name + std::to_string(sequence) +
                      " cannot be read: " + got.ToString());
    const auto leads_to = got.ok() ? keys::unseal(body, value_) : std::nullopt;
    keys::reader in(leads_to.value_or(""));
    if (in.get64() != sequence || in.bad())
      return complain("the record of " + name + std::to_string(sequence) + " is not there");
    const auto stamp = static_cast<stamp_t>(in.get64());
    if (stamp < stamp_) complain("the stamp of " + name + std::to_string(sequence) + " goes back");
    stamp_ = stamp;
  }

  void complain(std::string what) {
    if (++into_.wrong <= verification::complaints_max) into_.complaints.push_back(std::move(what));
  }

  look& at_;
  verification& into_;
  const verify_progress& tell_;
  rocksdb::ReadOptions options_;
  std::string hole_; ///< why the log that is read could not be read further; empty: it could
  std::uint64_t expected_ = 0;
  std::uint64_t done_ = 0;
  std::string value_;
  std::string stream_;
  version_t version_ = 0;
  shard_id shard_ = 0;
  stamp_t stamp_ = 0;
  std::vector<sequence_t> seen_;
};

std::uint64_t bytes_in(const std::string& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

} // namespace

result<statistics> stat(std::string_view url) {
  auto at = look_into(url);
  if (!at) return at.error();
  statistics found{at->who, at->damage, 0, bytes_in(at->directory), {}};
  for (shard_id s = 0; s < at->who.shards; ++s) {
    const auto owner = load_owner(*at->db, s);
    if (!owner) return owner.error();
    const bool witnessed = at->seen && s < at->seen->ends.size();
    found.shards.push_back(
        {at->ends[s].sequence, witnessed ? at->seen->ends[s] : 0, at->ends[s].stamp, *owner});
    found.events += at->ends[s].sequence;
  }
  return found;
}

result<verification> verify(std::string_view url, const verify_progress& tell) {
  auto at = look_into(url);
  if (!at) return at.error();
  verification found;
  if (!at->damage.empty()) {
    ++found.wrong;
    found.complaints.push_back(at->damage);
  }
  key_check(*at, found, tell).run();
  return found;
}

result<event_source> look_at_events(std::string_view url) {
  auto at = look_into(url);
  if (!at) return at.error();
  const auto held = std::make_shared<look>(std::move(*at));
  const auto events = std::make_shared<event_reader>(*held->db, held->who.shards);
  event_source found{held->who, {}, {}, {}};
  for (const auto& end : held->ends) found.ends.push_back(end.sequence);
  found.read_log = [held, events](shard_id shard, sequence_t from, const visitor& visit) {
    return events->read_log(shard, from, held->ends[shard].sequence, visit);
  };
  found.read_stream = [held, events](const stream& of, const visitor& visit) {
    return events->read_stream(of, 1, visit);
  };
  return found;
}

} // namespace reenact::persistence::rocks
