#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <catch2/catch.hpp>

#include "messages/mallbots/customers/customer.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"
#include "persistence/open.hpp"
#include "persistence/views/view_file.hpp"
#include "persistence/views/view_reader.hpp"
#include "tests/persistence/temporary_directory.hpp"

namespace {

using namespace reenact::persistence;
using mallbots::stores::Product;
using mallbots::stores::Store;
using reenact::messages::filter;
using keys = std::vector<std::string>;

constexpr std::size_t mall = 0, products = 1;
constexpr auto aside = view_side::aside, serving = view_side::serving;

view_schema schema(const char* name, const reenact::messages::descriptor* row,
                   const char* version = "1") {
  auto made = schema_of(name, row, version);
  REQUIRE(made);
  return *made;
}

/// Two views over a journal of two shards with ten records each.
struct fixture {
  temporary_directory directory;
  std::string path = directory.path() + "/views.sqlite";
  view_origin origin{{1, 2, 3}, {10, 10}, "boot 1"};
  std::string mall_version = "1";
  std::unique_ptr<view_file> file = open();

  std::vector<view_schema> schemas() const {
    return {schema("mall", Store::descriptor(), mall_version.c_str()),
            schema("catalog", Product::descriptor())};
  }
  std::unique_ptr<view_file> open() {
    auto opened = view_file::open(path, origin, schemas());
    if (!opened) FAIL(opened.error().text);
    return std::move(*opened);
  }
  void reopen() {
    file.reset();
    file = open();
  }

  /// A store that was created by the record with this sequence in shard 0.
  void lay(const std::string& key, sequence_t created, bool participating = false,
           view_side side = serving, std::vector<sequence_t> positions = {1, 1}) {
    Store s;
    s.set_store_id(key);
    s.set_participating(participating);
    const std::vector<view_change> changes{{{100, 0, created}, key, &s}};
    const std::vector<view_batch> batches{{mall, side, changes, positions}};
    REQUIRE(file->write(batches));
  }
  void serve() {
    REQUIRE(file->serve_aside(mall));
    REQUIRE(file->serve_aside(products));
  }
  result<view_page> read(const filter& which = {}) {
    auto reader = view_reader::open(path);
    REQUIRE(reader);
    return (*reader)->read(schemas()[mall], which);
  }
  keys listed(const filter& which = {}) {
    auto page = read(which);
    REQUIRE(page);
    return ids(*page);
  }
  static keys ids(const view_page& page) {
    keys found;
    for (const auto& bytes : page.rows) {
      Store s;
      REQUIRE(s.ParseFromString(bytes));
      found.push_back(s.store_id());
    }
    return found;
  }
};

failure::kind refusal(const result<view_page>& r) {
  REQUIRE_FALSE(r);
  return r.error().what;
}

} // namespace

TEST_CASE_METHOD(fixture, "a list is in order of creation, whatever came first", "[views]") {
  serve();
  lay("c", 3);
  lay("a", 1);
  lay("b", 2);
  CHECK(listed() == keys{"a", "b", "c"});
  CHECK(listed(filter().newest_first()) == keys{"c", "b", "a"});
}

TEST_CASE_METHOD(fixture, "a row that is laid again is replaced, in rows and indexes", "[views]") {
  serve();
  lay("a", 1, false);
  lay("a", 1, true);
  CHECK(listed() == keys{"a"});
  CHECK(listed(filter().equals("participating", true)) == keys{"a"});
  CHECK(listed(filter().equals("participating", false)).empty());
  const auto found = file->find(mall, serving, "a");
  REQUIRE((found && *found));
  CHECK((**found).created == creation{100, 0, 1});
}

TEST_CASE_METHOD(fixture, "a row that is gone is in no list and is not found", "[views]") {
  serve();
  lay("a", 1);
  const std::vector<view_change> gone{{{100, 0, 1}, {}, nullptr}};
  const std::vector<sequence_t> positions{2, 1};
  REQUIRE(file->write(std::vector<view_batch>{{mall, serving, gone, positions}}));
  CHECK(listed().empty());
  CHECK_FALSE(file->find(mall, serving, "a")->has_value());
}

TEST_CASE_METHOD(fixture, "conditions are all held to, by kind", "[views]") {
  serve();
  for (const auto* key : {"a", "b", "c", "d"}) lay(key, static_cast<sequence_t>(*key), *key > 'b');
  CHECK(listed(filter().any_of("store_id", {"a", "d", "x"})) == keys{"a", "d"});
  CHECK(listed(filter().any_of("store_id", {})).empty());
  CHECK(listed(filter().at_least("store_id", "b").at_most("store_id", "c")) == keys{"b", "c"});
  CHECK(listed(filter().at_least("store_id", "b").equals("participating", true)) == keys{"c", "d"});
}

TEST_CASE_METHOD(fixture, "rows of one foreign key are all found", "[views]") {
  Product p;
  p.set_store_id("s-1");
  const std::vector<view_change> three{
      {{1, 0, 1}, "p-1", &p}, {{1, 0, 2}, "p-2", &p}, {{1, 0, 3}, "p-3", &p}};
  const std::vector<sequence_t> positions{3, 0};
  REQUIRE(file->write(std::vector<view_batch>{{products, aside, three, positions}}));
  std::vector<sequence_t> found;
  REQUIRE(file->find_all(products, aside, Product::descriptor()->FindFieldByName("store_id"), "s-1",
                         [&](const found_row& r) { found.push_back(r.created.sequence); }));
  std::ranges::sort(found);
  CHECK(found == std::vector<sequence_t>{1, 2, 3});
}

TEST_CASE_METHOD(fixture, "pages join without gap or repetition while rows come and go",
                 "[views]") {
  serve();
  for (sequence_t n = 10; n < 60; ++n) lay("s" + std::to_string(n), n, n % 3 != 0);
  for (const bool newest : {false, true}) {
    filter which = filter().equals("participating", true);
    if (newest) which.by = filter::order::newest_first;
    which.limit = 7;
    keys all;
    do {
      const auto page = read(which);
      REQUIRE(page);
      CHECK(page->rows.size() <= 7);
      for (auto& id : ids(*page)) all.push_back(std::move(id));
      which.after = page->next;
      lay("s10", 10, all.size() % 2 == 0);
    } while (!which.after.empty());
    std::erase(all, "s10");
    CHECK(std::ranges::is_sorted(all, [&](auto& l, auto& r) { return newest ? r < l : l < r; }));
    CHECK(all.size() == 33);
  }
}

TEST_CASE_METHOD(fixture, "a page holds no more rows than its bound, asked for or not", "[views]") {
  serve();
  std::vector<Store> rows(view_reader::page_rows_max + 1);
  std::vector<view_change> changes;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    rows[n].set_store_id(std::to_string(n));
    changes.push_back({{1, 0, n + 1}, rows[n].store_id(), &rows[n]});
  }
  const std::vector<sequence_t> positions{10, 10};
  REQUIRE(file->write(std::vector<view_batch>{{mall, serving, changes, positions}}));
  for (const std::size_t limit : {std::size_t{0}, rows.size(), view_reader::page_rows_max}) {
    filter which;
    which.limit = limit;
    const auto page = read(which);
    REQUIRE(page);
    CHECK(page->rows.size() == view_reader::page_rows_max);
    which.after = page->next;
    CHECK(listed(which).size() == 1);
  }
}

TEST_CASE_METHOD(fixture, "a token that is not of this query is refused", "[views]") {
  serve();
  for (sequence_t n = 1; n <= 3; ++n) lay(std::to_string(n), n);
  filter one;
  one.limit = 1;
  const auto token = read(one)->next;
  CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
                                "_") == std::string::npos);
  const auto with = [](filter f, std::string after) {
    f.after = std::move(after);
    return f;
  };
  CHECK(listed(with({}, token)) == keys{"2", "3"});
  auto flipped = token;
  flipped[12] = flipped[12] == 'A' ? 'B' : 'A';
  for (const auto& bad : {flipped, std::string("x"), std::string("%%"), token + "AAAA"})
    CHECK(refusal(read(with({}, bad))) == failure::kind::refused);
  CHECK(refusal(read(with(filter().newest_first(), token))) == failure::kind::refused);
  CHECK(refusal(read(with(filter().equals("participating", true), token))) ==
        failure::kind::refused);
}

TEST_CASE_METHOD(fixture, "a query by what is no column, or by another kind, is refused",
                 "[views]") {
  serve();
  CHECK(refusal(read(filter().equals("name", "x"))) == failure::kind::refused);
  CHECK(refusal(read(filter().equals("participating", std::int64_t{1}))) == failure::kind::refused);
  CHECK(refusal(read(filter().any_of(
            "store_id", std::vector<reenact::messages::value>(filter::any_of_max + 1, "x")))) ==
        failure::kind::refused);
}

TEST_CASE("a row without a key, or with an index over what has no order, makes no view",
          "[views]") {
  CHECK_FALSE(schema_of("x", mallbots::stores::StoreCreated::descriptor(), "1"));
  CHECK_FALSE(schema_of("a'b", Store::descriptor(), "1"));
  CHECK(schema("x", Store::descriptor(), "1").version !=
        schema("x", Store::descriptor(), "2").version);
  CHECK(schema("x", Store::descriptor()).version !=
        schema("x", mallbots::customers::Customer::descriptor()).version);
}

TEST_CASE_METHOD(fixture, "after a crash of the process rows and positions go on together",
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

TEST_CASE_METHOD(fixture, "a file that must not be trusted is emptied, and says why", "[views]") {
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

TEST_CASE_METHOD(fixture, "after a clean close the machine may go down", "[views]") {
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

TEST_CASE_METHOD(fixture, "a new version is filled aside, the others go on, and back is possible",
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

TEST_CASE_METHOD(fixture, "filling aside goes on after a restart", "[views]") {
  lay("a", 1, true, aside, {1, 1});
  reopen();
  CHECK(file->positions(mall, aside) == std::vector<sequence_t>{1, 1});
  serve();
  CHECK(listed(filter().equals("participating", true)) == keys{"a"});
}

TEST_CASE_METHOD(fixture, "readers see the old rows until a rebuild has caught up", "[views]") {
  serve();
  lay("old", 1);
  auto reader = view_reader::open(path);
  for (int round = 0; round < 3; ++round) {
    REQUIRE(file->build_aside(mall));
    lay("aside", 1, false, aside);
    CHECK(fixture::ids(*(*reader)->read(schemas()[mall], {})) == keys{round == 0 ? "old" : "new"});
    lay("new", 1, false, aside);
    REQUIRE(file->serve_aside(mall));
    CHECK(fixture::ids(*(*reader)->read(schemas()[mall], {})) == keys{"new"});
  }
  REQUIRE(file->build_aside(mall));
  reopen(); // forgotten: who asked for it asks again
  CHECK_FALSE(file->has(mall, aside));
}

TEST_CASE_METHOD(fixture, "trusted positions are told without opening for writing", "[views]") {
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

TEST_CASE_METHOD(fixture, "a journal that ends before trusted views is refused, with the shard",
                 "[views]") {
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

TEST_CASE_METHOD(fixture, "readers see whole transactions only", "[views]") {
  serve();
  std::atomic<bool> stop = false;
  std::atomic<int> torn = 0, reads = 0;
  std::thread beside([&] {
    auto reader = view_reader::open(path);
    const auto which = schemas()[mall];
    while (!stop) {
      const auto page = (*reader)->read(which, filter().equals("participating", true));
      ++reads;
      if (!page || (!page->rows.empty() && page->rows.size() != 2)) ++torn;
    }
  });
  Store s;
  const std::vector<sequence_t> positions{1, 1};
  for (int round = 0; round < 200 || reads < 200; ++round) {
    s.set_participating(round % 2 == 0);
    const std::vector<view_change> both{{{1, 0, 1}, "a", &s}, {{1, 0, 2}, "b", &s}};
    REQUIRE(file->write(std::vector<view_batch>{{mall, serving, both, positions}}));
  }
  stop = true;
  beside.join();
  CHECK(torn == 0);
}
