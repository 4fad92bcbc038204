#include "persistence/views/view_reader.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "messages/mallbots/customers/customer.pb.h"
#include "tests/persistence/views_fixture.hpp"

using namespace views_tests;

TEST_CASE_METHOD(views_fixture, "a list is in order of creation, whatever came first", "[views]") {
  serve();
  lay("c", 3);
  lay("a", 1);
  lay("b", 2);
  CHECK(listed() == keys{"a", "b", "c"});
  CHECK(listed(filter().newest_first()) == keys{"c", "b", "a"});
}

TEST_CASE_METHOD(views_fixture, "a row that is laid again is replaced, in rows and indexes",
                 "[views]") {
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

TEST_CASE_METHOD(views_fixture, "a row that is gone is in no list and is not found", "[views]") {
  serve();
  lay("a", 1);
  const std::vector<view_change> gone{{{100, 0, 1}, "a", nullptr, true}};
  const std::vector<sequence_t> positions{2, 1};
  REQUIRE(file->write(std::vector<view_batch>{{mall, serving, gone, positions}}));
  CHECK(listed().empty());
  CHECK_FALSE(file->find(mall, serving, "a")->has_value());
}

TEST_CASE_METHOD(views_fixture, "conditions are all held to, by kind", "[views]") {
  serve();
  for (const auto* key : {"a", "b", "c", "d"}) lay(key, static_cast<sequence_t>(*key), *key > 'b');
  CHECK(listed(filter().any_of("store_id", {"a", "d", "x"})) == keys{"a", "d"});
  CHECK(listed(filter().any_of("store_id", {})).empty());
  CHECK(listed(filter().at_least("store_id", "b").at_most("store_id", "c")) == keys{"b", "c"});
  CHECK(listed(filter().at_least("store_id", "b").equals("participating", true)) == keys{"c", "d"});
}

TEST_CASE_METHOD(views_fixture, "rows of one foreign key are all found", "[views]") {
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

TEST_CASE_METHOD(views_fixture, "pages join without gap or repetition while rows come and go",
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

TEST_CASE_METHOD(views_fixture, "a page holds no more rows than its bound, asked for or not",
                 "[views]") {
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

TEST_CASE_METHOD(views_fixture, "a token that is not of this query is refused", "[views]") {
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

TEST_CASE_METHOD(views_fixture, "a query by what is no column, or by another kind, is refused",
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

TEST_CASE_METHOD(views_fixture, "readers see whole transactions only", "[views]") {
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
    const bool known = round > 0;
    const std::vector<view_change> both{{{1, 0, 1}, "a", &s, known}, {{1, 0, 2}, "b", &s, known}};
    REQUIRE(file->write(std::vector<view_batch>{{mall, serving, both, positions}}));
  }
  stop = true;
  beside.join();
  CHECK(torn == 0);
}
