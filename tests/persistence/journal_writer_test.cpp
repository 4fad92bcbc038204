#include "persistence/journal_writer.hpp"
#include "persistence/members.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "persistence/memory/memory_journal.hpp"

using namespace reenact::persistence;
using kind = outcome::kind;

namespace {

/// A memory journal whose disk can be taken away, which throws what it must not, and which
/// remembers the sizes of its groups.
class breakable_journal final : public journal {
public:
  bool broken = false;
  bool throws = false;
  std::vector<std::size_t> groups;

  const identity& about() const override { return inner_.about(); }
  result<token> claim(shard_id s, std::uint64_t i) override { return inner_.claim(s, i); }
  status release(shard_id s, const token& t) override { return inner_.release(s, t); }
  result<std::unique_ptr<members>> join() const override { return inner_.join(); }
  std::vector<outcome> commit(std::span<const append* const> group) override {
    groups.push_back(group.size());
    if (throws) throw std::runtime_error("boom");
    if (!broken) return inner_.commit(group);
    for (const auto* a : group)
      if (a->head != nullptr) a->head->closed = true;
    return std::vector<outcome>(group.size(), outcome{kind::unknown});
  }
  result<version_t> head(const stream& of) const override { return inner_.head(of); }
  status read_stream(const stream& of, version_t from, const visitor& v) const override {
    return inner_.read_stream(of, from, v);
  }
  status read_log(shard_id s, sequence_t from, std::size_t most, const visitor& v) const override {
    return inner_.read_log(s, from, most, v);
  }
  status read_timers(shard_id s, stamp_t until, std::size_t most,
                     const timer_visitor& v) const override {
    return inner_.read_timers(s, until, most, v);
  }
  std::vector<sequence_t> log_ends() const override { return inner_.log_ends(); }
  status store_snapshot(const token& t, const stream& of, const snapshot& s) override {
    return inner_.store_snapshot(t, of, s);
  }
  result<snapshot> load_snapshot(const stream& of) const override {
    return inner_.load_snapshot(of);
  }
  status store_progress(const token& t, std::string_view c, shard_id s,
                        const progress& what) override {
    return inner_.store_progress(t, c, s, what);
  }
  status drop_dead_letter(const token& t, std::string_view c, shard_id s, sequence_t at) override {
    return inner_.drop_dead_letter(t, c, s, at);
  }
  result<std::vector<sequence_t>> parked(std::string_view c, shard_id s) const override {
    return inner_.parked(c, s);
  }
  status read_dead_letters(std::string_view c, shard_id s,
                           const dead_letter_visitor& v) const override {
    return inner_.read_dead_letters(c, s, v);
  }
  result<std::vector<std::string>> consumers() const override { return inner_.consumers(); }
  result<positions_by_shard> positions(std::string_view c) const override {
    return inner_.positions(c);
  }
  status close() override { return inner_.close(); }

private:
  memory_journal inner_{open_options{.shards = 4}};
};

/// What a caller waits with: notes its answer, and in which order it came.
struct waiting final : pending {
  explicit waiting(std::vector<std::string>& into) : answers(into) {}
  void done(const outcome& how) noexcept override {
    ++calls;
    result = how;
    seen_in_flight = what.head == nullptr ? 0 : what.head->in_flight.load();
    answers.push_back(name);
    if (then) then();
  }
  std::vector<std::string>& answers;
  std::string name;
  int calls = 0;
  outcome result;
  std::uint32_t seen_in_flight = 0;
  std::function<void()> then;
};

struct desk {
  breakable_journal journal;
  token owner;
  int wakes = 0;
  std::vector<std::string> answers;
  std::deque<waiting> all;
  journal_writer writer; // last: it answers what is queued when it ends

  explicit desk(journal_writer::options bounds = {})
    : writer(journal, bounds, [this] { ++wakes; }) {
    for (shard_id s = 0; s < 4; ++s) owner = *journal.claim(s, 1);
  }

  waiting& make(const std::string& name, head_slot* head = nullptr) {
    auto& w = all.emplace_back(answers);
    w.name = name;
    w.what.head = head;
    return w;
  }
  waiting& make(const std::string& name, const std::string& entity, version_t expected,
                head_slot* head = nullptr, std::vector<std::string> records = {"x"}) {
    auto& w = make(name, head);
    w.what = {shard_of(entity, 4), owner, "t", entity, expected, std::move(records), head};
    if (head != nullptr) ++head->in_flight;
    return w;
  }
};

} // namespace

TEST_CASE("the whole queue is one group, answered in order, then the consumers are woken",
          "[writer]") {
  desk d;
  head_slot slot;
  d.writer.push(&d.make("one", "a", 0, &slot));
  d.writer.push(&d.make("read", &slot));
  d.writer.push(&d.make("two", "a", 1, &slot));
  d.writer.push(&d.make("other", "b", 0));
  CHECK(d.writer.queued() == 4);
  CHECK(d.answers.empty());
  CHECK(d.writer.step());
  CHECK(d.answers == std::vector<std::string>{"one", "read", "two", "other"});
  CHECK(d.journal.groups == std::vector<std::size_t>{3});
  CHECK(d.wakes == 1);
  CHECK(slot.in_flight == 0);
  CHECK(d.all[0].seen_in_flight == 1); // its own is no longer counted, the second's still is
  CHECK(d.all[2].result.version == 2);
  CHECK(!d.writer.step());
  CHECK(d.wakes == 1);
}

TEST_CASE("timers without a record are not taken for a barrier, but refused", "[writer]") {
  desk d;
  auto& set = d.make("set", "a", 0, nullptr, {});
  set.what.set.push_back({"late", 1, 500});
  auto& cleared = d.make("cleared", "a", 0, nullptr, {});
  cleared.what.cleared.push_back({"late", 1, 500});
  d.writer.push(&set);
  d.writer.push(&cleared);
  REQUIRE(d.writer.step());
  CHECK(set.result.what == kind::failed);
  CHECK(cleared.result.what == kind::failed);
}

TEST_CASE("after an append that failed, all behind it on its slot fail, barriers too", "[writer]") {
  desk d;
  head_slot slot;
  head_slot other;
  d.writer.push(&d.make("good", "a", 0, &slot));
  d.writer.push(&d.make("read before", &slot));
  d.writer.push(&d.make("conflict", "a", 9, &slot));
  d.writer.push(&d.make("read after", &slot));
  d.writer.push(&d.make("slips in", "a", 1, &slot));
  d.writer.push(&d.make("other's read", &other));
  d.writer.step();
  d.writer.push(&d.make("much later", "a", 1, &slot));
  d.writer.push(&d.make("read much later", &slot));
  d.writer.step();
  std::vector<kind> how;
  for (const auto& w : d.all) how.push_back(w.result.what);
  CHECK(how == std::vector{kind::appended, kind::appended, kind::conflict, kind::failed,
                           kind::failed, kind::appended, kind::failed, kind::failed});
  CHECK(slot.in_flight == 0);
  CHECK(*d.journal.head({"t", "a"}) == 1);
}

TEST_CASE("when the disk goes, everything is still answered and no consumer is woken", "[writer]") {
  desk d;
  head_slot slot;
  d.journal.broken = true;
  d.writer.push(&d.make("one", "a", 0, &slot));
  d.writer.push(&d.make("read", &slot));
  d.writer.step();
  CHECK(d.all[0].result.what == kind::unknown);
  CHECK(d.all[1].result.what == kind::failed);
  CHECK(d.wakes == 0);
}

TEST_CASE("a journal that throws leaves its group in doubt, and is not written to again",
          "[writer]") {
  std::size_t answered_by_then = 99;
  std::vector<std::string>* answers = nullptr;
  int thrown = 0;
  desk d({.thrown = [&] {
    ++thrown;
    answered_by_then = answers->size();
  }});
  answers = &d.answers;
  d.journal.throws = true;
  head_slot slot;
  d.writer.push(&d.make("in doubt", "a", 0, &slot));
  d.writer.push(&d.make("as well", "b", 0));
  CHECK(d.writer.step());
  d.journal.throws = false;
  d.writer.push(&d.make("too late", "c", 0));
  d.writer.push(&d.make("read", &slot));
  CHECK(d.writer.run([&](journal&) { FAIL("it is not to be written to"); }));
  CHECK(d.writer.step());
  CHECK(d.answers == std::vector<std::string>{"in doubt", "as well", "too late", "read"});
  CHECK(d.all[0].result.what == kind::unknown);
  CHECK(d.all[1].result.what == kind::unknown);
  CHECK(d.all[2].result.what == kind::failed);
  CHECK(d.all[3].result.what == kind::failed);
  CHECK(slot.in_flight == 0);
  CHECK(d.journal.groups.size() == 1);
  CHECK(d.wakes == 0);
  CHECK(thrown == 1);
  CHECK(answered_by_then == 0);
}

TEST_CASE("a task or a consumer that throws breaks the writer like a commit", "[writer]") {
  int thrown = 0;
  const bool in_task = GENERATE(true, false);
  desk d({.durable =
              [&](auto, auto) {
                if (!in_task) throw std::runtime_error("boom");
              },
          .thrown = [&] { ++thrown; }});
  if (in_task) CHECK(d.writer.run([](journal&) { throw std::runtime_error("boom"); }));
  d.writer.push(&d.make("it", "a", 0));
  d.writer.step();
  CHECK(thrown == 1);
  CHECK(d.all[0].result.what == (in_task ? kind::failed : kind::unknown));
}

TEST_CASE("a full queue says no and nothing happens", "[writer]") {
  desk d({.queue_max = 2, .queue_bytes_max = 100});
  CHECK(d.writer.push(&d.make("big", "a", 0, nullptr, {std::string(90, 'x')})));
  CHECK(!d.writer.push(&d.make("too many bytes", "b", 0, nullptr, {std::string(11, 'x')})));
  CHECK(d.writer.push(&d.make("fits", "b", 0, nullptr, {std::string(10, 'x')})));
  CHECK(!d.writer.push(&d.make("too many", "c", 0)));
  int ran = 0;
  CHECK(d.writer.run([&](journal&) { ++ran; }));
  CHECK(d.writer.run([&](journal&) { ++ran; }));
  CHECK(!d.writer.run([&](journal&) { ++ran; }));
  d.writer.step();
  CHECK(ran == 2);
  CHECK(d.answers == std::vector<std::string>{"big", "fits"});
  CHECK(d.writer.push(&d.make("again", "c", 0)));
}

TEST_CASE("a group is bounded in appends and in bytes", "[writer]") {
  desk d({.group_max = 3, .group_bytes_max = 100});
  for (int i = 0; i < 7; ++i) d.writer.push(&d.make("n", "a" + std::to_string(i), 0));
  d.writer.step();
  CHECK(d.journal.groups == std::vector<std::size_t>{3, 3, 1});
  d.journal.groups.clear();
  for (const std::size_t bytes : {60, 40, 1, 200, 1})
    d.writer.push(&d.make("b", "b" + std::to_string(bytes + d.all.size()), 0, nullptr,
                          {std::string(bytes, 'x')}));
  d.writer.step();
  CHECK(d.journal.groups == std::vector<std::size_t>{2, 1, 1, 1});
}

TEST_CASE("a task runs before the appends that are pushed after it", "[writer]") {
  desk d;
  const auto shard = shard_of("a", 4);
  auto& w = d.make("new owner's", "a", 0);
  d.writer.run([&](journal& j) { w.what.writer = *j.claim(shard, 2); });
  d.writer.push(&w);
  d.writer.step();
  CHECK(w.result.what == kind::appended);
}

TEST_CASE("an answer may push, and is served in the next group", "[writer]") {
  desk d;
  auto& second = d.make("second", "a", 1);
  auto& first = d.make("first", "a", 0);
  first.then = [&] { d.writer.push(&second); };
  d.writer.push(&first);
  d.writer.step();
  CHECK(second.calls == 0);
  d.writer.step();
  CHECK(second.result.version == 2);
}

TEST_CASE("stop answers what is queued, and takes nothing after", "[writer]") {
  for (const bool threaded : {false, true}) {
    desk d;
    d.writer.push(&d.make("one", "a", 0));
    if (threaded) d.writer.start();
    d.writer.push(&d.make("two", "a", 1));
    d.writer.stop();
    CHECK(d.answers == std::vector<std::string>{"one", "two"});
    CHECK(!d.writer.push(&d.make("late", "a", 2)));
    CHECK(!d.writer.run([](journal&) {}));
    d.writer.stop();
  }
}

TEST_CASE("many threads, one writer: every push is answered once and every stream is whole",
          "[writer]") {
  constexpr int threads = 4;
  constexpr int each = 2'000;
  struct counted final : pending {
    std::atomic<int>* answered = nullptr;
    void done(const outcome& how) noexcept override {
      if (how.what == kind::appended) ++*answered;
    }
  };
  memory_journal journal{open_options{.shards = 4}};
  token owner;
  for (shard_id s = 0; s < 4; ++s) owner = *journal.claim(s, 1);
  std::atomic<int> answered = 0;
  std::vector<head_slot> slots(threads);
  std::vector<std::vector<counted>> sent(threads);
  journal_writer writer(journal, {.queue_max = 64, .group_max = 16}, {});
  writer.start();
  std::vector<std::thread> senders;
  for (int t = 0; t < threads; ++t) {
    sent[t] = std::vector<counted>(each);
    senders.emplace_back([&, t] {
      const auto entity = "e" + std::to_string(t);
      for (int i = 0; i < each; ++i) {
        auto& p = sent[t][i];
        p.answered = &answered;
        p.what = {shard_of(entity, 4),       owner, "t",      entity,
                  static_cast<version_t>(i), {"x"}, &slots[t]};
        ++slots[t].in_flight;
        while (!writer.push(&p)) std::this_thread::yield();
      }
    });
  }
  for (auto& s : senders) s.join();
  writer.stop();
  CHECK(answered == threads * each);
  for (int t = 0; t < threads; ++t) {
    CHECK(*journal.head({"t", "e" + std::to_string(t)}) == each);
    CHECK(slots[t].in_flight == 0);
  }
}
