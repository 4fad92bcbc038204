#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/persistence/redis_fixture.hpp"

using namespace redis_tests;

// What a server loses, and what it must not: killed under load, its file cut, its data replaced.
namespace {

namespace fs = std::filesystem;

/// Appends to a few streams on a thread of its own until it is stopped, claiming anew and reading
/// back whatever it must, and remembers what it was told.
class load {
public:
  explicit load(fixture<lone_engine>& on) : f_(on), thread_(&load::run, this) {}
  ~load() { stop(); }

  void stop() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
  }
  void wait_for_more(std::uint64_t groups = 20) {
    const auto from = answered_.load();
    REQUIRE(eventually([&] { return answered_ >= from + groups; }));
  }

  std::set<std::string> acknowledged, refused; ///< records; read them when it has stopped
  std::size_t unknown = 0;

private:
  void run() {
    for (int n = 0; !ending_; ++n) {
      std::vector<append> group;
      for (int e = 0; e < 16; ++e) {
        const auto id = "e" + std::to_string(e);
        group.push_back(f_.make(id, versions_[id], {id + "-" + std::to_string(n)}));
      }
      const auto how = f_.commit(group);
      bool all_well = true;
      for (std::size_t i = 0; i < group.size(); ++i) {
        note(group[i], how[i]);
        all_well = all_well && how[i].what == kind::appended;
      }
      if (all_well)
        ++answered_;
      else
        begin_anew();
    }
  }

  void note(const append& a, const outcome& how) {
    if (how.what == kind::appended) {
      acknowledged.insert(a.records[0]);
      versions_[a.entity] = how.version;
    } else if (how.what == kind::unknown) {
      ++unknown;
    } else {
      refused.insert(a.records[0]);
    }
  }

  void begin_anew() {
    for (shard_id s = 0; s < f_.shards; ++s)
      if (const auto t = f_.j().claim(s, 1)) f_.tokens[s] = *t;
    for (auto& [id, version] : versions_)
      if (const auto head = f_.j().head({"test.Thing", id})) version = *head;
  }

  fixture<lone_engine>& f_;
  std::map<std::string, version_t> versions_;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

std::multiset<std::string> everything(journal& j, std::uint32_t shards) {
  std::multiset<std::string> all;
  for (shard_id s = 0; s < shards; ++s)
    REQUIRE(j.read_log(s, 1, 1'000'000, [&](const stored& r) {
      all.emplace(r.record);
      return true;
    }));
  return all;
}

/// What a watcher was told.
struct told {
  std::mutex mutex;
  std::vector<std::string> texts;
  std::size_t count() {
    const std::scoped_lock lock(mutex);
    return texts.size();
  }
  watcher as_watcher() {
    return {.grown = {}, .shrunk = [this](const std::string& text) {
              const std::scoped_lock lock(mutex);
              texts.push_back(text);
            }};
  }
};

void cut(const std::string& file, std::uintmax_t size) { fs::resize_file(file, size); }

} // namespace

TEST_CASE("nothing acknowledged is lost when the server dies under load", "[redis]") {
  fixture<lone_engine> f;
  told of;
  f.j().watch(of.as_watcher());
  load l(f);
  for (int deaths = 0; deaths < 5; ++deaths) {
    l.wait_for_more();
    f.engine.server.restart(deaths % 2 == 0 ? SIGKILL : SIGTERM);
  }
  l.wait_for_more();
  l.stop();
  const auto all = everything(f.j(), f.shards);
  CHECK(l.unknown == 0); // it came back in time, so everything was found out
  CHECK(l.acknowledged.size() == all.size());
  for (const auto& record : l.acknowledged) CHECK(all.count(record) == 1);
  for (const auto& record : l.refused) CHECK(all.count(record) == 0);
  CHECK(of.count() == 0);
  CHECK(f.j().health());
}

TEST_CASE("a file cut after the last acknowledgement has lost nothing", "[redis]") {
  fixture<wired_engine> f;
  auto& server = f.engine.server;
  told of;
  f.j().watch(of.as_watcher());
  const auto shard = shard_of("e", f.shards);
  REQUIRE(f.commit(f.make("e", 0, {"one", "two"})).what == kind::appended);
  const auto file = server.append_only_file();
  const auto size = fs::file_size(file);
  f.engine.wire->hold_answers();
  std::thread writer([&] {
    CHECK(f.commit(f.make("e", 2, {"written", "and", "torn"})).what == kind::fenced);
  });
  REQUIRE(eventually([&] { return fs::file_size(file) > size + 200; }));
  server.signal(SIGKILL);
  cut(file, size + 100);
  server.start();
  f.engine.wire->cut();
  writer.join();
  CHECK(f.text("e") == "1:one 2:two");
  CHECK(of.count() == 0);
  f.tokens[shard] = *f.j().claim(shard, 1);
  CHECK(f.commit(f.make("e", 2, {"three"})).first == 3);
}

TEST_CASE("a file cut before the last acknowledgement is noticed, under load", "[redis]") {
  fixture<lone_engine> f;
  told of;
  f.j().watch(of.as_watcher());
  REQUIRE(f.commit(f.make("first", 0, {"first"})).what == kind::appended);
  const auto file = f.engine.server.append_only_file();
  const auto size = fs::file_size(file);
  const auto before = f.j().log_ends();
  load l(f);
  l.wait_for_more(50);
  f.engine.server.signal(SIGKILL);
  cut(file, size);
  f.engine.server.start();
  REQUIRE(eventually([&] { return of.count() > 0; }));
  l.wait_for_more();
  l.stop();
  CHECK(of.count() == 1);
  CHECK_THAT(of.texts[0], Catch::Contains("acknowledged events are lost"));
  CHECK(f.j().health());
  CHECK(f.j().log_ends() == *f.j().read_ends());
  CHECK(everything(f.j(), f.shards).count("first") == 1);
}

TEST_CASE("after a loss all tokens are fenced, and the ends are what is there", "[redis]") {
  fixture<lone_engine> f;
  told of;
  f.j().watch(of.as_watcher());
  const auto shard = shard_of("a", f.shards);
  REQUIRE(f.commit(f.make("a", 0, {"kept"})).what == kind::appended);
  const auto file = f.engine.server.append_only_file();
  const auto size = fs::file_size(file);
  REQUIRE(f.commit(f.make("a", 1, {"lost"})).what == kind::appended);
  f.engine.server.signal(SIGKILL);
  cut(file, size);
  f.engine.server.start();
  REQUIRE(eventually([&] { return of.count() == 1; }));
  CHECK_THAT(of.texts[0], Catch::Contains("shard " + std::to_string(shard) + " ended at 2"));
  CHECK(f.j().log_ends()[shard] == 1);
  CHECK(f.commit(f.make(stranger("a", f.shards), 0, {"x"})).what == kind::fenced);
  f.tokens = f.claim_all(1);
  CHECK(f.commit(f.make("a", 1, {"new"})).first == 2);
  CHECK(f.text("a") == "1:kept 2:new");
  CHECK(of.count() == 1);
}

TEST_CASE("an append behind a log that became shorter is refused, and the loss told", "[redis]") {
  fixture<lone_engine> f;
  told of;
  f.j().watch(of.as_watcher());
  const auto shard = shard_of("a", f.shards);
  REQUIRE(f.commit(f.make("a", 0, {"1", "2", "3"})).what == kind::appended);
  const auto log = "mallbots:{s" + std::to_string(shard) + "}:l";
  REQUIRE(f.engine.server.ask({"XDEL", log, "0-3"}) == "1");
  CHECK(f.commit(f.make("a", 3, {"behind a hole"})).what == kind::fenced);
  CHECK(f.text("a") == "1:1 2:2 3:3");
  CHECK(eventually([&] { return of.count() == 1; }));
}

TEST_CASE("a journal that is gone or another one breaks the engine for good", "[redis]") {
  fixture<lone_engine> f;
  const auto& server = f.engine.server;
  REQUIRE(f.commit(f.make("a", 0, {"one"})).what == kind::appended);
  server.ask({"FLUSHALL"});
  SECTION("gone, noticed by the next append") {
    CHECK(f.commit(f.make("a", 1, {"two"})).what == kind::fenced);
    CHECK_THAT(why(f.j().health()), Catch::Contains("is gone"));
  }
  SECTION("another one, noticed by the next look") {
    REQUIRE(open(f.engine.url(), {.shards = f.shards}));
    CHECK(!f.j().read_ends());
    CHECK_THAT(why(f.j().health()), Catch::Contains("replaced by another one"));
  }
  CHECK(f.commit(f.make("a", 1, {"two"})).what == kind::failed);
  CHECK(!f.j().claim(0, 1));
  CHECK(!f.j().head({"test.Thing", "a"}));
  CHECK(!f.j().open_to_commands());
}
