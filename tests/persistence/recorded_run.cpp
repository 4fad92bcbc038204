#include "tests/persistence/recorded_run.hpp"

#include <cstdlib>
#include <set>

#include <catch2/catch.hpp>

using namespace reenact::persistence;
using verdict = recorded_run::verdict;

namespace {

constexpr auto consumer = "views";

std::string snapshot_of(const std::string& entity, version_t version) {
  return "state of " + entity + " at " + std::to_string(version);
}

verdict refused(const failure& why) { return {verdict::kind::refused, why.text}; }
verdict lied(std::string what) { return {verdict::kind::lied, std::move(what)}; }
verdict kept() { return {verdict::kind::kept, {}}; }

} // namespace

rocksdb_settings recorded_run::settings_on(rocksdb::Env& env) {
  return {.env = &env, .write_buffer_bytes = 128U << 10U, .witness_period = {}};
}

recorded_run::recorded_run(std::uint64_t seed, std::size_t appends) : random_(seed) {
  journal_ =
      std::move(*rocksdb_journal::open(directory_.path(), {.shards = shards}, settings_on(*env_)));
  for (shard_id s = 0; s < shards; ++s) owners_.push_back(*journal_->claim(s, 1));
  claimed_ = disk_->steps();
  for (auto& c : callers_) c.run = this;
  writer_ = std::make_unique<journal_writer>(*journal_, journal_writer::options(), nullptr);
  while (answered_ < appends) step();
  writer_->stop();
  REQUIRE(journal_->close());
  journal_.reset();
  trace_ = disk_->trace();
}

void recorded_run::step() {
  for (int i = 0; auto& c : callers_) {
    if (!c.busy && random_() % 4 != 0) send(c, i);
    ++i;
  }
  if (!promises_.empty() && random_() % 5 == 0) store_beside();
  writer_->step();
  if (const auto now = answered_ / 100; now != hundreds_) {
    hundreds_ = now;
    every_hundred();
  }
}

// Each caller has streams of its own, so there is one slot for each.
void recorded_run::send(caller& from, int number) {
  const auto entity = "entity-" + std::to_string(number) + "-" + std::to_string(random_() % 5);
  auto& head = from.heads[entity];
  if (!head) head = std::make_unique<head_slot>();
  const auto shard = shard_of(entity, shards);
  from.what = {shard, owners_[shard], "t", entity, head->version, {}, head.get()};
  for (auto n = 1 + random_() % 3; n > 0; --n) {
    const auto version = head->version + from.what.records.size() + 1;
    // To a journal a note is a record like any other, but small.
    const auto bytes = random_() % 4 == 0 ? 8 : 100 + random_() % 200;
    auto record = entity + ":" + std::to_string(version) + ":" + std::string(bytes, 'r');
    sent_[{entity, version}] = record;
    from.what.records.push_back(std::move(record));
  }
  add_timers(from);
  ++head->in_flight;
  from.busy = true;
  if (!writer_->push(&from)) std::abort();
}

void recorded_run::add_timers(caller& from) {
  auto& a = from.what;
  auto& set = from.timers[a.entity];
  if (!set.empty() && random_() % 2 == 0) {
    a.cleared.push_back(set.back());
    set.pop_back();
  }
  for (auto n = random_() % 3; n > 0; --n) {
    a.set.push_back({"late", ++timers_set_, static_cast<stamp_t>(random_() % 1'000)});
    set.push_back(a.set.back());
  }
  timers_sent_[{a.entity, a.expected + a.records.size()}] = {a.set, a.cleared};
}

void recorded_run::caller::done(const outcome& how) noexcept {
  busy = false;
  run->answer(what, how);
}

void recorded_run::answer(const append& a, const outcome& how) {
  if (how.what != outcome::kind::appended) std::abort();
  ++answered_;
  for (std::size_t i = 0; i < a.records.size(); ++i)
    promises_.push_back({disk_->steps(), {a.shard, how.first + i}, {a.entity, a.expected + 1 + i}});
}

void recorded_run::store_beside() {
  writer_->run([this, p = promises_[random_() % promises_.size()]](journal& j) {
    const auto [shard, sequence] = p.place;
    const auto& [entity, version] = p.of;
    if (!j.store_snapshot(owners_[shard], {"t", entity}, {version, snapshot_of(entity, version)}))
      std::abort();
    if (!j.store_progress(owners_[shard], consumer, shard, {.at = sequence})) std::abort();
  });
}

void recorded_run::every_hundred() {
  auto& db = journal_->database();
  if (hundreds_ % 2 == 0) REQUIRE(journal_->witness_now());
  if (hundreds_ == 3 || hundreds_ == 6) REQUIRE(db.Flush(rocksdb::FlushOptions()).ok());
  if (hundreds_ == 7) REQUIRE(db.CompactRange({}, nullptr, nullptr).ok());
}

struct recorded_run::contents {
  std::map<log_place, stream_version> logs;
  std::map<std::string, version_t> streams;
};

verdict recorded_run::hold_against(std::size_t steps, const std::string& path) const {
  const auto disk = std::make_shared<lying_disk>(path);
  const auto env = disk->env(disk);
  auto opened = rocksdb_journal::open(path, {.shards = shards}, settings_on(*env));
  if (!opened) return refused(opened.error());
  contents found;
  auto how = read_all(**opened, found);
  if (how.what == verdict::kind::kept) how = compare(**opened, found, steps);
  if (how.what == verdict::kind::kept) how = serve_on(**opened, steps);
  return how;
}

verdict recorded_run::read_all(const journal& j, contents& into) const {
  const auto ends = j.log_ends();
  std::string wrong;
  for (shard_id s = 0; s < shards; ++s) {
    sequence_t last = 0;
    const auto read = j.read_log(s, 1, SIZE_MAX, [&](const stored& e) {
      const std::string entity(e.entity);
      const auto was_sent = sent_.find({entity, e.version});
      if (was_sent == sent_.end() || was_sent->second != e.record) wrong = "never sent: " + entity;
      if (++into.streams[entity] != e.version) wrong = entity + " is out of order in its log";
      if (e.sequence != ++last) wrong = "a gap in a log";
      into.logs[{s, e.sequence}] = {entity, e.version};
      return wrong.empty();
    });
    if (!read) return refused(read.error());
    if (last != ends[s]) wrong = "a log does not end where it says";
    if (!wrong.empty()) return lied(wrong);
  }
  for (const auto& one : into.streams) { // clang 14 cannot capture the parts of a pair
    const auto& entity = one.first;
    version_t seen = 0;
    const auto read = j.read_stream({"t", entity}, 1, [&](const stored& e) {
      return e.version == ++seen && e.record == sent_.at({entity, e.version});
    });
    if (!read) return refused(read.error());
    if (seen != one.second) return lied(entity + " and its log differ");
  }
  return kept();
}

verdict recorded_run::compare(const journal& j, const contents& found, std::size_t steps) const {
  for (const auto& p : promises_) {
    if (p.steps > steps) break;
    const auto at = found.logs.find(p.place);
    if (at == found.logs.end())
      return lied("lost: " + p.of.first + " version " + std::to_string(p.of.second));
    if (at->second != p.of) return lied("a log was written anew");
  }
  for (const auto& [entity, versions] : found.streams) {
    const auto state = j.load_snapshot({"t", entity});
    if (!state) return refused(state.error());
    if (state->version > versions) return lied("a snapshot of the future");
    if (state->version > 0 && state->bytes != snapshot_of(entity, state->version))
      return lied("a snapshot of something else");
  }
  const auto positions = j.positions(consumer);
  if (!positions) return refused(positions.error());
  const auto ends = j.log_ends();
  for (shard_id s = 0; s < shards; ++s)
    if (positions->at(s).value_or(0) > ends[s]) return lied("a consumer is ahead of the log");
  return compare_timers(j, found);
}

// Exactly those that the appends found in the log have left, so each that was promised too: every
// promised append is among them.
verdict recorded_run::compare_timers(const journal& j, const contents& found) const {
  std::set<entity_timer> expected;
  for (const auto& [last, changes] : timers_sent_) {
    const auto& [entity, version] = last;
    const auto there = found.streams.find(entity);
    if (there == found.streams.end() || version > there->second) continue;
    for (const auto& t : changes.cleared) expected.erase({entity, t});
    for (const auto& t : changes.set) expected.insert({entity, t});
  }
  std::set<entity_timer> seen;
  for (shard_id s = 0; s < shards; ++s) {
    bool right = true;
    const auto read = j.read_timers(s, INT64_MAX, SIZE_MAX, [&](const due_timer& t) {
      const std::string entity(t.entity);
      right = t.type == "t" && shard_of(entity, shards) == s;
      seen.insert({entity, {std::string(t.name), t.generation, t.due}});
      return right;
    });
    if (!read) return refused(read.error());
    if (!right) return lied("a timer of something else");
  }
  for (const auto& [entity, t] : expected)
    if (!seen.contains({entity, t})) return lied("a timer of " + entity + " is lost");
  for (const auto& [entity, t] : seen)
    if (!expected.contains({entity, t})) return lied("a timer of " + entity + " was not set");
  return kept();
}

verdict recorded_run::serve_on(journal& j, std::size_t steps) const {
  const auto shard = shard_of("after", shards);
  const auto end = j.log_ends()[shard];
  const auto owner = j.claim(shard, 2);
  if (!owner) return refused(owner.error());
  if (steps >= claimed_ && owner->epoch != 2) return lied("a claim was forgotten");
  const append a{shard, *owner, "t", "after", 0, {"x"}, nullptr};
  const append* group[] = {&a};
  const auto how = j.commit(group).at(0);
  if (how.what != outcome::kind::appended || how.first != end + 1)
    return lied("it does not serve on");
  if (auto closed = j.close(); !closed) return refused(closed.error());
  return kept();
}
