#include "persistence/views/view_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "persistence/open.hpp"
#include "persistence/views/key_index.hpp"
#include "tests/persistence/views_fixture.hpp"

using namespace views_tests;

TEST_CASE_METHOD(views_fixture, "after a crash of the process rows and positions go on together",
                 "[views]") {
  serve();
  lay("a", 1, true, serving, {4, 5});
  // What a crash leaves: the files as they are, never closed.
  for (const auto* end : {"", "-wal"})
    std::filesystem::copy(path + end, directory.path() + "/crashed" + end);
  path = directory.path() + "/crashed";
  reopen();
  CHECK(file->discarded().empty());
  CHECK(file->positions(mall, serving) == std::vector<sequence_t>{4, 5});
  CHECK(listed() == keys{"a"});
}

TEST_CASE_METHOD(views_fixture, "a file that must not be trusted is emptied, and says why",
                 "[views]") {
  serve();
  lay("a", 1, true, serving, {4, 5});
  std::string why;
  SECTION("the journal has another lineage") {
    origin.lineage = {9};
    why = "another lineage";
  }
  SECTION("it has seen records that the journal does not hold") {
    origin.log_ends = {4, 4};
    why = "beyond the end of shard 1";
  }
  SECTION("the machine went down while it was open") {
    origin.boot_id = "boot 2";
    why = "machine went down";
  }
  SECTION("the journal has other shards") {
    origin.log_ends = {10, 10, 10};
    why = "other shards";
  }
  SECTION("it is no database") {
    file.reset();
    std::ofstream(path) << std::string(10'000, 'x');
    why = "not a database";
  }
  reopen();
  CHECK(file->discarded().find(why) != std::string::npos);
  CHECK_FALSE(file->has(mall, serving));
  CHECK(std::ranges::count(file->positions(mall, aside), 0) ==
        static_cast<std::ptrdiff_t>(origin.log_ends.size()));
}

TEST_CASE_METHOD(views_fixture, "after a clean close the machine may go down", "[views]") {
  serve();
  lay("a", 1);
  REQUIRE(file->close());
  origin.boot_id = "boot 2";
  reopen();
  CHECK(file->discarded().empty());
  CHECK(listed() == keys{"a"});
  origin.boot_id = "boot 3"; // not closed this time
  reopen();
  CHECK_FALSE(file->discarded().empty());
}

TEST_CASE_METHOD(views_fixture,
                 "a new version is filled aside, the others go on, and back is possible",
                 "[views]") {
  serve();
  lay("a", 1, true, serving, {4, 5});
  mall_version = "2";
  reopen();
  CHECK(file->has(products, serving));
  REQUIRE(file->has(mall, aside));
  CHECK(file->positions(mall, aside) == std::vector<sequence_t>{0, 0});
  CHECK(refusal(read()) == failure::kind::unreachable);

  mall_version = "1";
  reopen();
  CHECK(file->positions(mall, serving) == std::vector<sequence_t>{4, 5});
  CHECK(listed() == keys{"a"});

  mall_version = "2";
  reopen();
  lay("b", 2, true, aside);
  REQUIRE(file->serve_aside(mall));
  CHECK(listed() == keys{"b"});
  mall_version = "1";
  reopen();
  CHECK_FALSE(file->has(mall, serving));
}

TEST_CASE_METHOD(views_fixture, "filling aside goes on after a restart", "[views]") {
  lay("a", 1, true, aside, {1, 1});
  reopen();
  CHECK(file->positions(mall, aside) == std::vector<sequence_t>{1, 1});
  serve();
  CHECK(listed(filter().equals("participating", true)) == keys{"a"});
}

TEST_CASE_METHOD(views_fixture, "readers see the old rows until a rebuild has caught up",
                 "[views]") {
  serve();
  lay("old", 1);
  auto reader = view_reader::open(path);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(file->build_aside(mall));
    lay("new", 1, false, aside);
    CHECK(views_fixture::ids(*(*reader)->read(schemas()[mall], {})) ==
          (round == 0 ? keys{"old"} : keys{"new", "newer"}));
    lay("newer", 2, false, aside);
    REQUIRE(file->serve_aside(mall));
    CHECK(views_fixture::ids(*(*reader)->read(schemas()[mall], {})) == keys{"new", "newer"});
  }
  REQUIRE(file->build_aside(mall));
  reopen(); // forgotten: who asked for it asks again
  CHECK_FALSE(file->has(mall, aside));
}

TEST_CASE_METHOD(views_fixture, "trusted positions are told without opening for writing",
                 "[views]") {
  CHECK_FALSE(witness_of(directory.path() + "/none", "boot 1"));
  serve();
  lay("a", 1, true, serving, {4, 5});
  const auto seen = witness_of(path, "boot 1");
  REQUIRE(seen);
  CHECK(seen->lineage == origin.lineage);
  CHECK(seen->positions == std::vector<sequence_t>{4, 5});
  CHECK_FALSE(witness_of(path, "boot 2"));
  REQUIRE(file->close());
  CHECK(witness_of(path, "boot 2"));
  CHECK(witness_of(path, "boot 2"));
}

TEST_CASE_METHOD(views_fixture,
                 "a journal that ends before trusted views is refused, with the shard", "[views]") {
  const auto journal = std::move(*reenact::persistence::open("memory:", {.shards = 2}));
  origin.lineage = journal->about().lineage;
  origin.log_ends = {4, 5};
  reopen(); // of another lineage before
  serve();
  lay("a", 1, true, serving, {0, 1});
  const auto short_of = confirm_log_ends(path, "boot 1", *journal);
  REQUIRE_FALSE(short_of);
  CHECK(short_of.error().text.find("shard 1 ends at 0") != std::string::npos);
  CHECK(confirm_log_ends(path, "boot 2", *journal)); // not to be trusted
  lay("a", 1, true, serving, {0, 0});
  CHECK(confirm_log_ends(path, "boot 1", *journal));
  CHECK(confirm_log_ends(directory.path() + "/none", "boot 1", *journal));
}

TEST_CASE_METHOD(views_fixture, "a row is found by its key however many came after it", "[views]") {
  serve();
  lay("first", 1);
  Store s;
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < key_index::recent_max; ++i) names.push_back(std::to_string(i));
  std::vector<view_change> many;
  for (sequence_t at = 2; const auto& name : names) many.push_back({{100, 0, at++}, name, &s});
  const std::vector<sequence_t> positions{2, 1};
  REQUIRE(file->write(std::vector<view_batch>{{mall, serving, many, positions}}));
  for (int opened = 0; opened < 2; ++opened) {
    for (const auto* key : {"first", "0", "32000", "32767"}) {
      CAPTURE(key);
      CHECK(file->find(mall, serving, key)->has_value());
      CHECK(read(filter().equals("store_id", key))->rows.size() == 1);
    }
    CHECK_FALSE(file->find(mall, serving, "32768")->has_value());
    reopen();
  }
  const std::vector<view_change> gone{{{100, 0, 1}, "first", nullptr, true}};
  REQUIRE(file->write(std::vector<view_batch>{{mall, serving, gone, positions}}));
  CHECK_FALSE(file->find(mall, serving, "first")->has_value());
  lay("first", 40'000);
  CHECK((**file->find(mall, serving, "first")).created.sequence == 40'000);
}
