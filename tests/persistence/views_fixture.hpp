#pragma once

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"
#include "persistence/views/view_file.hpp"
#include "persistence/views/view_reader.hpp"
#include "tests/persistence/temporary_directory.hpp"

namespace views_tests {

using namespace reenact::persistence;
using mallbots::stores::Product;
using mallbots::stores::Store;
using reenact::messages::filter;
using keys = std::vector<std::string>;

constexpr std::size_t mall = 0, products = 1;
constexpr auto aside = view_side::aside, serving = view_side::serving;

inline view_schema schema(const char* name, const reenact::messages::descriptor* row,
                          const char* version = "1") {
  auto made = schema_of(name, row, version);
  REQUIRE(made);
  return *made;
}

/// Two views over a journal of two shards with ten records each.
struct views_fixture {
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
    const bool known = file->find(mall, side, key)->has_value();
    const std::vector<view_change> changes{{{100, 0, created}, key, &s, known}};
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

inline failure::kind refusal(const result<view_page>& r) {
  REQUIRE_FALSE(r);
  return r.error().what;
}

} // namespace views_tests
