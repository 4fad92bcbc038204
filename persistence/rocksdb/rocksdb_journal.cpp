#include "persistence/rocksdb/rocksdb_journal.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "persistence/admission.hpp"
#include "persistence/refusals.hpp"
#include "persistence/rocksdb/keys.hpp"
#include "persistence/rocksdb/timer_reader.hpp"

namespace reenact::persistence {

result<std::unique_ptr<rocksdb_journal>> rocksdb_journal::open(const std::string& directory,
                                                               const open_options& how,
                                                               const rocksdb_settings& with) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return failure{failure::kind::refused, "cannot make " + directory + ": " + error.message()};
  auto lock = directory_lock::take(directory);
  if (!lock) return lock.error();
  auto db = open_database(directory, opening::create, with);
  if (!db) return db.error();
  auto found = load_identity(**db);
  if (!found) return found.error();
  if (!*found) {
    *found = identity{new_lineage(), how.shards, "rocksdb", "fsync before reply"};
    if (auto made = store_identity(**db, **found); !made) return made.error();
  }
  const identity& who = **found;
  if (who.shards != how.shards)
    return failure{failure::kind::refused,
                   "the journal " + directory + " was made with " + std::to_string(who.shards) +
                       " shards, which stay for its life: it cannot be opened with " +
                       std::to_string(how.shards)};
  std::unique_ptr<rocksdb_journal> opened(
      new rocksdb_journal(std::move(*lock), std::move(*db), directory, who, how, with));
  if (auto loaded = opened->load(); !loaded) return loaded.error();
  return opened;
}

rocksdb_journal::rocksdb_journal(directory_lock lock, std::unique_ptr<rocksdb::DB> db,
                                 std::string directory, const identity& who,
                                 const open_options& how, const rocksdb_settings& with)
  : lock_(std::move(lock)),
    db_(std::move(db)),
    directory_(std::move(directory)),
    about_(who),
    how_(how),
    with_(with),
    events_(*db_, who.shards),
    consumers_(*db_, who.shards),
    owners_(who.shards),
    logs_(who.shards),
    durable_(who.shards) {}

rocksdb_journal::~rocksdb_journal() { (void)close(); }

status rocksdb_journal::load() {
  auto seen = read_witness(*with_.env, directory_);
  if (!seen) return seen.error();
  for (shard_id s = 0; s < about_.shards; ++s) {
    auto end = events_.end_of(s);
    if (!end) return end.error();
    logs_[s] = *end;
    durable_[s] = end->sequence;
    auto owner = load_owner(*db_, s);
    if (!owner) return owner.error();
    owners_[s] = *owner;
  }
  if (auto right = compare(*seen, about_, log_ends()); !right) return right;
  if (*seen) witnessed_ = (*seen)->ends;
  if (auto begun = witness_now(); !begun) return begun;
  if (with_.witness_period.count() > 0)
    witness_ = std::thread(&rocksdb_journal::witness_by_period, this);
  return done{};
}

result<token> rocksdb_journal::claim(shard_id shard, std::uint64_t incarnation) {
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  if (auto well = health(); !well) return well.error();
  const token owner{owners_[shard].epoch + 1, incarnation};
  if (auto stored = store_owner(shard, owner, "claim"); !stored) return stored.error();
  return owner;
}

status rocksdb_journal::release(shard_id shard, const token& writer) {
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  if (auto well = health(); !well) return well.error();
  if (!owns(writer, owners_[shard])) return fenced_by(owners_[shard]);
  return store_owner(shard, {writer.epoch, 0}, "release");
}

status rocksdb_journal::store_owner(shard_id shard, const token& owner, const std::string& doing) {
  keys::begin_value(value_);
  keys::put64(value_, owner.epoch);
  keys::put64(value_, owner.incarnation);
  const auto key = keys::of_shard(keys::owner, shard);
  auto stored = put(synced(), key, value_, doing + " shard " + std::to_string(shard));
  if (stored) owners_[shard] = owner;
  return stored;
}

std::vector<outcome> rocksdb_journal::commit(std::span<const append* const> group) {
  std::vector<outcome> outcomes;
  outcomes.reserve(group.size());
  const admission::find_head find = [this](const append& a) {
    return events_.head({a.type, a.entity});
  };
  admission gate(owners_, find);
  for (const append* a : group) {
    if (broken_ && a->head != nullptr) a->head->closed = true;
    outcomes.push_back(broken_ ? outcome{} : gate.admit(*a));
  }
  batch_.Clear();
  const auto now = how_.clock();
  for (std::size_t i = 0; i < group.size(); ++i)
    if (outcomes[i].what == outcome::kind::appended) add(*group[i], outcomes[i], now);
  if (batch_.Count() == 0) return outcomes;

  const auto written = db_->Write(synced(), &batch_);
  if (!written.ok()) break_down(failed(written, "write to the journal " + directory_));
  settle(group, outcomes, written.ok());
  if (written.ok())
    for (std::size_t s = 0; s < logs_.size(); ++s) durable_[s] = logs_[s].sequence;
  return outcomes;
}

void rocksdb_journal::add(const append& a, outcome& how, stamp_t now) {
  auto& log = logs_[a.shard];
  log.stamp = std::max(log.stamp, now);
  how.first = log.sequence + 1;
  how.stamp = log.stamp;
  auto key = keys::of_body(a.type, a.entity, 0);
  for (version_t version = a.expected + 1; const auto& record : a.records) {
    key.resize(key.size() - keys::version_bytes);
    keys::put64(key, version++);
    keys::begin_value(value_);
    keys::put64(value_, ++log.sequence);
    keys::put64(value_, static_cast<std::uint64_t>(log.stamp));
    value_ += record;
    lay(key);

    const auto pointer = keys::of_pointer(a.shard, log.sequence);
    keys::begin_value(value_);
    value_.append(key, 1);
    lay(pointer);
  }
  for (const auto& t : a.cleared) batch_.Delete(keys::of_timer(a.shard, a.type, a.entity, t));
  for (const auto& t : a.set) {
    keys::begin_value(value_);
    lay(keys::of_timer(a.shard, a.type, a.entity, t));
  }
}

void rocksdb_journal::lay(const std::string& key) {
  keys::seal(key, value_);
  batch_.Put(key, value_);
}

status rocksdb_journal::put(const rocksdb::WriteOptions& how, const std::string& key,
                            std::string& value, const std::string& doing) {
  keys::seal(key, value);
  const auto written = db_->Put(how, key, value);
  if (!written.ok()) return break_down(failed(written, doing));
  return done{};
}

failure rocksdb_journal::break_down(const failure& why) {
  const std::scoped_lock lock(mutex_);
  if (!broken_) {
    why_broken_ = {failure::kind::broken,
                   why.text + ". The journal stops here: nothing is acknowledged that is not on " +
                       "the disk. See to the disk and its space, then start again"};
    broken_ = true;
  }
  return why_broken_;
}

status rocksdb_journal::health() const {
  if (!broken_) return done{};
  const std::scoped_lock lock(mutex_);
  return why_broken_;
}

result<version_t> rocksdb_journal::head(const stream& of) const {
  if (auto well = health(); !well) return well.error();
  return events_.head(of);
}

status rocksdb_journal::read_stream(const stream& of, version_t from, const visitor& visit) const {
  if (auto well = health(); !well) return well;
  return events_.read_stream(of, from, visit);
}

status rocksdb_journal::read_log(shard_id shard, sequence_t from, std::size_t most,
                                 const visitor& visit) const {
  if (auto well = health(); !well) return well;
  return events_.read_log(shard, from, most, visit);
}

status rocksdb_journal::read_timers(shard_id shard, stamp_t until, std::size_t most,
                                    const timer_visitor& visit) const {
  if (auto well = health(); !well) return well;
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  return persistence::read_timers(*db_, shard, until, most, visit);
}

std::vector<sequence_t> rocksdb_journal::log_ends() const {
  return {durable_.begin(), durable_.end()};
}

status rocksdb_journal::store_snapshot(const token& writer, const stream& of,
                                       const snapshot& what) {
  if (auto well = health(); !well) return well;
  const auto& owner = owners_[shard_of(of.entity, about_.shards)];
  if (!owns(writer, owner)) return fenced_by(owner);
  if (!is_name(of.type) || !is_name(of.entity)) return not_a_name("a stream");
  if (what.bytes.size() > snapshot_bytes_max) return too_large("a snapshot", snapshot_bytes_max);
  keys::begin_value(value_);
  keys::put64(value_, what.version);
  value_ += what.bytes;
  return put({}, keys::of_stream(keys::snapshot, of.type, of.entity), value_,
             "store a snapshot of " + of.type + " " + of.entity);
}

result<snapshot> rocksdb_journal::load_snapshot(const stream& of) const {
  if (auto well = health(); !well) return well.error();
  if (!is_name(of.type) || !is_name(of.entity)) return snapshot{};
  const auto key = keys::of_stream(keys::snapshot, of.type, of.entity);
  std::string value;
  const auto got = db_->Get(rocksdb::ReadOptions(), key, &value);
  const auto rest = got.ok() ? keys::unseal(key, value) : std::nullopt;
  if (!rest) return snapshot{};
  keys::reader in(*rest);
  snapshot found{in.get64(), {}};
  found.bytes = in.rest();
  if (in.bad()) return snapshot{};
  const auto stream_ends = events_.head(of);
  if (!stream_ends) return stream_ends.error();
  return found.version <= *stream_ends ? found : snapshot{};
}

status rocksdb_journal::may_store(const token& writer, std::string_view consumer,
                                  shard_id shard) const {
  if (auto well = health(); !well) return well;
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  if (!owns(writer, owners_[shard])) return fenced_by(owners_[shard]);
  if (!is_name(consumer)) return not_a_name("a consumer");
  return done{};
}

status rocksdb_journal::store_progress(const token& writer, std::string_view consumer,
                                       shard_id shard, const progress& what) {
  if (auto may = may_store(writer, consumer, shard); !may) return may;
  if (auto fits = admit(what, shard, durable_[shard]); !fits) return fits;
  const auto known = consumers_.position(consumer, shard);
  if (!known) return known.error();
  const bool sync = what.synced || !what.dead.empty();
  batch_.Clear();
  // The one that is there already may not be on the disk: a sync needs something to write.
  if (sync || !*known || **known < what.at) {
    keys::begin_value(value_);
    keys::put64(value_, std::max(known->value_or(0), what.at));
    lay(keys::of_consumer(keys::position, consumer, shard));
  }
  for (const auto sequence : what.parked) {
    keys::begin_value(value_);
    lay(keys::of_consumed(keys::parked, consumer, shard, sequence));
  }
  for (const auto sequence : what.resumed)
    batch_.Delete(keys::of_consumed(keys::parked, consumer, shard, sequence));
  for (const auto& letter : what.dead) lay_letter(consumer, shard, letter);
  if (batch_.Count() == 0) return done{};
  return write_batch(sync ? synced() : rocksdb::WriteOptions(),
                     "store the progress of " + std::string(consumer));
}

void rocksdb_journal::lay_letter(std::string_view consumer, shard_id shard,
                                 const dead_letter& letter) {
  keys::begin_value(value_);
  keys::put32(value_, letter.attempts);
  keys::put64(value_, static_cast<std::uint64_t>(letter.when));
  value_ += cut_why(letter.why);
  lay(keys::of_consumed(keys::dead_letter, consumer, shard, letter.at));
}

status rocksdb_journal::drop_dead_letter(const token& writer, std::string_view consumer,
                                         shard_id shard, sequence_t at) {
  if (auto may = may_store(writer, consumer, shard); !may) return may;
  batch_.Clear();
  batch_.Delete(keys::of_consumed(keys::dead_letter, consumer, shard, at));
  return write_batch(synced(), "drop a dead letter of " + std::string(consumer));
}

status rocksdb_journal::write_batch(const rocksdb::WriteOptions& how, const std::string& doing) {
  const auto written = db_->Write(how, &batch_);
  if (!written.ok()) return break_down(failed(written, doing));
  return done{};
}

result<positions_by_shard> rocksdb_journal::positions(std::string_view consumer) const {
  if (auto well = health(); !well) return well.error();
  return consumers_.positions(consumer);
}

result<std::vector<sequence_t>> rocksdb_journal::parked(std::string_view consumer,
                                                        shard_id shard) const {
  if (auto well = health(); !well) return well.error();
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  return consumers_.parked(consumer, shard);
}

status rocksdb_journal::read_dead_letters(std::string_view consumer, shard_id shard,
                                          const dead_letter_visitor& visit) const {
  if (auto well = health(); !well) return well;
  if (shard >= about_.shards) return no_such_shard(shard, about_.shards);
  return consumers_.read_dead_letters(consumer, shard, visit);
}

result<std::vector<std::string>> rocksdb_journal::consumers() const {
  if (auto well = health(); !well) return well.error();
  return consumers_.consumers();
}

status rocksdb_journal::witness_now() {
  const witness now{about_.lineage, log_ends()};
  if (const std::scoped_lock lock(mutex_); now.ends == witnessed_) return done{};
  if (auto written = write_witness(*with_.env, directory_, now); !written)
    return break_down(written.error());
  const std::scoped_lock lock(mutex_);
  witnessed_ = now.ends;
  return done{};
}

void rocksdb_journal::witness_by_period() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, with_.witness_period, [this] { return closing_; })) {
    lock.unlock();
    (void)witness_now(); // a failure has broken the journal, and is told by whoever asks it next
    lock.lock();
  }
}

status rocksdb_journal::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (witness_.joinable()) witness_.join();
  if (!db_) return done{};
  // Of a journal that was refused the witness tells what is missing: it must stay.
  auto witnessed = witnessed_.empty() ? status(done{}) : witness_now();
  const auto closed = db_->Close();
  db_.reset();
  if (!witnessed) return witnessed;
  if (!closed.ok()) return failed(closed, "close the journal " + directory_);
  return done{};
}

} // namespace reenact::persistence
