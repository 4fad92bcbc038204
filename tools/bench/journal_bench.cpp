#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "messages/model/record.pb.h"
#include "persistence/journal_writer.hpp"
#include "persistence/rocksdb/keys.hpp"
#include "persistence/rocksdb/rocksdb_journal.hpp"
#include "tools/bench/cpu.hpp"
#include "tools/bench/random_ids.hpp"

// The embedded journal beside its bound, a bare RocksDB batch with the same keys, value sizes,
// options and group size, in alternating rounds of one run; then replay, cold streams and opening.
using namespace reenact::persistence;

namespace {

using reenact::bench::cpu_seconds;
using reenact::bench::make_ids;

constexpr std::uint32_t shards = 64;
constexpr std::size_t streams = 100'000;
constexpr std::size_t rounds = 5;
constexpr auto type = "customers.Customer";

using seconds = std::chrono::duration<double>;
using steady = std::chrono::steady_clock;

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

/// What one round did.
struct figure {
  double per_second = 0;
  double cpu_us = 0; ///< of the whole process, flushes and compactions included
};

template <class Work>
figure measure(Work&& work) { // work() returns how many it did
  const auto begin = steady::now();
  const auto cpu = cpu_seconds();
  const auto n = double(work());
  return {n / seconds(steady::now() - begin).count(), (cpu_seconds() - cpu) * 1e6 / n};
}

figure median(const std::vector<figure>& all) {
  std::vector<double> rate;
  std::vector<double> cpu;
  for (const auto& f : all) {
    rate.push_back(f.per_second);
    cpu.push_back(f.cpu_us);
  }
  return {median(rate), median(cpu)};
}

/// A record of some 200 bytes, such as a small event with its metadata and reply makes.
std::string make_record() {
  model::Record record;
  record.set_type("mallbots.customers.CustomerSmsNumberChanged");
  record.set_payload(std::string(60, 'p'));
  record.mutable_metadata()->set_event_id(std::string(16, 'e'));
  record.mutable_metadata()->set_command_id(std::string(16, 'c'));
  record.mutable_handled()->set_command_id(std::string(16, 'c'));
  record.mutable_handled()->set_request_hash(7);
  record.mutable_handled()->set_entity_version(3);
  record.mutable_handled()->mutable_reply()->set_response(std::string(16, 'r'));
  return record.SerializeAsString();
}

/// Streams taken in turn, so that no two callers hold the same one.
struct population {
  std::vector<std::string> ids;
  std::vector<head_slot> heads;
  std::size_t turn = 0;
  explicit population(std::size_t count) : ids(make_ids(count)), heads(count) {
    for (auto& h : heads) h.compared = true; // drawn
  }
  std::size_t next() { return turn++ % ids.size(); }
};

struct opened {
  std::unique_ptr<rocksdb_journal> journal;
  std::vector<token> owners;
};

template <class T>
T checked(result<T> r) {
  if (r) return std::move(*r);
  std::fprintf(stderr, "%s\n", r.error().text.c_str());
  std::exit(1);
}

opened open_at(const std::string& directory) {
  opened o{checked(rocksdb_journal::open(directory, {.shards = shards})), {}};
  for (shard_id s = 0; s < shards; ++s) o.owners.push_back(checked(o.journal->claim(s, 1)));
  return o;
}

/// A caller in a closed loop: its answer sends its next append.
struct caller final : pending {
  population* all = nullptr;
  const opened* at = nullptr;
  journal_writer* writer = nullptr;
  const steady::time_point* until = nullptr;
  std::size_t* answered = nullptr;

  void send() {
    const auto i = all->next();
    what.entity = all->ids[i];
    what.shard = shard_of(what.entity, shards);
    what.writer = at->owners[what.shard];
    what.head = &all->heads[i];
    what.expected = what.head->version;
    ++what.head->in_flight;
    writer->push(this);
  }
  void done(const outcome& how) noexcept override {
    if (how.what != outcome::kind::appended) std::abort();
    ++*answered;
    if (steady::now() < *until) send();
  }
};

std::size_t append_for(seconds time, const opened& to, population& all, std::size_t callers) {
  std::size_t answered = 0;
  const auto until = steady::now() + std::chrono::duration_cast<steady::duration>(time);
  journal_writer writer(*to.journal, {}, {});
  std::vector<caller> waiting(callers);
  for (auto& c : waiting) {
    c.what.type = type;
    c.what.records = {make_record()};
    c.all = &all;
    c.at = &to;
    c.writer = &writer;
    c.until = &until;
    c.answered = &answered;
    c.send();
  }
  while (writer.step()) {
  }
  return answered;
}

/// The bound: the same keys and as many bytes, but no checks, no checksums, no answers.
std::size_t bare_for(seconds time, rocksdb::DB& db, population& all, std::size_t group,
                     std::vector<sequence_t>& ends) {
  std::size_t written = 0;
  const auto until = steady::now() + std::chrono::duration_cast<steady::duration>(time);
  const std::string body_value(make_record().size() + 20, 'v');
  rocksdb::WriteBatch batch;
  while (steady::now() < until) {
    batch.Clear();
    for (std::size_t n = 0; n < group; ++n) {
      const auto i = all.next();
      const auto shard = shard_of(all.ids[i], shards);
      const auto body = keys::of_body(type, all.ids[i], ++all.heads[i].version);
      batch.Put(body, body_value);
      batch.Put(keys::of_pointer(shard, ++ends[shard]),
                rocksdb::Slice(body_value.data(), body.size() + 3));
    }
    if (!db.Write(synced(), &batch).ok()) std::abort();
    written += group;
  }
  return written;
}

void bench_append(const std::string& directory, seconds time) {
  std::printf("append: records of %zu bytes, %zu streams, medians of %zu rounds of %.1f s\n",
              make_record().size(), streams, rounds, time.count());
  std::printf("  writers   journal/s   bare/s    ratio    journal us CPU   bare us CPU\n");
  const auto journal = open_at(directory + "/journal");
  const auto bare = open_at(directory + "/bare");
  population ours(streams);
  population theirs(streams);
  std::vector<sequence_t> ends(shards);
  for (const std::size_t writers : {1, 8, 64, 512}) {
    std::vector<figure> mine;
    std::vector<figure> bound;
    for (std::size_t r = 0; r < rounds; ++r) {
      mine.push_back(measure([&] { return append_for(time, journal, ours, writers); }));
      bound.push_back(
          measure([&] { return bare_for(time, bare.journal->database(), theirs, writers, ends); }));
    }
    const auto m = median(mine);
    const auto b = median(bound);
    std::printf("  %7zu   %9.0f   %6.0f   %5.2f   %14.1f   %11.1f\n", writers, m.per_second,
                b.per_second, m.per_second / b.per_second, m.cpu_us, b.cpu_us);
  }
}

/// Appends `events` to each of the streams, in groups of 512.
void fill(const opened& to, population& all, version_t events) {
  std::vector<append> group;
  const auto commit = [&] {
    std::vector<const append*> pointers;
    for (const auto& a : group) pointers.push_back(&a);
    for (const auto& o : to.journal->commit(pointers))
      if (o.what != outcome::kind::appended) std::abort();
    group.clear();
  };
  const auto record = make_record();
  for (version_t v = 0; v < events; ++v)
    for (std::size_t i = 0; i < all.ids.size(); ++i) {
      const auto shard = shard_of(all.ids[i], shards);
      group.push_back({shard, to.owners[shard], type, all.ids[i], v, {record}, &all.heads[i]});
      if (group.size() == 512) commit();
    }
  commit();
}

std::size_t read_all(const rocksdb_journal& journal, const std::string& id, bool decode) {
  std::size_t seen = 0;
  model::Record record;
  checked(journal.read_stream({type, id}, 1, [&](const stored& s) {
    if (decode && !record.ParseFromArray(s.record.data(), int(s.record.size()))) std::abort();
    return ++seen > 0;
  }));
  return seen;
}

void bench_replay(const std::string& directory) {
  const auto to = open_at(directory + "/replay");
  population one(1);
  one.ids[0] = "long";
  fill(to, one, 10'000);
  population many(streams);
  fill(to, many, 3);
  const auto shown = [&](const char* what, auto&& work) {
    std::vector<figure> all;
    for (std::size_t r = 0; r < rounds; ++r) all.push_back(measure(work));
    const auto f = median(all);
    std::printf("  %-48s %9.0f/s   %6.2f us CPU\n", what, f.per_second, f.cpu_us);
    return f.per_second;
  };
  std::mt19937_64 random(2);
  std::printf("replay, %.0f events in all\n", double(10'000 + streams * 3));
  for (const bool compacted : {false, true}) {
    if (compacted) {
      to.journal->database().Flush({});
      to.journal->database().CompactRange({}, nullptr, nullptr);
    }
    std::printf(" %s\n", compacted ? "from files" : "as written, partly in memory");
    shown("events of one 10,000-event stream", [&] {
      std::size_t n = 0;
      for (int i = 0; i < 20; ++i) n += read_all(*to.journal, one.ids[0], false);
      return n;
    });
    const auto decoded = shown("the same, each model::Record decoded", [&] {
      std::size_t n = 0;
      for (int i = 0; i < 20; ++i) n += read_all(*to.journal, one.ids[0], true);
      return n;
    });
    std::printf("  %-48s %9.2f ms\n", "that stream", 10'000 * 1e3 / decoded);
    shown("cold streams of 3 events, at random", [&] {
      for (std::size_t i = 0; i < streams; ++i)
        read_all(*to.journal, many.ids[random() % streams], true);
      return streams;
    });
    shown("heads of streams that are not there", [&] {
      for (std::size_t i = 0; i < streams; ++i)
        if (checked(to.journal->head({type, many.ids[i] + "x"})) != 0) std::abort();
      return streams;
    });
    shown("events of the shards' logs, in pages of 256", [&] {
      std::size_t n = 0;
      for (shard_id s = 0; s < shards; ++s)
        for (sequence_t at = 1, end = to.journal->log_ends()[s]; at <= end; at += 256)
          checked(to.journal->read_log(s, at, 256, [&](const stored&) { return ++n > 0; }));
      return n;
    });
  }
}

void bench_open(const std::string& directory) {
  {
    const auto to = open_at(directory + "/open");
    population many(250'000);
    fill(to, many, 4);
  }
  std::vector<double> all;
  for (std::size_t r = 0; r < rounds; ++r) {
    const auto begin = steady::now();
    const auto to = checked(rocksdb_journal::open(directory + "/open", {.shards = shards}));
    all.push_back(seconds(steady::now() - begin).count());
  }
  std::printf("open with 1,000,000 events: %.3f s the first time, %.3f s again\n", all[0],
              median(all));
}

} // namespace

/// journal_bench [append|replay|open|all] [SECONDS A ROUND] [DIRECTORY]
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::string_view what = argc > 1 ? argv[1] : "all";
  const seconds time(argc > 2 ? std::atof(argv[2]) : 1.5);
  const std::string directory = argc > 3 ? argv[3] : "./journal_bench.data";
  std::filesystem::remove_all(directory);
  if (what == "append" || what == "all") bench_append(directory, time);
  if (what == "replay" || what == "all") bench_replay(directory);
  if (what == "open" || what == "all") bench_open(directory);
  std::filesystem::remove_all(directory);
}
