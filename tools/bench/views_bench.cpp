#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sqlite3.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/projector.hpp"
#include "messages/mallbots/customers/customer.pb.h"
#include "messages/model/record.pb.h"
#include "persistence/journal_writer.hpp"
#include "persistence/open.hpp"
#include "persistence/views/creation.hpp"
#include "persistence/views/hash.hpp"
#include "persistence/views/view_file.hpp"
#include "tools/bench/cpu.hpp"
#include "tools/bench/random_ids.hpp"
#include "tools/bench/view_lag.hpp"

// Views beside their bound, a bare SQLite upsert of the same rows in transactions of the same size;
// then what a rebuild takes apart, and what a projector costs and how far it is behind under load.
using namespace reenact;
using namespace reenact::persistence;
using mallbots::customers::Customer;
using mallbots::customers::CustomerRegistered;
using mallbots::customers::CustomerSmsChanged;

namespace {

using reenact::bench::cpu_seconds;
using reenact::bench::make_ids;

constexpr std::size_t rows = 500'000;
constexpr auto type = "customers.Customer";

using seconds = std::chrono::duration<double>;
using steady = std::chrono::steady_clock;

/// Prints how many of `n` a second, and the CPU of each.
template <class Work>
double measure(const char* what, std::size_t n, Work&& work) {
  const auto begin = steady::now();
  const auto cpu = cpu_seconds();
  work();
  const auto rate = double(n) / seconds(steady::now() - begin).count();
  std::printf("  %-58s %9.0f/s   %6.2f us CPU\n", what, rate,
              (cpu_seconds() - cpu) * 1e6 / double(n));
  return rate;
}

template <class T>
T checked(result<T> r) {
  if (r) return std::move(*r);
  std::fprintf(stderr, "%s\n", r.error().text.c_str());
  std::exit(1);
}

Customer make_row(const std::string& id) {
  Customer c;
  c.set_customer_id(id);
  c.set_name("Ada Lovelace of the mall");
  c.set_sms_number("555-1212");
  c.set_enabled(true);
  return c;
}

/// The table of persistence/views/README.md, filled as SQLite lets it be filled.
class bare_table {
public:
  explicit bare_table(const std::string& path) {
    sqlite3_open_v2(path.c_str(), &db_,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; "
        "PRAGMA wal_autocheckpoint = 16000; CREATE TABLE t (created BLOB PRIMARY KEY, hash "
        "INTEGER NOT NULL, key TEXT NOT NULL, row BLOB NOT NULL) WITHOUT ROWID; "
        "CREATE INDEX i ON t (hash)");
    sqlite3_prepare_v2(db_, "INSERT INTO t VALUES (?, ?, ?, ?)", -1, &insert_, nullptr);
  }
  ~bare_table() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }
  bare_table(const bare_table&) = delete;
  bare_table& operator=(const bare_table&) = delete;

  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
  }
  void insert(const creation& at, const std::string& key, const std::string& row) {
    const auto created = at.encode();
    sqlite3_bind_blob(insert_, 1, created.data(), int(created.size()), SQLITE_STATIC);
    sqlite3_bind_int64(insert_, 2, std::int64_t(fnv1a(key)));
    sqlite3_bind_text(insert_, 3, key.data(), int(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob(insert_, 4, row.data(), int(row.size()), SQLITE_STATIC);
    if (sqlite3_step(insert_) != SQLITE_DONE) std::abort();
    sqlite3_reset(insert_);
  }

private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void bench_batches(const std::string& directory) {
  const auto ids = make_ids(rows);
  std::vector<Customer> all;
  for (const auto& id : ids) all.push_back(make_row(id));
  const auto bytes = all[0].SerializeAsString();
  std::printf("batches: %zu rows of %zu bytes\n", rows, bytes.size());
  const auto place = [](std::size_t i) { return creation{stamp_t(1'000'000 + i), 0, i + 1}; };
  for (const std::size_t batch : {std::size_t{1'000}, std::size_t{16'384}}) {
    const auto path = directory + "/" + std::to_string(batch);
    std::printf(" of %zu\n", batch);
    const auto bound = measure("bare SQLite: the same table and keys", rows, [&] {
      bare_table bare(path + "-bare");
      for (std::size_t i = 0; i < rows; ++i) {
        if (i % batch == 0) bare.run(i == 0 ? "BEGIN" : "COMMIT; BEGIN");
        bare.insert(place(i), ids[i], bytes);
      }
      bare.run("COMMIT");
    });
    const std::vector<sequence_t> ends(64, 1);
    const auto ours = measure("view_file::write", rows, [&] {
      const auto file = checked(view_file::open(
          path, {{}, ends, "b"}, {checked(schema_of("v", Customer::descriptor(), "1"))}));
      for (std::size_t i = 0; i < rows;) {
        std::vector<view_change> changes;
        for (; changes.size() < batch && i < rows; ++i)
          changes.push_back({place(i), ids[i], &all[i]});
        const view_batch one{0, view_side::aside, changes, ends};
        checked(file->write({&one, 1}));
      }
    });
    std::printf("  ratio %.2f\n", ours / bound);
  }
}

struct opened {
  std::unique_ptr<journal> held;
  std::vector<token> owners;

  explicit opened(const std::string& path) : held(checked(persistence::open("rocksdb:" + path))) {
    for (shard_id s = 0; s < held->about().shards; ++s)
      owners.push_back(checked(held->claim(s, 1)));
  }
};

template <class Event>
std::string record_of(const Event& e) {
  ::model::Record record;
  record.set_type(Event::descriptor()->full_name());
  record.set_payload(e.SerializeAsString());
  record.mutable_metadata()->set_event_id(std::string(16, 'e'));
  record.mutable_metadata()->set_command_id(std::string(16, 'c'));
  record.mutable_handled()->set_command_id(std::string(16, 'c'));
  record.mutable_handled()->set_request_hash(7);
  record.mutable_handled()->mutable_reply()->set_response(std::string(38, 'r'));
  return record.SerializeAsString();
}

std::string registered(const std::string& id) {
  CustomerRegistered e;
  e.set_customer_id(id);
  e.set_name("Ada Lovelace of the mall");
  e.set_sms_number("555-1212");
  return record_of(e);
}

std::string changed(const std::string& id) {
  CustomerSmsChanged e;
  e.set_customer_id(id);
  e.set_sms_number("555-2323");
  return record_of(e);
}

/// One event for each, in groups of 512.
void fill(const opened& to, const std::vector<std::string>& ids, version_t expected,
          std::string (*record)(const std::string&)) {
  std::vector<append> group;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto shard = shard_of(ids[i], to.held->about().shards);
    group.push_back({shard, to.owners[shard], type, ids[i], expected, {record(ids[i])}, nullptr});
    if (group.size() < 512 && i + 1 < ids.size()) continue;
    std::vector<const append*> pointers;
    for (const auto& a : group) pointers.push_back(&a);
    for (const auto& o : to.held->commit(pointers))
      if (o.what != outcome::kind::appended) std::abort();
    group.clear();
  }
}

void bench_rebuild(const std::string& directory) {
  const opened to(directory + "/rebuild");
  const auto ids = make_ids(rows);
  fill(to, ids, 0, registered);
  reenact::model::registry shop;
  mallbots::install(shop);
  const runtime::system_clock time;
  for (const version_t events : {1, 2}) {
    if (events == 2) fill(to, ids, 1, changed);
    const auto n = rows * events;
    std::printf("rebuild: %zu customers, %zu events\n", rows, n);
    const auto read = [&](const visitor& visit) {
      for (shard_id s = 0; s < to.held->about().shards; ++s)
        for (sequence_t at = 1, end = to.held->log_ends()[s]; at <= end; at += 256)
          checked(to.held->read_log(s, at, 256, visit));
    };
    std::size_t seen = 0;
    measure("reading the logs back, in pages of 256", n,
            [&] { read([&](const stored&) { return ++seen > 0; }); });
    measure("the same, each model::Record decoded", n, [&] {
      ::model::Record r;
      read(
          [&](const stored& s) { return r.ParseFromArray(s.record.data(), int(s.record.size())); });
    });
    measure("the projector, from nothing", n, [&] {
      runtime::timers clockwork(time);
      runtime::projector views(shop, *to.held, time, clockwork,
                               {directory + "/views" + std::to_string(events), "boot"});
      while (views.step()) {
      }
      views.stop();
    });
  }
}

/// A caller in a closed loop: its answer sends its next append.
struct caller final : pending {
  const opened* at = nullptr;
  const std::vector<std::string>* ids = nullptr;
  std::vector<head_slot>* heads = nullptr;
  journal_writer* writer = nullptr;
  const steady::time_point* until = nullptr;
  std::size_t* turn = nullptr;
  bool creates = false;

  void send() {
    const auto i = (*turn)++;
    const auto& id = (*ids)[i % ids->size()];
    what.type = type;
    what.entity = id;
    what.shard = shard_of(id, at->held->about().shards);
    what.writer = at->owners[what.shard];
    what.head = &(*heads)[i % ids->size()];
    what.expected = what.head->version;
    what.records = {creates ? registered(id) : changed(id)};
    ++what.head->in_flight;
    writer->push(this);
  }
  void done(const outcome& how) noexcept override {
    if (how.what != outcome::kind::appended) std::abort();
    if (steady::now() < *until && (!creates || *turn < ids->size())) send();
  }
};

/// 64 callers at the journal for a while, with a projector beside them or without.
void load(const char* what, const opened& to, const std::vector<std::string>& ids,
          std::vector<head_slot>& heads, bool creates, seconds lasting, const std::string& path) {
  reenact::model::registry shop;
  mallbots::install(shop);
  const runtime::system_clock time;
  runtime::timers clockwork(time);
  std::unique_ptr<runtime::projector> views;
  if (!path.empty()) {
    views = std::make_unique<runtime::projector>(shop, *to.held, time, clockwork,
                                                 runtime::projector::options{path, "boot"});
    while (views->step()) {
    }
    views->start();
  }
  std::vector<double> seen;
  std::size_t turn = 0;
  const auto begin = steady::now();
  const auto until = begin + std::chrono::duration_cast<steady::duration>(lasting);
  const auto cpu = cpu_seconds();
  {
    journal_writer::options how;
    if (views) how.durable = [&](auto group, auto all) { views->feed().add(group, all); };
    journal_writer writer(*to.held, how, [&] {
      if (views) views->wake();
    });
    std::vector<caller> callers(64);
    for (auto& c : callers) {
      c.at = &to;
      c.ids = &ids;
      c.heads = &heads;
      c.writer = &writer;
      c.until = &until;
      c.turn = &turn;
      c.creates = creates;
      c.send();
    }
    writer.start();
    if (views)
      seen = reenact::bench::view_lags(
          "customers.clientele", [&] { return views->progress(); },
          [&] { return steady::now() < until; }, std::chrono::milliseconds(1));
    std::this_thread::sleep_until(until);
    writer.stop();
  }
  const auto used = cpu_seconds() - cpu;
  std::printf("  %-44s %8.0f/s  %6.2f us CPU", what,
              double(turn) / seconds(steady::now() - begin).count(), used * 1e6 / double(turn));
  if (!seen.empty()) std::printf("   ");
  reenact::bench::print_lags(seen);
  std::printf("\n");
  if (views) views->stop();
}

void bench_lag(const std::string& directory, seconds lasting) {
  std::printf("under load: 64 callers at the journal, %.1f s each\n", lasting.count());
  for (const bool with : {false, true}) {
    const opened to(directory + (with ? "/with" : "/without"));
    const auto path = with ? directory + "/load.sqlite" : std::string();
    const auto ids = make_ids(rows), hot = make_ids(10'000);
    std::vector<head_slot> heads(rows), hot_heads(hot.size());
    for (auto& h : heads) h.compared = true; // drawn
    load(with ? "creating, with views" : "creating, without", to, ids, heads, true, lasting, path);
    for (std::size_t i = 0; i < hot.size(); ++i)
      hot_heads[i].version = checked(to.held->head({type, hot[i]}));
    load(with ? "changing 10,000, with views" : "changing 10,000, without", to, hot, hot_heads,
         false, lasting, path);
  }
}

} // namespace

/// views_bench [batches|rebuild|lag|all] [SECONDS A LOAD] [DIRECTORY]
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string_view what = argc > 1 ? argv[1] : "all";
  const seconds lasting(argc > 2 ? std::atof(argv[2]) : 4.0);
  const std::string directory = argc > 3 ? argv[3] : "./views_bench.data";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  if (what == "batches" || what == "all") bench_batches(directory);
  if (what == "rebuild" || what == "all") bench_rebuild(directory);
  if (what == "lag" || what == "all") bench_lag(directory, lasting);
  std::filesystem::remove_all(directory);
}
