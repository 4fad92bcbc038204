#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <google/protobuf/util/time_util.h>

#include "actors/mallbots/search/orders.hpp"
#include "persistence/views/view_file.hpp"
#include "persistence/views/view_reader.hpp"
#include "tools/bench/random_ids.hpp"

// Searches over many orders beside their bound, the newest page without any filter. Orders go
// through the view's own evolve, searches through its own select; products are drawn unevenly, so
// that one is in every seventh order and most are in few.
using namespace reenact;
using namespace reenact::persistence;
using mallbots::search::orders;
using searchpb::SearchOrdersRequest;

namespace {

using steady = std::chrono::steady_clock;
using google::protobuf::util::TimeUtil;

constexpr std::size_t batch = 16'384, runs = 21;
constexpr std::size_t customers = 50'000, products = 10'000, stores = 500;
constexpr std::int64_t first_us = 1'700'000'000'000'000, apart_us = 250'000;

template <class T>
T checked(result<T> r) {
  if (r) return std::move(*r);
  std::fprintf(stderr, "%s\n", r.error().text.c_str());
  std::exit(1);
}
void checked(const status& s) {
  if (!s) std::exit(1);
}

double seconds_since(steady::time_point begin) {
  return std::chrono::duration<double>(steady::now() - begin).count();
}

class mall {
public:
  explicit mall(std::size_t count)
    : customers_(bench::make_ids(customers)),
      products_(bench::make_ids(products)),
      stores_(bench::make_ids(stores)),
      orders_(bench::make_ids(count)) {}

  std::size_t size() const { return orders_.size(); }
  const std::string& order_id(std::size_t n) const { return orders_[n]; }
  const std::string& customer(std::size_t n) const { return customers_[n]; }
  const std::string& product(std::size_t n) const { return products_[n]; }
  const std::string& store(std::size_t n) const { return stores_[n]; }
  static std::int64_t placed_us(std::size_t n) {
    return first_us + static_cast<std::int64_t>(n) * apart_us;
  }

  mallbots::search::Order order(std::size_t n) {
    mallbots::ordering::OrderCreated e;
    e.set_order_id(orders_[n]);
    e.set_customer_id(customers_[dice_() % customers]);
    e.set_customer_name("Ada Lovelace of the mall");
    *e.mutable_created_at() = TimeUtil::MicrosecondsToTimestamp(placed_us(n));
    for (int i = 0; i < 3; ++i) {
      auto& item = *e.add_items();
      const auto at = static_cast<std::size_t>(std::pow(unit_(dice_), 3) * products);
      item.set_product_id(products_[at]);
      item.set_store_id(stores_[at % stores]);
      item.set_product_name("A thing that is sold");
      item.set_store_name("A store of the mall");
      item.set_price(static_cast<std::int64_t>(-std::log(1 - unit_(dice_)) * 200'000));
      item.set_quantity(1);
      e.set_total(e.total() + item.price());
    }
    mallbots::search::Order row;
    orders::evolve(row, e);
    const auto ended = unit_(dice_);
    if (ended < 0.95)
      orders::evolve(row, mallbots::ordering::OrderCompleted());
    else if (ended < 0.99)
      orders::evolve(row, mallbots::ordering::OrderCanceled());
    return row;
  }

private:
  std::vector<std::string> customers_, products_, stores_, orders_;
  std::mt19937_64 dice_{1};
  std::uniform_real_distribution<double> unit_{0, 1};
};

void fill(const std::string& path, const view_schema& schema, mall& from) {
  const std::vector<sequence_t> ends{from.size()};
  const auto file = checked(view_file::open(path, {{}, ends, "boot"}, {schema}));
  auto begin = steady::now();
  double writing = 0;
  for (std::size_t n = 0; n < from.size();) {
    std::vector<mallbots::search::Order> rows;
    for (; rows.size() < batch && n + rows.size() < from.size();)
      rows.push_back(from.order(n + rows.size()));
    std::vector<view_change> changes;
    for (const auto& r : rows) {
      changes.push_back({{orders::created_us(r), 0, n + 1}, r.order_id(), &r});
      ++n;
    }
    begin = steady::now();
    const view_batch one{0, view_side::aside, changes, ends};
    checked(file->write({&one, 1}));
    writing += seconds_since(begin);
  }
  begin = steady::now();
  checked(file->serve_aside(0));
  std::printf("filled: %zu orders, %.0f a second; indexes of columns after that: %.1f s\n",
              from.size(), double(from.size()) / writing, seconds_since(begin));
  checked(file->close());
  std::printf("the file: %.0f bytes an order\n",
              double(std::filesystem::file_size(path)) / double(from.size()));
}

class searcher {
public:
  searcher(const std::string& path, const view_schema& schema)
    : schema_(schema),
      reader_(checked(view_reader::open(path))) {}

  /// Prints the median and the slowest of some runs, of which the first finds nothing prepared.
  void measure(const char* what, const messages::filter& which) {
    std::vector<double> took;
    std::size_t rows = 0;
    for (std::size_t n = 0; n < runs; ++n) {
      const auto begin = steady::now();
      rows = checked(reader_->read(schema_, which)).rows.size();
      took.push_back(seconds_since(begin) * 1e3);
    }
    const auto slowest = *std::ranges::max_element(took);
    std::ranges::nth_element(took, took.begin() + runs / 2);
    const auto median = took[runs / 2];
    if (bound_ == 0) bound_ = median;
    std::printf("  %-52s %3zu rows %9.3f ms  (slowest %9.3f)  %7.1f x\n", what, rows, median,
                slowest, median / bound_);
  }
  void measure(const char* what, const std::function<void(SearchOrdersRequest::Filters&)>& set,
               std::size_t limit = orders::limit_default) {
    SearchOrdersRequest q;
    set(*q.mutable_filters());
    auto which = std::get<messages::filter>(orders::select(q));
    which.limit = limit;
    measure(what, which);
  }

private:
  const view_schema& schema_;
  std::unique_ptr<view_reader> reader_;
  double bound_ = 0;
};

void search(searcher& s, const mall& in) {
  using filters = SearchOrdersRequest::Filters;
  const auto at = [](std::size_t n) {
    return TimeUtil::MicrosecondsToTimestamp(mall::placed_us(n));
  };
  const auto half = in.size() / 2;
  s.measure("the newest (the bound)", [](filters&) {});
  s.measure(
      "the newest 500", [](filters&) {}, orders::limit_max);
  s.measure("one by its id", messages::filter().equals("order_id", in.order_id(half)));
  s.measure("before the middle of all time", [&](filters& f) { *f.mutable_before() = at(half); });
  s.measure("in an hour long ago", [&](filters& f) {
    *f.mutable_after() = at(half);
    *f.mutable_before() = at(half + 14'400);
  });
  s.measure("of a customer", [&](filters& f) { f.set_customer_id(in.customer(7)); });
  s.measure("of a customer, canceled", [&](filters& f) {
    f.set_customer_id(in.customer(7));
    f.set_status("Canceled");
  });
  s.measure("with the most popular product", [&](filters& f) { f.add_product_ids(in.product(0)); });
  s.measure("with a rare product", [&](filters& f) { f.add_product_ids(in.product(9'990)); });
  s.measure("with any of 100 products", [&](filters& f) {
    for (std::size_t n = 0; n < 100; ++n) f.add_product_ids(in.product(n * 100));
  });
  s.measure("with the most popular product, new", [&](filters& f) {
    f.add_product_ids(in.product(0));
    f.set_status("New");
  });
  s.measure("of a store", [&](filters& f) { f.add_store_ids(in.store(3)); });
  s.measure("of any of 100 stores", [&](filters& f) {
    for (std::size_t n = 0; n < 100; ++n) f.add_store_ids(in.store(n));
  });
  s.measure("completed (most are)", [](filters& f) { f.set_status("Completed"); });
  s.measure("new (one in a hundred is)", [](filters& f) { f.set_status("New"); });
  s.measure("of a status that none has", [](filters& f) { f.set_status("Lost"); });
  s.measure("of more than 100 (a sixth is)", [](filters& f) { f.set_min_total(100); });
  s.measure("of more than 300 (few are)", [](filters& f) { f.set_min_total(300); });
  s.measure("of more than 30000 (none is)", [](filters& f) { f.set_min_total(30'000); });
  s.measure("completed, of more than 300", [](filters& f) {
    f.set_status("Completed");
    f.set_min_total(300);
  });
  s.measure("with the most popular product, a status that none has", [&](filters& f) {
    f.add_product_ids(in.product(0));
    f.set_status("Lost");
  });
  // Two conditions that many orders fulfil, but hardly one both: neither index helps.
  s.measure("worst: the most popular product, more than 220", [&](filters& f) {
    f.add_product_ids(in.product(0));
    f.set_min_total(220);
  });
}

} // namespace

/// search_bench [ORDERS] [DIRECTORY]
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::string directory = argc > 2 ? argv[2] : "./search_bench.data";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const auto path = directory + "/views.sqlite";
  const auto schema = checked(schema_of(orders::name, mallbots::search::Order::descriptor(), "1"));
  mall all(std::max<std::size_t>(count, 100'000));
  fill(path, schema, all);
  searcher s(path, schema);
  search(s, all);
  std::filesystem::remove_all(directory);
}
