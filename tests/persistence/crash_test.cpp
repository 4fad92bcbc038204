#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/persistence/recorded_run.hpp"

// The power-cut proof: one run is recorded on a lying disk, then the power is cut after each of its
// steps in turn, the journal is opened from what survives, and must hold all that was answered
// before that step. kill -9 would prove nothing here: bytes given to the kernel survive it.
namespace {

using verdict = recorded_run::verdict::kind;
using picker = std::function<bool(std::size_t)>;

struct verdicts {
  std::size_t kept = 0;
  std::vector<std::string> others;
};

/// `trace` may be the run's own, or one that was tampered with, step by step the same.
verdicts cut_power(const recorded_run& run, const std::vector<disk_op>& trace, bool with_luck,
                   const picker& wanted) {
  verdicts all;
  platter disk;
  for (std::size_t n = 0; n <= trace.size(); ++n) {
    if (n > 0) disk.apply(trace[n - 1]);
    if (!wanted(n)) continue;
    const temporary_directory survivors;
    disk.cut_power(survivors.path(), with_luck ? n + 1 : 0);
    const auto how = run.hold_against(n, survivors.path());
    if (how.what == verdict::kept) {
      ++all.kept;
    } else {
      all.others.push_back("after step " + std::to_string(n) + " of " +
                           std::to_string(trace.size()) + ": " + how.text);
    }
  }
  return all;
}

void check_all_kept(const recorded_run& run, const picker& wanted) {
  for (const bool with_luck : {false, true}) {
    const auto all = cut_power(run, run.trace(), with_luck, wanted);
    CHECK(all.kept > 0);
    CAPTURE(all.others);
    CHECK(all.others.empty());
  }
}

std::ptrdiff_t count(const recorded_run& run, disk_op::kind what, const std::string& ending) {
  return std::ranges::count_if(
      run.trace(), [&](const disk_op& op) { return op.what == what && op.path.ends_with(ending); });
}

} // namespace

TEST_CASE("the recorded run has what a power cut could hurt", "[crash]") {
  const recorded_run run(1);
  CHECK(run.answers() >= 1'000);
  CHECK(count(run, disk_op::kind::sync, ".log") >= 100);
  CHECK(count(run, disk_op::kind::create, ".log") >= 4); // the first, and three switches
  CHECK(count(run, disk_op::kind::create, ".sst") >= 3); // two flushes and a compaction at least
  CHECK(count(run, disk_op::kind::remove, ".sst") >= 1);
  CHECK(count(run, disk_op::kind::rename, "witness.new") >= 5);
}

TEST_CASE(
    "the recorded run has eight writers over eight shards, notes, timers, snapshots and positions",
    "[crash]") {
  using namespace reenact::persistence;
  const recorded_run run(1);
  platter disk;
  for (const auto& op : run.trace()) disk.apply(op);
  const temporary_directory last;
  disk.cut_power(last.path());
  const auto j = rocksdb_journal::open(last.path(), {.shards = recorded_run::shards});
  REQUIRE(j);
  std::set<std::string> writers;
  std::size_t notes = 0, snapshots = 0, timers = 0;
  for (shard_id s = 0; s < recorded_run::shards; ++s) {
    CHECK((*j)->log_ends()[s] > 0);
    CHECK((*j)->positions("views")->at(s) > 0);
    REQUIRE(
        (*j)->read_timers(s, INT64_MAX, SIZE_MAX, [&](const due_timer&) { return ++timers > 0; }));
    REQUIRE((*j)->read_log(s, 1, SIZE_MAX, [&](const stored& e) {
      writers.insert(std::string(e.entity.substr(0, std::string_view("entity-N").size())));
      notes += e.record.size() < 40 ? 1 : 0;
      if (e.version == 1)
        snapshots += (*j)->load_snapshot({"t", std::string(e.entity)})->version > 0;
      return true;
    }));
  }
  CHECK(writers.size() == 8);
  CHECK(notes > 100);
  CHECK(snapshots > 10);
  CHECK(timers > 100);
  CHECK(timers + 100 < run.timers_set()); // the others were cleared
}

TEST_CASE("when the power goes, nothing that was answered is lost: some of the steps", "[crash]") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  const recorded_run run(seed);
  std::mt19937_64 random(seed);
  check_all_kept(run, [&](std::size_t) { return random() % 16 == 0; });
}

TEST_CASE("when the power goes, nothing that was answered is lost: every step", "[.][every-step]") {
  const auto seed = GENERATE(1U, 2U, std::random_device()());
  INFO("seed " << seed);
  check_all_kept(recorded_run(seed), [](std::size_t) { return true; });
}

TEST_CASE("the same run with the syncs of its log left out loses answers, and it is seen",
          "[crash]") {
  const recorded_run run(1);
  auto trace = run.trace();
  const auto half = trace.size() / 2;
  for (auto i = half; i < trace.size(); ++i)
    if (trace[i].what == disk_op::kind::sync && trace[i].path.ends_with(".log"))
      trace[i] = {disk_op::kind::write, trace[i].path, {}, trace[i].file};
  const auto all =
      cut_power(run, trace, false, [&](std::size_t n) { return n > half + 10 && n % 10 == 0; });
  CHECK(all.others.size() > all.kept); // a flush makes up for the syncs before it
  const auto says = [&](const std::string& word) {
    return std::ranges::any_of(
        all.others, [&](const std::string& text) { return text.find(word) != std::string::npos; });
  };
  CHECK(says("lost: entity-"));
  CHECK(says("is short"));
}
