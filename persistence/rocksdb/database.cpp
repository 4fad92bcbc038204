#include "persistence/rocksdb/database.hpp"

#include <algorithm>
#include <filesystem>

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "persistence/rocksdb/keys.hpp"

namespace reenact::persistence {
namespace {

constexpr std::uint32_t format = 1;
constexpr std::string_view hash_name = "fnv1a64-fmix64";
constexpr std::size_t block_cache_bytes = 64U << 20U;

/// The stream of a body's or a snapshot's key: what the Bloom filters know, so that reading a
/// stream or asking for what is not there touches only files that may hold it. (A large snapshot
/// fills a block of its own: without the filter each neighbour's look-up would unpack it.)
class stream_prefix final : public rocksdb::SliceTransform {
public:
  const char* Name() const override { return "reenact.stream"; }
  bool InDomain(const rocksdb::Slice& key) const override {
    return !key.empty() && (key[0] == keys::body || key[0] == keys::snapshot) && length(key) > 0;
  }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), length(key)};
  }

private:
  static std::size_t length(const rocksdb::Slice& key) {
    keys::reader in({key.data() + 1, key.size() - 1});
    in.name();
    in.name();
    return in.bad() ? 0 : key.size() - in.rest().size();
  }
};

/// The shard of a pointer's key. Pointers are appended in order within a shard: the memtable
/// remembers where the last one went, which saves half the cost of a key.
class shard_prefix final : public rocksdb::SliceTransform {
public:
  const char* Name() const override { return "reenact.shard"; }
  bool InDomain(const rocksdb::Slice& key) const override {
    return key.size() >= bytes && key[0] == keys::pointer;
  }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override { return {key.data(), bytes}; }

private:
  static constexpr std::size_t bytes = 3;
};

/// Keeps RocksDB from going on by itself when a full disk has room again: only a restart finds out
/// what the failed write left behind.
class no_recovery final : public rocksdb::EventListener {
public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*error*/,
                            bool* by_itself) override {
    *by_itself = false;
  }
};

rocksdb::Options options_for(opening how, const rocksdb_settings& with) {
  rocksdb::Options o;
  o.env = with.env;
  o.create_if_missing = how == opening::create;
  // A torn tail of the log is what a power cut leaves; anything else that is wrong in it refuses to
  // open. Salvaging reads up to the first thing that is wrong, whatever it is.
  const bool salvaging = how == opening::look_at_rest || how == opening::salvage;
  o.wal_recovery_mode = salvaging ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
                                  : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Sound only while nothing but WriteOptions.sync syncs the log (rocksdb#10892).
  o.track_and_verify_wals_in_manifest = !salvaging;
  o.paranoid_checks = true;
  o.max_bgerror_resume_count = 0;                  // a failed write or sync is never tried again,
  o.listeners = {std::make_shared<no_recovery>()}; // not even when there is room again
  o.recycle_log_file_num = 0;
  o.write_buffer_size = with.write_buffer_bytes;
  o.max_write_buffer_number = 4;
  o.memtable_insert_with_hint_prefix_extractor = std::make_shared<shard_prefix>();
  o.prefix_extractor = std::make_shared<stream_prefix>();
  o.memtable_prefix_bloom_size_ratio = 0.02; // a read of what is not there: 1.4 us instead of 3.7
  o.level_compaction_dynamic_level_bytes = true;
  o.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  o.keep_log_file_num = 2;
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = false; // bodies are found by their stream; other keys are few
  table.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  table.format_version = 5;
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

} // namespace

result<bool> has_database(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto db = fs::path(directory) / "db";
  if (fs::exists(db / "CURRENT", error)) return true;
  std::string left;
  if (!error && fs::exists(fs::path(directory) / "witness", error)) left = "witness";
  if (!error && fs::exists(db, error))
    for (const auto& file : fs::directory_iterator(db, error))
      if (const auto kind = file.path().extension(); kind == ".sst" || kind == ".log")
        left = "db/" + file.path().filename().string();
  if (error)
    return failure{failure::kind::refused,
                   "cannot look into " + directory + ": " + error.message()};
  if (left.empty()) return false;
  return failure{failure::kind::corrupt, "there was a journal in " + directory + ": " + left +
                                             " is left of it, but db/CURRENT is gone"};
}

result<std::unique_ptr<rocksdb::DB>> open_database(const std::string& directory, opening how,
                                                   const rocksdb_settings& with) {
  if (auto there = has_database(directory); !there) { // RocksDB would make one, and tidy up
    return failure{there.error().what,
                   there.error().text + ". Restore a backup, or name another directory"};
  }
  const auto options = options_for(how, with);
  const auto path = directory + "/db";
  const bool looks = how == opening::look || how == opening::look_at_rest;
  rocksdb::DB* opened = nullptr;
  const auto status = looks ? rocksdb::DB::OpenForReadOnly(options, path, &opened)
                            : rocksdb::DB::Open(options, path, &opened);
  if (status.ok()) return std::unique_ptr<rocksdb::DB>(opened);
  auto why = failed(status, "open the journal " + directory);
  if (why.what == failure::kind::corrupt && how == opening::create)
    why.text += "; `mallbots journal repair` shows what can be read";
  if (why.what == failure::kind::broken) why.what = failure::kind::refused;
  return why;
}

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions o;
  o.sync = true;
  return o;
}

failure failed(const rocksdb::Status& why, const std::string& doing) {
  return {why.IsCorruption() ? failure::kind::corrupt : failure::kind::broken,
          "cannot " + doing + ": " + why.ToString()};
}

result<std::optional<identity>> load_identity(rocksdb::DB& db) {
  const std::string key(1, keys::identity);
  std::string value;
  const auto status = db.Get(rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return std::optional<identity>();
  if (!status.ok()) return failed(status, "read the journal's identity");
  const auto rest = keys::unseal(key, value);
  keys::reader in(rest.value_or(""));
  identity who{{}, 0, "rocksdb", "fsync before reply"};
  const auto written_as = in.get32();
  const auto lineage = in.bytes(who.lineage.size());
  who.shards = in.get32();
  if (!rest || in.bad())
    return failure{failure::kind::corrupt, "the journal's identity is not what was written"};
  if (written_as != format || in.rest() != hash_name)
    return failure{failure::kind::refused, "the journal has format " + std::to_string(written_as) +
                                               " (" + std::string(in.rest()) +
                                               "): this program writes another one"};
  std::copy(lineage.begin(), lineage.end(), who.lineage.begin());
  return std::optional(who);
}

status store_identity(rocksdb::DB& db, const identity& who) {
  const std::string key(1, keys::identity);
  std::string value;
  keys::begin_value(value);
  keys::put32(value, format);
  value.append(who.lineage.begin(), who.lineage.end());
  keys::put32(value, who.shards);
  value += hash_name;
  keys::seal(key, value);
  const auto status = db.Put(synced(), key, value);
  if (!status.ok()) return failed(status, "write the journal's identity");
  return done{};
}

result<token> load_owner(rocksdb::DB& db, shard_id shard) {
  const auto key = keys::of_shard(keys::owner, shard);
  std::string value;
  const auto status = db.Get(rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return token{};
  if (!status.ok()) return failed(status, "read the owner of shard " + std::to_string(shard));
  const auto rest = keys::unseal(key, value);
  if (!rest)
    return failure{failure::kind::corrupt,
                   "the owner of shard " + std::to_string(shard) + " is damaged"};
  keys::reader in(*rest);
  const auto epoch = in.get64();
  return token{epoch, in.get64()};
}

} // namespace reenact::persistence
