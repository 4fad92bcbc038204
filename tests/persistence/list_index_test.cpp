#include <algorithm>

#include <catch2/catch.hpp>

#include "messages/mallbots/search/orders.pb.h"
#include "tests/persistence/views_fixture.hpp"

using namespace views_tests;
using mallbots::search::Order;
using reenact::messages::condition;
using reenact::messages::value;

namespace {

/// One view of orders, which are found by their products and stores, over one shard.
struct orders_fixture {
  temporary_directory directory;
  std::string path = directory.path() + "/views.sqlite";
  const char* version = "1";
  std::unique_ptr<view_file> file = open();

  view_schema orders() const { return schema("orders", Order::descriptor(), version); }
  std::unique_ptr<view_file> open() const {
    auto opened = view_file::open(path, {{}, {100}, "boot"}, {orders()});
    if (!opened) FAIL(opened.error().text);
    return std::move(*opened);
  }
  void reopen() {
    file.reset();
    file = open();
  }

  struct order {
    std::string key;
    sequence_t created;
    keys products{};
    std::string status{};
    std::int64_t total = 0;
  };
  void lay(const order& o, view_side side = serving) { lay(std::vector<order>{o}, side); }
  void lay(const std::vector<order>& all, view_side side = serving) {
    std::vector<Order> rows(all.size());
    std::vector<view_change> changes;
    for (std::size_t n = 0; n < all.size(); ++n) {
      const auto& o = all[n];
      rows[n].set_order_id(o.key);
      for (const auto& p : o.products) rows[n].add_product_ids(p);
      rows[n].set_status(o.status);
      rows[n].set_total(o.total);
      rows[n].set_customer_id("c");
      const bool known = file->find(0, side, o.key)->has_value();
      changes.push_back(
          {{1'000 * static_cast<std::int64_t>(o.created), 0, o.created}, o.key, &rows[n], known});
    }
    write(changes, side);
  }
  void write(const std::vector<view_change>& changes, view_side side = serving) {
    const std::vector<sequence_t> positions{1};
    REQUIRE(file->write(std::vector<view_batch>{{0, side, changes, positions}}));
  }

  result<view_page> read(const filter& which) const {
    auto reader = view_reader::open(path);
    REQUIRE(reader);
    return (*reader)->read(orders(), which);
  }
  keys listed(const filter& which) const {
    const auto page = read(which);
    if (!page) FAIL(page.error().text);
    return ids(*page);
  }
  static keys ids(const view_page& page) {
    keys found;
    for (const auto& bytes : page.rows) {
      Order o;
      REQUIRE(o.ParseFromString(bytes));
      found.push_back(o.order_id());
    }
    return found;
  }
  keys with(std::vector<value> products) const {
    return listed(filter().any_of("product_ids", std::move(products)));
  }
};

} // namespace

TEST_CASE_METHOD(orders_fixture, "rows are found by any value that they repeat, each once",
                 "[views]") {
  REQUIRE(file->serve_aside(0));
  lay({"a", 1, {"hat", "cup"}});
  lay({"b", 2, {"hat", "hat"}});
  lay({"c", 3, {"cup"}});
  lay({"d", 4});
  CHECK(with({"hat"}) == keys{"a", "b"});
  CHECK(with({"cup", "hat"}) == keys{"a", "b", "c"});
  CHECK(with({"cup", "cup"}) == keys{"a", "c"});
  CHECK(with({"pen"}).empty());
  CHECK(with({}).empty());
  CHECK(listed(filter().equals("product_ids", "cup").newest_first()) == keys{"c", "a"});
}

TEST_CASE_METHOD(orders_fixture, "what a row repeats changes with it, and goes with it",
                 "[views]") {
  REQUIRE(file->serve_aside(0));
  lay({"a", 1, {"hat", "cup"}});
  lay({"a", 1, {"cup", "pen"}});
  CHECK(with({"hat"}).empty());
  CHECK(with({"cup"}) == keys{"a"});
  CHECK(with({"pen"}) == keys{"a"});
  write({{{1'000, 0, 1}, "a", nullptr, true}});
  lay({"a", 2, {"hat"}});
  CHECK(with({"cup", "pen", "hat"}) == keys{"a"});
  CHECK(with({"cup", "pen"}).empty());
}

TEST_CASE_METHOD(orders_fixture, "what rows repeat is filled aside, rebuilt and dropped with them",
                 "[views]") {
  lay({"a", 1, {"hat"}}, aside);
  reopen();
  REQUIRE(file->serve_aside(0));
  CHECK(with({"hat"}) == keys{"a"});
  for (int round = 0; round < 3; ++round) {
    REQUIRE(file->build_aside(0));
    lay({"b", 2, {"hat"}}, aside);
    CHECK(with({"hat"}) == (round == 0 ? keys{"a"} : keys{"b"}));
    REQUIRE(file->serve_aside(0));
    CHECK(with({"hat"}) == keys{"b"});
  }
  version = "2";
  reopen();
  lay({"c", 3, {"hat"}}, aside);
  REQUIRE(file->serve_aside(0));
  CHECK(with({"hat"}) == keys{"c"});
}

TEST_CASE_METHOD(orders_fixture, "every condition holds, whichever leads", "[views]") {
  REQUIRE(file->serve_aside(0));
  const auto rows = GENERATE(sequence_t{60}, sequence_t{3'000}); // few, and many for each condition
  std::vector<order> laid;
  for (sequence_t n = 0; n < rows; ++n)
    laid.push_back({std::to_string(n),
                    n + 1,
                    {n % 2 == 0 ? "hat" : "cup", n % 3 == 0 ? "pen" : "ink"},
                    n % 5 == 0 ? "New" : "Old",
                    static_cast<std::int64_t>(n % 7)});
  lay(laid);
  std::vector<condition> all = filter()
                                   .equals("customer_id", "c")
                                   .any_of("product_ids", {"hat", "nib", "pen"})
                                   .any_of("status", {"Old", "Odd"})
                                   .at_least("total", std::int64_t{2})
                                   .at_most("total", std::int64_t{5})
                                   .conditions;
  keys expected;
  for (int n = 0; n < 60; ++n)
    if ((n % 2 == 0 || n % 3 == 0) && n % 5 != 0 && n % 7 >= 2 && n % 7 <= 5 && n >= 10 && n < 50)
      expected.push_back(std::to_string(n));
  REQUIRE(expected.size() > 10);
  for (std::size_t turn = 0; turn < all.size(); ++turn) {
    std::rotate(all.begin(), all.begin() + 1, all.end());
    filter which = filter().created_from(11'000).created_before(51'000);
    which.conditions = all;
    CHECK(listed(which) == expected);
    which.by = filter::order::newest_first;
    CHECK(listed(which) == keys(expected.rbegin(), expected.rend()));
  }
}

TEST_CASE_METHOD(orders_fixture, "what few rows fulfil leads, and keeps the order and the pages",
                 "[views]") {
  REQUIRE(file->serve_aside(0));
  std::vector<order> laid;
  keys expected;
  for (sequence_t n = 1; n < 3'000; ++n) {
    // Totals that grow where time goes back: in order of totals is not in order of creation.
    const bool rare = n % 100 == 0;
    laid.push_back({std::to_string(n),
                    n,
                    {"hat"},
                    rare ? "Odd" : "Old",
                    rare ? 10'000 - static_cast<std::int64_t>(n) : 1});
    if (rare && n <= 2'500) expected.insert(expected.begin(), std::to_string(n));
  }
  lay(laid);
  for (auto which :
       {filter().at_least("total", std::int64_t{7'500}).newest_first(),
        filter().at_least("total", std::int64_t{7'500}).equals("status", "Odd").newest_first(),
        filter()
            .any_of("product_ids", {"hat", "cup"})
            .at_least("total", std::int64_t{7'500})
            .newest_first()}) {
    which.limit = 4;
    keys all;
    do {
      const auto page = read(which);
      REQUIRE(page);
      for (auto& id : ids(*page)) all.push_back(std::move(id));
      which.after = page->next;
    } while (!which.after.empty());
    CHECK(all == expected);
  }
}

TEST_CASE_METHOD(orders_fixture, "pages of rows with any of several values join, by time too",
                 "[views]") {
  REQUIRE(file->serve_aside(0));
  keys expected;
  for (sequence_t n = 1; n < 60; ++n) {
    lay({std::to_string(n), n, {n % 2 == 0 ? "hat" : "cup", n % 3 == 0 ? "pen" : "ink"}});
    if ((n % 2 == 0 || n % 3 == 0) && n >= 5 && n < 55) expected.push_back(std::to_string(n));
  }
  for (const bool newest : {false, true}) {
    filter which =
        filter().any_of("product_ids", {"hat", "pen"}).created_from(5'000).created_before(55'000);
    if (newest) which.by = filter::order::newest_first;
    which.limit = 4;
    keys all;
    do {
      const auto page = read(which);
      REQUIRE(page);
      CHECK(page->rows.size() <= 4);
      for (auto& id : ids(*page)) all.push_back(std::move(id));
      auto other = filter(which).created_before(56'000);
      other.after = page->next;
      if (!page->next.empty()) CHECK(refusal(read(other)) == failure::kind::refused);
      which.after = page->next;
    } while (!which.after.empty());
    CHECK(all == (newest ? keys(expected.rbegin(), expected.rend()) : expected));
  }
}

TEST_CASE_METHOD(orders_fixture, "what a row repeats has no order to ask for", "[views]") {
  REQUIRE(file->serve_aside(0));
  CHECK(refusal(read(filter().at_least("product_ids", "hat"))) == failure::kind::refused);
  CHECK(refusal(read(filter().equals("product_ids", std::int64_t{1}))) == failure::kind::refused);
}
