#include "tests/persistence/contract.hpp"

using namespace contract;
using kind = outcome::kind;

namespace {

std::vector<kind> kinds(const std::vector<outcome>& all) {
  std::vector<kind> out;
  for (const auto& o : all) out.push_back(o.what);
  return out;
}

} // namespace

namespace Catch {
template <>
struct StringMaker<kind> {
  static std::string convert(kind k) {
    return std::vector<std::string>{"appended", "conflict", "fenced", "unknown",
                                    "failed"}[static_cast<std::size_t>(k)];
  }
};
} // namespace Catch

TEMPLATE_LIST_TEST_CASE("what was appended is read back, in order and from any version",
                        "[contract]", engines) {
  fixture<TestType> f;
  const auto first = f.commit(f.make("a", 0, {"one", "two"}));
  CHECK(first.what == kind::appended);
  CHECK(first.version == 2);
  CHECK(first.first == 1);
  CHECK(f.commit(f.make("a", 2, {"three"})).version == 3);
  CHECK(f.text("a") == "1:one 2:two 3:three");
  CHECK(f.text("a", 2) == "2:two 3:three");
  CHECK(f.text("a", 4).empty());
  CHECK(f.text("nobody").empty());
  CHECK(*f.j().head({"test.Thing", "a"}) == 3);
  CHECK(*f.j().head({"test.Thing", "nobody"}) == 0);
}

TEMPLATE_LIST_TEST_CASE("a record comes back with its place, its stamp and every byte",
                        "[contract]", engines) {
  fixture<TestType> f;
  std::string bytes(300, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
  *f.clock.now = 5'000'000;
  REQUIRE(f.commit(f.make("a", 0, {bytes, ""})).stamp == 5'000'000);
  int seen = 0;
  REQUIRE(f.j().read_stream({"test.Thing", "a"}, 1, [&](const stored& s) {
    CHECK(s.shard == shard_of("a", f.shards));
    CHECK(s.version == s.sequence);
    CHECK(s.stamp == 5'000'000);
    CHECK(s.type == "test.Thing");
    CHECK(s.entity == "a");
    CHECK(s.record == (s.version == 1 ? bytes : ""));
    ++seen;
    return true;
  }));
  CHECK(seen == 2);
}

TEMPLATE_LIST_TEST_CASE("streams whose names begin alike are kept apart", "[contract]", engines) {
  fixture<TestType> f;
  const std::vector<stream> names = {{"t", "a"},
                                     {"t", "ab"},
                                     {"tt", "a"},
                                     {"ta", "b"},
                                     {"t", std::string("a\0", 2)},
                                     {"t", std::string(255, 'a')}};
  for (const auto& n : names) {
    auto a = f.make(n.entity, 0, {n.type + "/" + n.entity});
    a.type = n.type;
    REQUIRE(f.commit(a).what == kind::appended);
  }
  for (const auto& n : names) {
    std::vector<std::string> found;
    REQUIRE(f.j().read_stream(n, 1, [&](const stored& s) {
      found.emplace_back(s.record);
      return true;
    }));
    CHECK(found == std::vector{n.type + "/" + n.entity});
    CHECK(*f.j().head(n) == 1);
  }
}

TEMPLATE_LIST_TEST_CASE(
    "an append with another expected version writes nothing and learns the true "
    "version",
    "[contract]", engines) {
  fixture<TestType> f;
  f.commit(f.make("a", 0, {"one", "two"}));
  for (const version_t wrong : {0, 1, 3}) {
    const auto how = f.commit(f.make("a", wrong, {"no"}));
    CHECK(how.what == kind::conflict);
    CHECK(how.version == 2);
  }
  CHECK(f.commit(f.make("new", 1, {"no"})).what == kind::conflict);
  CHECK(f.text("a") == "1:one 2:two");
  CHECK(f.text("new").empty());
  CHECK(f.j().log_ends()[shard_of("a", f.shards)] == 2);
}

TEMPLATE_LIST_TEST_CASE("one bad append among good ones harms only itself", "[contract]", engines) {
  fixture<TestType> f;
  f.commit(f.make("b", 0, {"one"}));
  const auto how = f.commit(
      {f.make("a", 0, {"one"}), f.make("b", 7, {"bad", "worse"}), f.make("c", 0, {"one"})});
  CHECK(kinds(how) == std::vector{kind::appended, kind::conflict, kind::appended});
  CHECK(f.text("a") == "1:one");
  CHECK(f.text("b") == "1:one");
  CHECK(f.text("c") == "1:one");
}

TEMPLATE_LIST_TEST_CASE("several appends to one stream in a group see each other", "[contract]",
                        engines) {
  fixture<TestType> f;
  head_slot slot;
  const auto how =
      f.commit({f.make("a", 0, {"one", "two"}, &slot), f.make("a", 2, {"three"}, &slot),
                f.make("b", 0, {"one"}), f.make("a", 3, {"four"}, &slot), f.make("b", 1, {"two"})});
  CHECK(kinds(how) == std::vector(5, kind::appended));
  CHECK(f.text("a") == "1:one 2:two 3:three 4:four");
  CHECK(f.text("b") == "1:one 2:two");
  CHECK(slot.version == 4);
  CHECK(!slot.closed);
}

TEMPLATE_LIST_TEST_CASE("a slot closes at its first append that fails, so nothing slips in behind",
                        "[contract]", engines) {
  fixture<TestType> f;
  head_slot slot;
  // Without closing, the third would be let in: it expects what the stream really is.
  const auto how = f.commit({f.make("a", 0, {"one"}, &slot), f.make("a", 5, {"bad"}, &slot),
                             f.make("a", 1, {"slips in"}, &slot), f.make("b", 0, {"one"})});
  CHECK(kinds(how) == std::vector{kind::appended, kind::conflict, kind::failed, kind::appended});
  CHECK(slot.closed);
  CHECK(slot.version == 1);
  CHECK(f.commit(f.make("a", 1, {"late"}, &slot)).what == kind::failed);
  CHECK(f.text("a") == "1:one");
  head_slot successor{1};
  CHECK(f.commit(f.make("a", 1, {"two"}, &successor)).what == kind::appended);
}

TEMPLATE_LIST_TEST_CASE(
    "a wrong head slot is found out, and writes neither a hole nor over a record", "[contract]",
    engines) {
  fixture<TestType> f;
  f.commit(f.make("a", 0, {"one", "two"}));
  for (const version_t wrong : {0, 1, 3}) {
    head_slot slot{wrong};
    const auto how = f.commit(f.make("a", wrong, {"no"}, &slot));
    CHECK(how.what == kind::conflict);
    CHECK(how.version == 2);
    CHECK(slot.closed);
  }
  head_slot nobody{1};
  CHECK(f.commit(f.make("b", 1, {"no"}, &nobody)).what == kind::conflict);
  CHECK(f.text("a") == "1:one 2:two");
  CHECK(f.text("b").empty());
}

TEMPLATE_LIST_TEST_CASE("a zombie writes nothing: not an append, not a snapshot", "[contract]",
                        engines) {
  fixture<TestType> f;
  REQUIRE(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  const auto shard = shard_of("a", f.shards);
  const token zombie = f.tokens[shard];
  auto late = f.make("a", 1, {"late"});
  const token owner = *f.j().claim(shard, 2);
  CHECK(owner.epoch > zombie.epoch);
  CHECK(owner.incarnation == 2);

  const auto how = f.commit(late);
  CHECK(how.what == kind::fenced);
  CHECK(how.version == owner.epoch);
  const token forged[] = {{owner.epoch, 1}, {owner.epoch + 1, 2}, {owner.epoch - 1, 2}, {}};
  for (const auto& t : forged) {
    late.writer = t;
    CHECK(f.commit(late).what == kind::fenced);
    CHECK(f.j().store_snapshot(t, {"test.Thing", "a"}, {1, "s"}).error().what ==
          failure::kind::fenced);
  }
  CHECK(f.text("a") == "1:one");
  CHECK(f.j().load_snapshot({"test.Thing", "a"})->version == 0);
  late.writer = owner;
  CHECK(f.commit(late).what == kind::appended);
}

TEMPLATE_LIST_TEST_CASE("a shard that was given up is nobody's, and its epoch goes on",
                        "[contract]", engines) {
  fixture<TestType> f;
  REQUIRE(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  const auto shard = shard_of("a", f.shards);
  const token mine = f.tokens[shard];
  const token forged[] = {{mine.epoch, 7}, {mine.epoch + 1, 1}, {mine.epoch, 0}, {}};
  for (const auto& t : forged) CHECK(f.j().release(shard, t).error().what == failure::kind::fenced);
  CHECK(f.j().release(f.shards, mine).error().what == failure::kind::refused);
  REQUIRE(f.j().release(shard, mine));

  auto late = f.make("a", 1, {"late"});
  for (const auto& t : {mine, token{mine.epoch, 0}, token{}}) {
    late.writer = t;
    CHECK(f.commit(late).what == kind::fenced);
    CHECK(f.j().release(shard, t).error().what == failure::kind::fenced);
  }
  if (TestType::reopens) {
    REQUIRE(f.held->close());
    f.held.reset();
    f.held = f.open_again();
  }
  late.writer = *f.j().claim(shard, 2);
  CHECK(late.writer == token{mine.epoch + 1, 2});
  CHECK(f.commit(late).what == kind::appended);
}

TEMPLATE_LIST_TEST_CASE("a claim fences one shard and leaves the others alone", "[contract]",
                        engines) {
  fixture<TestType> f;
  const auto other = (shard_of("a", f.shards) + 1) % f.shards;
  REQUIRE(f.j().claim(other, 9));
  CHECK(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  CHECK(f.j().claim(f.shards, 9).error().what == failure::kind::refused);
}

TEMPLATE_LIST_TEST_CASE("a shard's log is gap-free and in commit order", "[contract]", engines) {
  fixture<TestType> f;
  const auto b = neighbour("a", f.shards);
  const auto shard = shard_of("a", f.shards);
  f.commit({f.make("a", 0, {"a1", "a2"}), f.make(b, 3, {"refused"}), f.make(b, 0, {"b1"})});
  const auto later = f.commit(f.make("a", 2, {"a3"}));
  CHECK(later.first == 4);
  std::string log;
  REQUIRE(f.j().read_log(shard, 1, 100, [&](const stored& s) {
    log += std::to_string(s.sequence) + ":" + std::string(s.record) + " ";
    CHECK(s.entity == (s.record[0] == 'a' ? "a" : b));
    CHECK(s.shard == shard);
    return true;
  }));
  CHECK(log == "1:a1 2:a2 3:b1 4:a3 ");
  CHECK(f.j().log_ends()[shard] == 4);
}

TEMPLATE_LIST_TEST_CASE("the log is read in pages, from anywhere, until the visitor has enough",
                        "[contract]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  for (version_t v = 0; v < 1'000; v += 10)
    f.commit(f.make("a", v, std::vector<std::string>(10, "x")));
  std::vector<sequence_t> seen;
  const visitor note = [&](const stored& s) {
    seen.push_back(s.sequence);
    return true;
  };
  for (sequence_t from = 1; from <= 1'000; from = seen.back() + 1)
    REQUIRE(f.j().read_log(shard, from, 7, note));
  REQUIRE(seen.size() == 1'000);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i + 1);

  seen.clear();
  REQUIRE(f.j().read_log(shard, 1'001, 7, note));
  REQUIRE(f.j().read_log(shard, 1, 0, note));
  CHECK(seen.empty());
  int calls = 0;
  const visitor three = [&](const stored&) { return ++calls < 3; };
  REQUIRE(f.j().read_log(shard, 1, 1'000, three));
  REQUIRE(f.j().read_stream({"test.Thing", "a"}, 1, three));
  CHECK(calls == 4);
  CHECK(f.j().read_log(f.shards, 1, 1, note).error().what == failure::kind::refused);
}

TEMPLATE_LIST_TEST_CASE("stamps never go backwards in a shard, whatever the clock does",
                        "[contract]", engines) {
  fixture<TestType> f;
  *f.clock.now = 2'000;
  CHECK(f.commit(f.make("a", 0, {"x"})).stamp == 2'000);
  *f.clock.now = 1'000;
  CHECK(f.commit(f.make("a", 1, {"x"})).stamp == 2'000);
  if (TestType::reopens) f.reopen();
  CHECK(f.commit(f.make(neighbour("a", f.shards), 0, {"x"})).stamp == 2'000);
  *f.clock.now = 3'000;
  CHECK(f.commit(f.make("a", 2, {"x"})).stamp == 3'000);
}

TEMPLATE_LIST_TEST_CASE("what passes a bound is refused whole", "[contract]", engines) {
  fixture<TestType> f;
  const auto refused = [&](const append& a) {
    return f.commit(a).what == kind::failed && f.text(a.entity).empty();
  };
  CHECK(refused(f.make("a", 0, {})));
  CHECK(refused(f.make("a", 0, std::vector<std::string>(records_max + 1, "x"))));
  CHECK(refused(f.make("a", 0, {std::string(append_bytes_max, 'x'), "x"})));
  CHECK(refused(f.make(std::string(name_bytes_max + 1, 'x'), 0, {"x"})));
  CHECK(refused(f.make("", 0, {"x"})));
  auto misplaced = f.make("a", 0, {"x"});
  misplaced.shard = (misplaced.shard + 1) % f.shards;
  misplaced.writer = f.tokens[misplaced.shard];
  CHECK(refused(misplaced));
  CHECK(f.j()
            .store_snapshot(f.tokens[shard_of("a", f.shards)], {"test.Thing", "a"},
                            {1, std::string(snapshot_bytes_max + 1, 'x')})
            .error()
            .what == failure::kind::refused);

  CHECK(f.commit(f.make("a", 0, std::vector<std::string>(records_max, "x"))).version ==
        records_max);
  CHECK(f.commit(f.make("b", 0, {std::string(append_bytes_max, 'x')})).version == 1);
  CHECK(f.commit(f.make(std::string(name_bytes_max, 'x'), 0, {"x"})).version == 1);
}

TEMPLATE_LIST_TEST_CASE("a snapshot comes back as it was, the newest wins", "[contract]", engines) {
  fixture<TestType> f;
  const stream a{"test.Thing", "a"};
  const token t = f.tokens[shard_of("a", f.shards)];
  f.commit(f.make("a", 0, {"one", "two"}));
  CHECK(f.j().load_snapshot(a)->version == 0);
  REQUIRE(f.j().store_snapshot(t, a, {1, "state at one"}));
  REQUIRE(f.j().store_snapshot(t, a, {2, std::string("state\0at two", 12)}));
  const auto loaded = f.j().load_snapshot(a);
  CHECK(loaded->version == 2);
  CHECK(loaded->bytes == std::string("state\0at two", 12));
  CHECK(f.j().load_snapshot({"test.Other", "a"})->version == 0);
}

TEMPLATE_LIST_TEST_CASE("a snapshot whose event is not in the stream is ignored", "[contract]",
                        engines) {
  fixture<TestType> f;
  const stream a{"test.Thing", "a"};
  f.commit(f.make("a", 0, {"one"}));
  REQUIRE(f.j().store_snapshot(f.tokens[shard_of("a", f.shards)], a, {2, "ahead"}));
  CHECK(f.j().load_snapshot(a)->version == 0);
}

TEMPLATE_LIST_TEST_CASE("a journal says who it is, and no two are the same", "[contract]",
                        engines) {
  fixture<TestType> f;
  fixture<TestType> g;
  CHECK(f.j().about().shards == f.shards);
  CHECK(f.j().about().engine == TestType::name);
  CHECK(!f.j().about().durability.empty());
  CHECK(f.j().about().lineage != g.j().about().lineage);
  CHECK(!open(f.engine.url(), {.shards = 0}));
  CHECK(!open(f.engine.url(), {.shards = 4'097}));
}

TEMPLATE_LIST_TEST_CASE("everything is there after closing and opening again", "[contract]",
                        engines) {
  if (!TestType::reopens) return;
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const auto lineage = f.j().about().lineage;
  const token before = f.tokens[shard];
  f.commit({f.make("a", 0, {"one", "two"}), f.make("b", 0, {"one"})});
  REQUIRE(f.j().store_snapshot(before, {"test.Thing", "a"}, {2, "state"}));
  REQUIRE(f.j().store_progress(before, "views", shard, {.at = 1}));
  auto late = f.make("a", 2, {"late"});
  const auto ends = f.j().log_ends();

  f.reopen();
  CHECK(f.text("a") == "1:one 2:two");
  CHECK(f.text("b") == "1:one");
  CHECK(f.j().log_ends() == ends);
  CHECK(f.j().about().lineage == lineage);
  CHECK(f.j().load_snapshot({"test.Thing", "a"})->bytes == "state");
  CHECK(f.j().positions("views")->at(shard) == 1);
  CHECK(f.tokens[shard].epoch > before.epoch);
  CHECK(f.commit(late).what == kind::fenced);
  CHECK(f.commit(f.make("a", 2, {"three"})).first == ends[shard] + 1);
}
