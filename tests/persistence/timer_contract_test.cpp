#include <algorithm>

#include "tests/persistence/contract.hpp"

using namespace contract;
using kind = outcome::kind;

namespace {

append with_timers(append a, std::vector<timer> set, std::vector<timer> cleared = {}) {
  a.set = std::move(set);
  a.cleared = std::move(cleared);
  return a;
}

/// The timers of a shard, as "entity/name/generation@due".
std::vector<std::string> timers_of(const journal& j, shard_id shard, stamp_t until = INT64_MAX,
                                   std::size_t most = 1'000) {
  std::vector<std::string> all;
  REQUIRE(j.read_timers(shard, until, most, [&](const due_timer& t) {
    CHECK(t.type == "test.Thing");
    all.push_back(std::string(t.entity) + "/" + std::string(t.name) + "/" +
                  std::to_string(t.generation) + "@" + std::to_string(t.due));
    return true;
  }));
  return all;
}

using texts = std::vector<std::string>;

} // namespace

TEMPLATE_LIST_TEST_CASE("a timer is set with an append, and cleared with a later one",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  CHECK(timers_of(f.j(), shard).empty());
  const timer late{"late", 1, 500}, remind{"remind", 7, 900};
  REQUIRE(f.commit(with_timers(f.make("a", 0, {"one"}), {late, remind})).what == kind::appended);
  CHECK(timers_of(f.j(), shard) == texts{"a/late/1@500", "a/remind/7@900"});
  REQUIRE(f.commit(with_timers(f.make("a", 1, {"two"}), {}, {late})).what == kind::appended);
  CHECK(timers_of(f.j(), shard) == texts{"a/remind/7@900"});
  for (shard_id other = 0; other < f.shards; ++other) {
    if (other != shard) CHECK(timers_of(f.j(), other).empty());
  }
}

TEMPLATE_LIST_TEST_CASE("clearing a timer that is not set changes nothing", "[contract][timers]",
                        engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const auto b = neighbour("a", f.shards);
  f.commit({with_timers(f.make("a", 0, {"one"}), {{"late", 2, 500}}),
            with_timers(f.make(b, 0, {"one"}), {{"late", 2, 600}})});
  const auto how = f.commit(with_timers(f.make("a", 1, {"two"}), {},
                                        {{"late", 1, 500},
                                         {"late", 3, 500},
                                         {"late", 2, 499},
                                         {"late", 2, 600},
                                         {"lat", 2, 500},
                                         {"never", 0, 0}}));
  CHECK(how.what == kind::appended);
  CHECK(timers_of(f.j(), shard) == texts{"a/late/2@500", b + "/late/2@600"});
  auto another = with_timers(f.make("a", 0, {"one"}), {}, {{"late", 2, 500}});
  another.type = "test.Other";
  CHECK(f.commit(another).what == kind::appended);
  CHECK(timers_of(f.j(), shard) == texts{"a/late/2@500", b + "/late/2@600"});
}

TEMPLATE_LIST_TEST_CASE("timers are read in the order in which they are due, until a time",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const auto b = neighbour("a", f.shards);
  // Numbers that sort otherwise as text or as bytes from the small end.
  f.commit(with_timers(f.make("a", 0, {"one"}),
                       {{"z", 0, 256}, {"a", 0, 70'000}, {"y", 0, 0}, {"x", 0, INT64_MAX}}));
  f.commit(with_timers(f.make(b, 0, {"one"}), {{"b", 0, 9}, {"c", 0, 1'000}}));
  CHECK(timers_of(f.j(), shard) == texts{"a/y/0@0", b + "/b/0@9", "a/z/0@256", b + "/c/0@1000",
                                         "a/a/0@70000", "a/x/0@9223372036854775807"});
  CHECK(timers_of(f.j(), shard, 256) == texts{"a/y/0@0", b + "/b/0@9", "a/z/0@256"});
  CHECK(timers_of(f.j(), shard, 255) == texts{"a/y/0@0", b + "/b/0@9"});
  CHECK(timers_of(f.j(), shard, 0) == texts{"a/y/0@0"});
  CHECK(timers_of(f.j(), shard, -2).empty());
  CHECK(timers_of(f.j(), shard, 256, 2) == texts{"a/y/0@0", b + "/b/0@9"});
  CHECK(timers_of(f.j(), shard, 256, 0).empty());
  int calls = 0;
  REQUIRE(f.j().read_timers(shard, INT64_MAX, 100, [&](const due_timer&) { return ++calls < 3; }));
  CHECK(calls == 3);
  CHECK(f.j().read_timers(f.shards, 1, 1, [](const due_timer&) { return true; }).error().what ==
        failure::kind::refused);
}

TEMPLATE_LIST_TEST_CASE("timers due at once are all there, whatever their names",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const std::string zero("a\0", 2), longest(name_bytes_max, 'n');
  f.commit(with_timers(f.make("a", 0, {"one"}),
                       {{"a", 1, 5}, {"a", 2, 5}, {"aa", 1, 5}, {zero, 1, 5}, {longest, 1, 5}}));
  auto found = timers_of(f.j(), shard);
  std::ranges::sort(found);
  texts all{"a/a/1@5", "a/a/2@5", "a/aa/1@5", "a/" + zero + "/1@5", "a/" + longest + "/1@5"};
  std::ranges::sort(all);
  CHECK(found == all);
}

TEMPLATE_LIST_TEST_CASE("a timer that is set twice is there once, and one in both lists is set",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const timer late{"late", 1, 500};
  f.commit(with_timers(f.make("a", 0, {"one"}), {late, late}));
  f.commit(with_timers(f.make("a", 1, {"two"}), {late}, {late}));
  CHECK(timers_of(f.j(), shard) == texts{"a/late/1@500"});
  f.commit({with_timers(f.make("a", 2, {"three"}), {}, {late}),
            with_timers(f.make("a", 3, {"four"}), {{"late", 2, 800}})});
  CHECK(timers_of(f.j(), shard) == texts{"a/late/2@800"});
}

TEMPLATE_LIST_TEST_CASE("an append that is not written sets and clears no timer",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  const timer old{"old", 1, 500}, young{"young", 1, 600};
  f.commit(with_timers(f.make("a", 0, {"one"}), {old}));
  CHECK(f.commit(with_timers(f.make("a", 7, {"no"}), {young}, {old})).what == kind::conflict);
  CHECK(timers_of(f.j(), shard) == texts{"a/old/1@500"});

  head_slot slot{1};
  slot.closed = true;
  CHECK(f.commit(with_timers(f.make("a", 1, {"no"}, &slot), {young}, {old})).what == kind::failed);
  CHECK(timers_of(f.j(), shard) == texts{"a/old/1@500"});

  const auto zombie = with_timers(f.make("a", 1, {"late"}), {young}, {old});
  REQUIRE(f.j().claim(shard, 2));
  CHECK(f.commit(zombie).what == kind::fenced);
  CHECK(timers_of(f.j(), shard) == texts{"a/old/1@500"});
}

TEMPLATE_LIST_TEST_CASE("timers that pass a bound are refused, with their append",
                        "[contract][timers]", engines) {
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  std::vector<timer> many;
  for (std::uint64_t g = 0; g < timers_max; ++g) many.push_back({"late", g, 500});
  auto too_many = many;
  too_many.push_back({"late", timers_max, 500});
  for (const auto& wrong : {too_many, std::vector<timer>{{"", 1, 500}},
                            std::vector<timer>{{std::string(name_bytes_max + 1, 'x'), 1, 500}},
                            std::vector<timer>{{"late", 1, -1}}}) {
    CHECK(f.commit(with_timers(f.make("a", 0, {"no"}), wrong)).what == kind::failed);
    CHECK(f.commit(with_timers(f.make("a", 0, {"no"}), {}, wrong)).what == kind::failed);
  }
  CHECK(f.commit(with_timers(f.make("a", 0, {}), {{"late", 1, 500}})).what == kind::failed);
  CHECK(f.text("a").empty());
  CHECK(timers_of(f.j(), shard).empty());

  CHECK(f.commit(with_timers(f.make("a", 0, {"one"}), many)).what == kind::appended);
  CHECK(timers_of(f.j(), shard).size() == timers_max);
  CHECK(f.commit(with_timers(f.make("a", 1, {"two"}), many, many)).what == kind::appended);
  CHECK(timers_of(f.j(), shard).size() == timers_max);
  CHECK(f.commit(with_timers(f.make("a", 2, {"three"}), {}, many)).what == kind::appended);
  CHECK(timers_of(f.j(), shard).empty());
}

TEMPLATE_LIST_TEST_CASE("timers are still set after closing and opening again",
                        "[contract][timers]", engines) {
  if (!TestType::reopens) return;
  fixture<TestType> f;
  const auto shard = shard_of("a", f.shards);
  f.commit(with_timers(f.make("a", 0, {"one"}), {{"late", 1, 500}, {"late", 2, 600}}));
  f.commit(with_timers(f.make("a", 1, {"two"}), {}, {{"late", 1, 500}}));
  f.reopen();
  CHECK(timers_of(f.j(), shard) == texts{"a/late/2@600"});
}
