#include <csignal>
#include <map>

#include "persistence/members.hpp"
#include "tests/persistence/redis_fixture.hpp"

using namespace redis_tests;

namespace {

std::string refusal(const std::string& url, const open_options& how = {}) {
  const auto opened_anyway = open(url, how);
  REQUIRE(!opened_anyway);
  return opened_anyway.error().text;
}

} // namespace

TEST_CASE("scripts that the server forgot are brought anew", "[redis]") {
  fixture<lone_engine> f;
  REQUIRE(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  REQUIRE(f.engine.server.ask({"SCRIPT", "FLUSH"}) == "OK");
  CHECK(f.commit({f.make("a", 1, {"two"}), f.make(stranger("a", f.shards), 0, {"one"}),
                  f.make("a", 2, {"three"})})[2]
            .what == kind::appended);
  REQUIRE(f.engine.server.ask({"SCRIPT", "FLUSH"}) == "OK");
  CHECK(f.j().claim(0, 1));
  CHECK(f.text("a") == "1:one 2:two 3:three");
  REQUIRE(f.engine.server.ask({"SCRIPT", "FLUSH"}) == "OK");
  CHECK(f.j().read_ends());
}

TEST_CASE("a journal is shared over a port and over a socket file", "[redis]") {
  redis_server server({}, true);
  const open_options how{.shards = 8};
  auto one = open(server.tcp_url(), how), two = open(server.url(), how);
  REQUIRE(one);
  REQUIRE(two);
  CHECK((*one)->about().lineage == (*two)->about().lineage);
  CHECK((*one)->about().durability == "fsync before reply (appendfsync always)");
  auto other_db = open(server.tcp_url() + "/1", how);
  REQUIRE(other_db);
  CHECK((*other_db)->about().lineage != (*one)->about().lineage);
}

TEST_CASE("two clusters in one server do not see each other", "[redis]") {
  redis_server server;
  const auto make = [&](const std::string& cluster) {
    return open(server.url(), {.shards = 4, .redis = {.cluster = cluster}});
  };
  auto one = make("one"), two = make("two");
  REQUIRE(one);
  REQUIRE(two);
  CHECK((*one)->about().lineage != (*two)->about().lineage);
  const auto shard = shard_of("a", 4);
  const append a{shard, *(*one)->claim(shard, 1), "test.Thing", "a", 0, {"x"}};
  const append* group[] = {&a};
  REQUIRE((*one)->commit(group)[0].what == kind::appended);
  REQUIRE((*one)->join().operator*()->beat({.incarnation = 1}));
  CHECK(*(*two)->head({"test.Thing", "a"}) == 0);
  CHECK((*two)->read_ends()->at(shard) == 0);
  CHECK(*(*two)->claim(shard, 2) == token{1, 2}); // no lease there lives
  CHECK((*two)->join().operator*()->beat({.incarnation = 2})->members.size() == 1);
}

TEST_CASE("a journal with another number of shards is refused", "[redis]") {
  redis_server server;
  REQUIRE(open(server.url(), {.shards = 8}));
  CHECK_THAT(refusal(server.url(), {.shards = 16}), Catch::Contains("was made with 8 shards"));
}

TEST_CASE("what is no journal of ours is refused", "[redis]") {
  redis_server server;
  server.ask({"HSET", "mallbots:i", "format", "2", "lineage", "x", "shards", "64", "hash", "y"});
  CHECK_THAT(refusal(server.url()), Catch::Contains("no journal of this version"));
}

TEST_CASE("a Redis in cluster mode is refused", "[redis]") {
  const redis_server server({"--cluster-enabled", "yes"});
  CHECK_THAT(refusal(server.url()), Catch::Contains("cluster mode"));
}

TEST_CASE("a replica is refused", "[redis]") {
  redis_server server;
  server.ask({"REPLICAOF", "127.0.0.1", std::to_string(reenact::tests::free_port())});
  CHECK_THAT(refusal(server.url(), {.redis = {.patience = 1'000ms}}), Catch::Contains("replica"));
}

TEST_CASE("a server that is not there is a failure that says what to do", "[redis]") {
  const temporary_directory empty;
  CHECK_THAT(refusal("redis+unix://" + empty.path() + "/nobody"),
             Catch::Contains("Start the server"));
  CHECK_THAT(refusal("redis://127.0.0.1:" + std::to_string(reenact::tests::free_port())),
             Catch::Contains("Start the server"));
}

TEST_CASE("no password is in a text, whatever the server says of it", "[redis]") {
  const redis_server server({"--requirepass", "right"}, true);
  const auto port = "127.0.0.1:" + std::to_string(server.port());
  const auto wrong = refusal("redis://:wr0ng@" + port);
  CHECK_THAT(wrong, Catch::Contains("password was not accepted (WRONGPASS)"));
  CHECK(wrong.find("wr0ng") == std::string::npos);
  CHECK_THAT(refusal("redis://" + port), Catch::Contains("asks for a password"));
  CHECK(open("redis://:right@" + port));
  CHECK(open("redis://:wr0ng@" + port, {.redis = {.password = "right"}}));

  const redis_server open_to_all;
  const auto text = refusal(open_to_all.url(), {.redis = {.password = "needless"}});
  CHECK_THAT(text, Catch::Contains("was not accepted"));
  CHECK(text.find("needless") == std::string::npos);

  redis_server renamed({"--rename-command", "AUTH", ""}); // its error repeats what was sent
  CHECK(refusal(renamed.url(), {.redis = {.password = "needless"}}).find("needless") ==
        std::string::npos);
}

TEST_CASE("a user who may not ask what Redis promises is told", "[redis]") {
  redis_server server;
  REQUIRE(server.ask({"ACL", "SETUSER", "default", "-config"}) == "OK");
  CHECK_THAT(refusal(server.url()), Catch::Contains("must be allowed INFO and CONFIG"));
}

TEST_CASE("an owner on another journal object is a zombie once its shard is claimed", "[redis]") {
  fixture<lone_engine> f;
  auto other = open(f.engine.url(), {.shards = f.shards});
  REQUIRE(other);
  REQUIRE(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  const auto shard = shard_of("a", f.shards);
  const token zombie = f.tokens[shard];
  const token owner = *(*other)->claim(shard, 2);
  CHECK(owner == token{zombie.epoch + 1, 2});
  CHECK((*other)->log_ends()[shard] == 1);
  CHECK(f.j().store_snapshot(zombie, {"test.Thing", "a"}, {1, "s"}).error().what ==
        failure::kind::fenced);
  CHECK(f.j().store_progress(zombie, "views", shard, {.at = 1}).error().what ==
        failure::kind::fenced);
  CHECK(f.j().drop_dead_letter(zombie, "views", shard, 1).error().what == failure::kind::fenced);
  CHECK(f.j().release(shard, zombie).error().what == failure::kind::fenced);
  const auto late = f.commit(f.make("a", 1, {"late"}));
  CHECK(late.what == kind::fenced);
  CHECK(late.version == owner.epoch);
  CHECK(f.text("a") == "1:one");
}

TEST_CASE("a tail wakes at what others write, and not at one's own", "[redis]") {
  fixture<lone_engine> f;
  auto other = open(f.engine.url(), {.shards = f.shards});
  REQUIRE(other);
  std::atomic<int> woken = 0;
  (*other)->watch({.grown = [&] { ++woken; }, .shrunk = {}});
  for (version_t v = 0; v < 20; ++v) {
    const auto before = woken.load();
    REQUIRE(f.commit(f.make("a", v, {"x"})).what == kind::appended);
    REQUIRE(eventually([&] { return woken > before; }));
    CHECK((*other)->log_ends()[shard_of("a", f.shards)] == v + 1);
  }
  (*other)->watch({});
  const auto before = woken.load();
  REQUIRE(f.commit(f.make("a", 20, {"x"})).what == kind::appended);
  CHECK((*other)->log_ends()[shard_of("a", f.shards)] == 20);
  CHECK((*other)->read_ends()->at(shard_of("a", f.shards)) == 21);
  CHECK((*other)->log_ends()[shard_of("a", f.shards)] == 21);
  CHECK(woken == before);
}

TEST_CASE("a tail comes back to a server that was away", "[redis]") {
  fixture<lone_engine> f;
  auto other = open(f.engine.url(), {.shards = f.shards});
  REQUIRE(other);
  std::atomic<int> woken = 0;
  (*other)->watch({.grown = [&] { ++woken; }, .shrunk = {}});
  f.engine.server.restart(SIGKILL);
  REQUIRE(eventually([&] { return bool(f.j().open_to_commands()); }));
  f.tokens = f.claim_all(1);
  REQUIRE(f.commit(f.make("a", 0, {"x"})).what == kind::appended);
  CHECK(eventually([&] { return woken > 0; }));
}

TEST_CASE("damage in a Redis journal is found, and a gap is no end", "[redis]") {
  fixture<lone_engine> f;
  const auto shard = shard_of("a", f.shards);
  REQUIRE(f.commit(f.make("a", 0, {"one", "two", "three"})).what == kind::appended);
  const auto in_shard = "mallbots:{s" + std::to_string(shard) + "}:";
  const auto list = in_shard + "e:10:test.Thing:a", log = in_shard + "l";
  const visitor pass = [](const stored&) { return true; };
  const auto corrupt = [](const status& s) {
    return !s && s.error().what == failure::kind::corrupt;
  };
  const auto& server = f.engine.server;

  REQUIRE(f.j().read_log(shard, 1, 10, pass));
  const auto second = server.ask({"LINDEX", list, "1"});
  server.ask({"LSET", list, "1", second + "x"});
  CHECK(corrupt(f.j().read_stream({"test.Thing", "a"}, 1, pass)));
  CHECK(corrupt(f.j().read_log(shard, 1, 10, pass)));
  CHECK(f.j().read_log(shard, 3, 10, pass));
  server.ask({"LSET", list, "1", server.ask({"LINDEX", list, "2"})}); // right, at a wrong place
  CHECK(corrupt(f.j().read_stream({"test.Thing", "a"}, 1, pass)));
  server.ask({"LSET", list, "1", second});
  REQUIRE(f.j().read_log(shard, 1, 10, pass));

  REQUIRE(server.ask({"XDEL", log, "0-2"}) == "1");
  CHECK(corrupt(f.j().read_log(shard, 1, 10, pass)));
  CHECK(f.j().claim(shard, 1).error().what == failure::kind::corrupt);
}

TEST_CASE("keys of another kind refuse an append and harm no other of its group", "[redis]") {
  fixture<lone_engine> f;
  const auto other = stranger("a", f.shards);
  const auto in_shard = "mallbots:{s" + std::to_string(shard_of("a", f.shards)) + "}:";
  f.engine.server.ask({"SET", in_shard + "e:10:test.Thing:a", "no list"});
  f.engine.server.ask({"SET", in_shard + "d", "no timers"});
  auto timed = f.make(neighbour("a", f.shards), 0, {"x"});
  timed.set = {{"t", 1, 1}};
  const auto how = f.commit({f.make(other, 0, {"x"}), f.make("a", 0, {"x"}), timed,
                             f.make(neighbour("a", f.shards), 0, {"y"}), f.make(other, 1, {"y"})});
  CHECK(how[0].what == kind::appended);
  CHECK(how[1].what == kind::failed);
  CHECK(how[2].what == kind::failed);
  CHECK(how[3].what == kind::appended);
  CHECK(how[4].what == kind::appended);
  CHECK(f.text(neighbour("a", f.shards)) == "1:y");
}

TEST_CASE("groups of any size and mix are written in order", "[redis]") {
  fixture<lone_engine> f;
  std::vector<append> group;
  std::map<std::string, head_slot> slots;
  for (int i = 0; i < 2'000; ++i) {
    const auto id = "e" + std::to_string(i % 97);
    auto& slot = slots[id];
    const auto expected = static_cast<version_t>(i / 97);
    group.push_back(f.make(id, expected + (i == 500 ? 9 : 0), {std::to_string(i)}, &slot));
  }
  const auto how = f.commit(group);
  std::vector<sequence_t> ends(f.shards);
  const auto torn = group[500].entity;
  for (int i = 0; i < 2'000; ++i) {
    if (group[i].entity == torn && i >= 500) {
      CHECK(how[i].what == (i == 500 ? kind::conflict : kind::failed));
    } else {
      REQUIRE(how[i].what == kind::appended);
      CHECK(how[i].first == ++ends[group[i].shard]);
    }
  }
  CHECK(f.j().log_ends() == ends);
  std::size_t read = 0;
  for (shard_id s = 0; s < f.shards; ++s)
    REQUIRE(f.j().read_log(s, 1, 10'000, [&](const stored&) { return ++read > 0; }));
  CHECK(read == 2'000 - 16);
}
