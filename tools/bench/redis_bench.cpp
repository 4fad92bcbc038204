#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/redis/redis_journal.hpp"
#include "tools/bench/cpu.hpp"
#include "tools/bench/random_ids.hpp"

// The Redis journal beside its bound: the same script, called over the same kind of connections, as
// many at once, with records of the same size, but without checks, checksums and answers to
// anybody. In alternating rounds of one run, against a server that is there for this alone.
using namespace reenact::persistence;

namespace {

using reenact::bench::cpu_seconds;
using seconds = std::chrono::duration<double>;
using steady = std::chrono::steady_clock;

constexpr std::uint32_t shards = 64;
constexpr std::size_t streams = 20'000;
constexpr std::size_t rounds = 7;
constexpr std::size_t record_bytes = 200;
constexpr auto type = "customers.Customer";

template <class T>
T checked(result<T> r) {
  if (r) return std::move(*r);
  std::fprintf(stderr, "%s\n", r.error().text.c_str());
  std::exit(1);
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

/// Groups of appends to streams in turn.
class journal_side {
public:
  journal_side(const std::string& url, const std::string& cluster)
    : journal_(
          checked(redis_journal::open(url, {.shards = shards, .redis = {.cluster = cluster}}))),
      ids_(reenact::bench::make_ids(streams)),
      heads_(streams) {
    for (shard_id s = 0; s < shards; ++s) owners_.push_back(checked(journal_->claim(s, 1)));
  }

  void commit(std::size_t group) {
    std::vector<append> all;
    for (std::size_t i = 0; i < group; ++i) {
      const auto at = turn_++ % streams;
      const auto shard = shard_of(ids_[at], shards);
      all.push_back(
          {shard, owners_[shard], type, ids_[at], heads_[at].version, {record_}, &heads_[at]});
    }
    std::vector<const append*> pointers;
    for (const auto& a : all) pointers.push_back(&a);
    for (const auto& how : journal_->commit(pointers))
      if (how.what != outcome::kind::appended) std::abort();
  }

private:
  std::unique_ptr<redis_journal> journal_;
  std::vector<std::string> ids_;
  std::vector<head_slot> heads_;
  std::vector<token> owners_;
  const std::string record_ = std::string(record_bytes, 'r');
  std::size_t turn_ = 0;
};

/// The bound. It writes to a cluster of its own in the same server.
class bare_side {
public:
  explicit bare_side(const std::string& url)
    : ids_(reenact::bench::make_ids(streams)),
      versions_(streams),
      ends_(shards),
      by_shard_(shards) {
    const auto where = checked(redis::parse_address(url, {}));
    for (std::size_t w = 0; w < redis::shard_writer::wires; ++w)
      wires_.push_back(checked(redis::session::open(where, later())));
    for (shard_id s = 0; s < shards; ++s)
      checked(wires_[0].ask(redis::request(redis::command("HSET")
                                               .add(keys_.owner(s))
                                               .add("epoch")
                                               .add("1")
                                               .add("incarnation")
                                               .add("1")),
                            later()));
  }

  void commit(std::size_t group) {
    for (std::size_t i = 0; i < group; ++i) {
      const auto at = turn_++ % streams;
      by_shard_[shard_of(ids_[at], shards)].push_back(at);
    }
    std::vector<bool> asked;
    for (std::size_t w = 0; w < wires_.size(); ++w) asked.push_back(send(w));
    for (std::size_t w = 0; w < wires_.size(); ++w)
      if (asked[w] && checked(wires_[w].receive(later())).view().size() != 0) std::abort();
  }

private:
  static redis::deadline later() { return redis::clock::now() + std::chrono::minutes(1); }

  bool send(std::size_t wire) {
    redis::request call(redis::script::append);
    std::size_t count = 0;
    for (shard_id s = static_cast<shard_id>(wire); s < shards; s += wires_.size())
      if (!by_shard_[s].empty()) ++count;
    call.arguments.add(count);
    for (shard_id s = static_cast<shard_id>(wire); s < shards; s += wires_.size()) {
      auto& of = by_shard_[s];
      if (of.empty()) continue;
      call.keys.add(keys_.owner(s)).add(keys_.log(s)).add(keys_.timers(s));
      call.arguments.add("1").add("1").add(ends_[s] + 1).add(of.size());
      for (const auto at : of) {
        const auto name = redis::name_of(type, ids_[at]);
        call.keys.add(keys_.streams(s) + name);
        call.arguments.add(name).add(versions_[at]++).add("1700000000000000");
        call.arguments.add("1").add("0").add("0").add(element_);
        ++ends_[s];
      }
      of.clear();
    }
    if (count == 0) return false;
    wires_[wire].put(call);
    checked(wires_[wire].flush(later()));
    return true;
  }

  const redis::layout keys_{"bare"};
  std::vector<std::string> ids_;
  std::vector<version_t> versions_;
  std::vector<sequence_t> ends_;
  std::vector<std::vector<std::size_t>> by_shard_;
  std::vector<redis::session> wires_;
  const std::string element_ = std::string(record_bytes + 20, 'r');
  std::size_t turn_ = 0;
};

struct figure {
  double per_second = 0;
  double cpu_us = 0; ///< of this process
};

template <class Side>
figure measure(Side& side, std::size_t group, seconds time) {
  const auto begin = steady::now();
  const auto cpu = cpu_seconds();
  std::size_t n = 0;
  for (; seconds(steady::now() - begin) < time; n += group) side.commit(group);
  return {double(n) / seconds(steady::now() - begin).count(),
          (cpu_seconds() - cpu) * 1e6 / double(n)};
}

void bench_append(const std::string& url, seconds time) {
  journal_side ours(url, "ours");
  bare_side bound(url);
  std::printf("append: records of %zu bytes, %zu streams, medians of %zu rounds of %.1f s\n",
              record_bytes, streams, rounds, time.count());
  std::printf("    group   journal/s   bare/s    ratio    journal us CPU   bare us CPU\n");
  for (const std::size_t group : {1, 16, 64, 256}) {
    std::vector<double> mine, theirs, mine_cpu, their_cpu, ratios;
    for (std::size_t r = 0; r < rounds; ++r) {
      const auto m = measure(ours, group, time), b = measure(bound, group, time);
      mine.push_back(m.per_second);
      theirs.push_back(b.per_second);
      mine_cpu.push_back(m.cpu_us);
      their_cpu.push_back(b.cpu_us);
      ratios.push_back(m.per_second / b.per_second);
    }
    std::printf("  %7zu   %9.0f   %6.0f   %5.2f   %14.1f   %11.1f\n", group, median(mine),
                median(theirs), median(ratios), median(mine_cpu), median(their_cpu));
  }
}

/// What the server's memory grows by, for records of the size above.
void bench_memory(const std::string& url) {
  auto at = checked(redis::session::open(checked(redis::parse_address(url, {})),
                                         redis::clock::now() + std::chrono::minutes(1)));
  const auto used = [&] {
    return double(
        checked(redis::ask_audit(at, redis::clock::now() + std::chrono::minutes(1))).used);
  };
  journal_side side(url, "filled");
  for (std::size_t n = 0; n < streams; n += 250) side.commit(250); // each stream is there now
  const auto before = used();
  constexpr std::size_t events = 10 * streams;
  for (std::size_t n = 0; n < events; n += 250) side.commit(250);
  std::printf("memory: %.0f bytes for an event of %zu bytes\n", (used() - before) / double(events),
              record_bytes);
}

} // namespace

/// redis_bench URL [append|memory|all] [SECONDS A ROUND]; the server must be empty.
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc < 2) {
    std::fprintf(stderr, "usage: redis_bench URL [append|memory|all] [SECONDS A ROUND]\n");
    return 2;
  }
  const std::string_view what = argc > 2 ? argv[2] : "all";
  const seconds time(argc > 3 ? std::atof(argv[3]) : 1.0);
  if (what == "memory" || what == "all") bench_memory(argv[1]);
  if (what == "append" || what == "all") bench_append(argv[1], time);
}
