#include "tests/persistence/contract.hpp"

using namespace contract;
using kind = outcome::kind;
using sequences = std::vector<sequence_t>;

namespace {

/// A journal in whose shard 'a' there are ten records, and a consumer's view of it.
template <class Engine>
struct consumed : fixture<Engine> {
  shard_id shard = shard_of("a", fixture<Engine>::shards);

  consumed() { this->commit(this->make("a", 0, std::vector<std::string>(10, "x"))); }

  status store(const progress& what, const std::string& consumer = "views") {
    return this->j().store_progress(this->tokens[shard], consumer, shard, what);
  }
  bool refuses(const progress& what, const std::string& says) {
    const auto how = store(what);
    if (how) return false;
    CHECK_THAT(how.error().text, Catch::Contains(says));
    return how.error().what == failure::kind::refused;
  }
  std::optional<sequence_t> at(const std::string& consumer = "views") {
    return this->j().positions(consumer)->at(shard);
  }
  sequences parked(const std::string& consumer = "views") {
    return *this->j().parked(consumer, shard);
  }
  std::vector<dead_letter> letters(const std::string& consumer = "views") {
    std::vector<dead_letter> all;
    REQUIRE(this->j().read_dead_letters(consumer, shard, [&](const dead_letter& d) {
      all.push_back(d);
      return true;
    }));
    return all;
  }
};

} // namespace

TEMPLATE_LIST_TEST_CASE("a consumer's position never goes backwards nor beyond the log",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  CHECK(*f.j().positions("views") == positions_by_shard(f.shards));
  REQUIRE(f.store({.at = 0}));
  CHECK(f.at() == 0); // it has begun, at the beginning
  REQUIRE(f.store({.at = 3}));
  REQUIRE(f.store({.at = 2}));
  REQUIRE(f.store({.at = 2, .synced = true}));
  CHECK(f.at() == 3);
  CHECK(f.refuses({.at = 11}, "position 11 of shard " + std::to_string(f.shard)));
  REQUIRE(f.store({.at = 10}));
  REQUIRE(f.store({.at = 1}, "view"));
  CHECK(f.at() == 10);
  CHECK(f.at("view") == 1);
}

TEMPLATE_LIST_TEST_CASE("what is parked stays so until it is resumed", "[contract][progress]",
                        engines) {
  consumed<TestType> f;
  CHECK(f.parked().empty());
  REQUIRE(f.store({.at = 6, .parked = {6, 2, 4}}));
  REQUIRE(f.store({.at = 8, .parked = {7, 4}}, "view"));
  CHECK(f.parked() == sequences{2, 4, 6});
  REQUIRE(f.store({.at = 7, .parked = {4, 7}, .resumed = {2, 3, 6}}));
  CHECK(f.parked() == sequences{4, 7});
  REQUIRE(f.store({.at = 9, .parked = {9}, .resumed = {9}}));
  CHECK(f.parked() == sequences{4, 7});
  CHECK(f.parked("view") == sequences{4, 7});
  CHECK(f.parked("nobody").empty());
  const auto other = (f.shard + 1) % f.shards;
  CHECK(f.j().parked("views", other)->empty());
}

TEMPLATE_LIST_TEST_CASE("a dead letter comes back as it was, until it is dropped",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  CHECK(f.letters().empty());
  const dead_letter first{5, std::string("un\0decodable", 12), 3, 1'700'000'000'000'000};
  const dead_letter second{9, "", UINT32_MAX, 0};
  REQUIRE(f.store({.at = 5, .dead = {second, first}})); // a later one may end before
  CHECK(f.letters() == std::vector{first, second});
  CHECK(f.at() == 5);
  CHECK(f.letters("view").empty());
  const dead_letter again{9, "again", 1, 7};
  REQUIRE(f.store({.dead = {again}}));
  CHECK(f.letters() == std::vector{first, again});
  int calls = 0;
  REQUIRE(
      f.j().read_dead_letters("views", f.shard, [&](const dead_letter&) { return ++calls < 1; }));
  CHECK(calls == 1);

  const auto drop = [&](const std::string& consumer, sequence_t at) {
    return f.j().drop_dead_letter(f.tokens[f.shard], consumer, f.shard, at);
  };
  REQUIRE(drop("views", 4));
  REQUIRE(drop("view", 5));
  REQUIRE(drop("nobody", 5));
  CHECK(f.letters() == std::vector{first, again});
  REQUIRE(drop("views", 5));
  CHECK(f.letters() == std::vector{again});
  CHECK(f.at() == 5);
}

TEMPLATE_LIST_TEST_CASE("a lower position leaves the one that is stored, the rest is written",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  REQUIRE(f.store({.at = 8, .parked = {3, 8}}));
  REQUIRE(f.store({.at = 5, .parked = {4}, .resumed = {8}, .dead = {{8, "why", 1, 1}}}));
  CHECK(f.at() == 8);
  CHECK(f.parked() == sequences{3, 4});
  CHECK(f.letters() == std::vector{dead_letter{8, "why", 1, 1}});
}

TEMPLATE_LIST_TEST_CASE("progress that is refused writes nothing of itself", "[contract][progress]",
                        engines) {
  consumed<TestType> f;
  CHECK(f.refuses({.at = 11, .parked = {1}, .dead = {{1, "", 1, 1}}}, "beyond the log's end 10"));
  CHECK(f.refuses({.at = 5, .parked = {1, 6}}, "sequence 6 cannot be parked"));
  CHECK(f.refuses({.at = 5, .parked = {1, 0}}, "sequence 0 is not in the log"));
  CHECK(f.refuses({.at = 5, .parked = {1}, .resumed = {11}}, "sequence 11 is not in the log"));
  CHECK(f.refuses({.at = 5, .dead = {{1, "", 1, 1}, {11, "", 1, 1}}},
                  "sequence 11 is not in the log"));
  CHECK(f.refuses({.at = 5, .dead = {{0, "", 1, 1}}}, "sequence 0 is not in the log"));
  CHECK(f.at() == std::nullopt);
  CHECK(f.parked().empty());
  CHECK(f.letters().empty());
  CHECK(f.j().consumers()->empty());
}

TEMPLATE_LIST_TEST_CASE("progress of no consumer, or in no shard, is refused",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  const token t = f.tokens[f.shard];
  const auto refused = failure::kind::refused;
  for (const auto& name : {std::string(), std::string(name_bytes_max + 1, 'x')}) {
    CHECK(f.j().store_progress(t, name, f.shard, {.at = 1}).error().what == refused);
    CHECK(f.j().drop_dead_letter(t, name, f.shard, 1).error().what == refused);
    CHECK(f.at(name) == std::nullopt);
    CHECK(f.parked(name).empty());
    CHECK(f.letters(name).empty());
  }
  CHECK(f.store({.at = 1}, std::string(name_bytes_max, 'x')));
  CHECK(f.j().store_progress(t, "views", f.shards, {}).error().what == refused);
  CHECK(f.j().drop_dead_letter(t, "views", f.shards, 1).error().what == refused);
  CHECK(f.j().parked("views", f.shards).error().what == refused);
  CHECK(f.j()
            .read_dead_letters("views", f.shards, [](const dead_letter&) { return true; })
            .error()
            .what == refused);
}

TEMPLATE_LIST_TEST_CASE("progress has bounds, and a long reason is cut between two characters",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  const sequences many(parked_max, 1);
  auto too_many = many;
  too_many.push_back(1);
  CHECK(f.refuses({.at = 1, .parked = too_many}, "at most 10000"));
  CHECK(f.refuses({.at = 1, .parked = many, .dead = {{1, "", 1, 1}}}, "at most 10000"));
  CHECK(f.refuses({.at = 1, .resumed = too_many}, "at most 10000"));
  CHECK(f.store({.at = 1, .parked = many, .resumed = many}));

  const std::string full(why_bytes_max, 'x');
  const std::string wide = "\xf0\x9f\x9b\x92"; // a character of four bytes
  const auto kept = [&](const std::string& why) {
    REQUIRE(f.store({.dead = {{1, why, 1, 1}}}));
    return f.letters().at(0).why;
  };
  CHECK(kept(full) == full);
  CHECK(kept(full + "y") == full);
  CHECK(kept(full + wide) == full);
  for (std::size_t over = 0; over < wide.size(); ++over) {
    const auto before = full.substr(0, why_bytes_max - wide.size() + over);
    CHECK(kept(before + wide + "y") == (over == 0 ? before + wide : before));
  }
  CHECK(kept(std::string(2 * why_bytes_max, '\x80')).size() == why_bytes_max - 3);
}

TEMPLATE_LIST_TEST_CASE("a zombie consumes nothing: not a position, a parked one or a letter",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  REQUIRE(f.store({.at = 2, .parked = {1}, .dead = {{2, "why", 1, 1}}}));
  const token zombie = f.tokens[f.shard];
  const token owner = *f.j().claim(f.shard, 2);
  const token forged[] = {zombie, {owner.epoch, 1}, {owner.epoch + 1, 2}, {owner.epoch - 1, 2}, {}};
  for (const auto& t : forged) {
    const auto fenced = [&](const progress& what) {
      return f.j().store_progress(t, "views", f.shard, what).error().what == failure::kind::fenced;
    };
    CHECK(fenced({.at = 3}));
    CHECK(fenced({.at = 2, .parked = {2}}));
    CHECK(fenced({.at = 2, .resumed = {1}}));
    CHECK(fenced({.at = 2, .dead = {{1, "why", 1, 1}}}));
    CHECK(f.j().drop_dead_letter(t, "views", f.shard, 2).error().what == failure::kind::fenced);
  }
  CHECK(f.at() == 2);
  CHECK(f.parked() == sequences{1});
  CHECK(f.letters() == std::vector{dead_letter{2, "why", 1, 1}});
  f.tokens[f.shard] = owner;
  CHECK(f.store({.at = 3}));
  CHECK(f.j().drop_dead_letter(owner, "views", f.shard, 2));
}

TEMPLATE_LIST_TEST_CASE("the consumers are those of which a position is stored, though it is 0",
                        "[contract][progress]", engines) {
  consumed<TestType> f;
  CHECK(f.j().consumers()->empty());
  const auto other = (f.shard + 1) % f.shards;
  REQUIRE(f.store({.at = 3}, "views"));
  REQUIRE(f.store({}, "b"));
  REQUIRE(f.j().store_progress(f.tokens[other], "views", other, {}));
  REQUIRE(f.j().store_progress(f.tokens[other], "ab", other, {.synced = true}));
  REQUIRE(f.store({.at = 1}, std::string(name_bytes_max, 'a')));
  REQUIRE(f.j().drop_dead_letter(f.tokens[f.shard], "nobody", f.shard, 1));
  CHECK(*f.j().consumers() ==
        std::vector<std::string>{std::string(name_bytes_max, 'a'), "ab", "b", "views"});
}

TEMPLATE_LIST_TEST_CASE("progress is still there after closing and opening again",
                        "[contract][progress]", engines) {
  if (!TestType::reopens) return;
  consumed<TestType> f;
  REQUIRE(f.store({.at = 7, .parked = {3, 5}, .dead = {{6, "why", 4, 99}, {7, "why", 1, 1}}}));
  REQUIRE(f.store({.at = 8, .resumed = {3}}));
  REQUIRE(f.j().drop_dead_letter(f.tokens[f.shard], "views", f.shard, 7));
  f.reopen();
  CHECK(f.at() == 8);
  CHECK(f.parked() == sequences{5});
  CHECK(f.letters() == std::vector{dead_letter{6, "why", 4, 99}});
  CHECK(*f.j().consumers() == std::vector<std::string>{"views"});
}
