#include <caf/make_counted.hpp>
#include <catch2/catch.hpp>

#include "actors/runtime/event_tail.hpp"
#include "tests/runtime/views_stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace std::chrono_literals;

namespace {

/// A client that notes what it is told.
class listener final : public tail_query {
public:
  int times = 0;
  std::vector<std::string> entities() const {
    std::vector<std::string> all;
    for (const auto& e : events) all.push_back(e.entity);
    return all;
  }
  bool told() const { return what == ending::told; }

private:
  void finished() noexcept override { ++times; }
};

using listener_ptr = caf::intrusive_ptr<listener>;

/// The logs of a node and who follows them, stepped on the test's thread.
struct tail_stage {
  explicit tail_stage(event_tail::options how = {})
    : tail(*views.journal, readers, views.time, views.clockwork, how) {}

  listener_ptr from_start() {
    auto l = caf::make_counted<listener>();
    l->types = {"mallbots.stores.StoreCreated"};
    for (persistence::shard_id s = 0; s < views_stage::shards; ++s) l->after.emplace_back(s, 0);
    return l;
  }
  void ask(const listener_ptr& l) {
    tail.ask(l);
    read();
  }
  void read() {
    while (readers.step()) {
    }
  }
  void open_store(const std::string& id) {
    views.open_store(id);
    tail.wake();
  }
  void pass(duration by) {
    views.pass(by);
    read();
  }

  views_stage views;
  reader_pool readers{views.time, {}, 4};
  event_tail tail;
};

} // namespace

TEST_CASE("a follower reads what is there, then waits for more", "[tail]") {
  tail_stage s;
  s.open_store("a");
  s.open_store("b");
  const auto l = s.from_start();
  s.ask(l);
  REQUIRE(l->told());
  auto seen = l->entities();
  std::ranges::sort(seen);
  CHECK(seen == std::vector<std::string>{"a", "b"});

  s.ask(l);
  CHECK(l->times == 1); // it waits
  s.open_store("c");
  s.open_store("d");
  s.pass(5ms); // one round for both
  CHECK(l->times == 2);
  CHECK(l->events.size() == 2);
  s.pass(1s);
  CHECK(l->times == 2);
}

TEST_CASE("what a follower does not want is passed, and not read again", "[tail]") {
  tail_stage s;
  const auto l = s.from_start();
  l->types = {"mallbots.stores.StoreRebranded"};
  s.open_store("a");
  s.ask(l);
  CHECK(l->times == 0);
  s.pass(14s);
  CHECK(l->times == 0);
  s.pass(6s); // patience, to a third of it
  REQUIRE(l->told());
  CHECK(l->events.empty());
  std::uint64_t passed = 0;
  for (const auto& [shard, sequence] : l->after) passed += sequence;
  CHECK(passed == 1);
}

TEST_CASE("of one entity only its own shard is read", "[tail]") {
  tail_stage s;
  for (const auto* id : {"a", "b", "c", "d", "e"}) s.open_store(id);
  const auto l = s.from_start();
  l->entity = "c";
  l->after = {{persistence::shard_of("c", views_stage::shards), 0}};
  s.ask(l);
  CHECK(l->entities() == std::vector<std::string>{"c"});
}

TEST_CASE("a batch is bounded, and the next goes on where it ended", "[tail]") {
  tail_stage s;
  mallbots::stores::StoreCreated large;
  large.set_name(std::string(40'000, 'x'));
  for (int i = 0; i < 20; ++i) s.views.append("stores.Store", "s" + std::to_string(i), large);
  const auto l = s.from_start();
  std::set<std::string> seen;
  while (seen.size() < 20) {
    s.ask(l);
    REQUIRE(l->told());
    CHECK(l->events.size() <= 2);
    for (const auto& e : l->events) CHECK(seen.insert(e.entity).second);
  }
}

TEST_CASE("a follower far behind lets others have their turn", "[tail]") {
  tail_stage s({.records_max = 3});
  for (int i = 0; i < 10; ++i) s.open_store("s" + std::to_string(i));
  const auto far = s.from_start();
  far->types = {"nothing"};
  const auto near = s.from_start();
  s.tail.ask(far);
  s.tail.ask(near);
  REQUIRE(s.readers.step());
  REQUIRE(s.readers.step());
  CHECK(near->times == 1); // though the first is not through
  s.read();
  s.pass(20s);
  CHECK(far->times == 1);
}

TEST_CASE("an event between the reading and the waiting is not missed", "[tail]") {
  tail_stage s;
  const auto l = s.from_start();
  s.tail.ask(l);
  s.views.open_store("a"); // nobody waited, so that nobody was woken
  s.read();
  s.pass(5ms);
  CHECK(l->entities() == std::vector<std::string>{"a"});
}

TEST_CASE("a log that cannot be read is told and noted, and the place stays", "[tail]") {
  std::string noted;
  tail_stage s({.unread = [&](const auto& place, const auto&) { noted = place; }});
  s.open_store("a");
  s.views.journal->reading_fails = [] { return true; };
  const auto l = s.from_start();
  s.ask(l);
  CHECK(l->what == tail_query::ending::failed);
  CHECK(noted.starts_with("the log of shard "));
  for (const auto& [shard, sequence] : l->after) CHECK(sequence == 0);
  s.views.journal->reading_fails = nullptr;
  s.ask(l);
  CHECK(l->entities() == std::vector<std::string>{"a"});
}

TEST_CASE("too many followers are told so", "[tail]") {
  tail_stage s;
  std::vector<listener_ptr> all;
  for (int i = 0; i < 5; ++i) s.tail.ask(all.emplace_back(s.from_start()));
  CHECK(all.back()->what == tail_query::ending::failed);
  CHECK(all.back()->why == "too many follow the events");
}

TEST_CASE("the end is told to who waits, who reads and who comes", "[tail]") {
  tail_stage s;
  const auto waits = s.from_start(), reads = s.from_start(), comes = s.from_start();
  s.ask(waits);
  s.tail.ask(reads);
  s.tail.close();
  CHECK(waits->what == tail_query::ending::closed);
  s.read();
  CHECK(reads->what == tail_query::ending::closed);
  s.tail.ask(comes);
  CHECK(comes->what == tail_query::ending::closed);
  CHECK(waits->times + reads->times + comes->times == 3);
}

TEST_CASE("a follower whose turn never comes is told the end", "[tail]") {
  tail_stage s;
  const auto l = s.from_start();
  s.tail.ask(l);
  s.readers.stop();
  CHECK(l->times == 1);
  CHECK(l->what == tail_query::ending::closed);
}
