#include "actors/model/view.hpp"

#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/stores/product.hpp"
#include "actors/mallbots/stores/store.hpp"
#include "tests/given.hpp"

using namespace reenact::model;
using mallbots::stores::Product;
using mallbots::stores::ProductAdded;
using mallbots::stores::ProductRemoved;
using mallbots::stores::StoreRebranded;
using reenact::tests::pb;

namespace {

/// Rows that are no aggregate's states: reached by key, and by the key of their store.
struct shelf {
  static constexpr auto name = "shelf";
  static constexpr auto version = "7";
  static constexpr std::size_t limit_default = 50, limit_max = 500;
  using row = Product;
  using events = types<ProductAdded, StoreRebranded>;
  using removed_by = types<ProductRemoved>;
  using queries = types<storespb::GetCatalogRequest>;

  static filter select(const storespb::GetCatalogRequest& q) {
    return filter().equals("store_id", q.store_id());
  }
  static void evolve(Product& r, const ProductAdded& e) { reenact::messages::assign(r, e); }
  static void evolve(Product& r, const StoreRebranded& e, const record_info& i) {
    r.set_description(e.name() + " since " + std::to_string(i.stamp_us));
  }
};

filter selected(const view_type& of, const any_message& request) {
  auto which = selection(of, request);
  REQUIRE(std::holds_alternative<filter>(which));
  return std::get<filter>(which);
}

} // namespace

TEST_CASE("a view whose rows are states evolves as the aggregate does", "[view]") {
  registry node;
  mallbots::install(node);
  const auto* catalog = node.answering(storespb::GetCatalogRequest::descriptor());
  REQUIRE(catalog != nullptr);
  CHECK(catalog->stream_type == "stores.Product");
  CHECK(catalog->events.size() == 5);
  Product row;
  const ::model::Metadata none;
  const auto evolve = [&](const any_message& e) {
    catalog->events.at(e.GetTypeName()).evolve(row, e, {.metadata = none});
  };
  evolve(pb<ProductAdded>("product_id: 'p' name: 'n' price: 5"));
  CHECK(row.price() == 5);
  CHECK(catalog->exists(row));
  evolve(ProductRemoved());
  CHECK_FALSE(catalog->exists(row));
}

TEST_CASE("an event reaches the row it names, or those that share its foreign key", "[view]") {
  const auto view = erase_view<shelf>();
  CHECK(view.version == "7");
  CHECK(view.stream_type.empty());
  CHECK(view.events.at("mallbots.stores.ProductAdded").key->name() == "product_id");
  const auto& rebranded = view.events.at("mallbots.stores.StoreRebranded");
  CHECK(rebranded.key == nullptr);
  CHECK(rebranded.foreign->full_name() == "mallbots.stores.StoreRebranded.store_id");
  CHECK(rebranded.shared->full_name() == "mallbots.stores.Product.store_id");
  CHECK(view.events.at("mallbots.stores.ProductRemoved").evolve == nullptr);

  Product row;
  const ::model::Metadata none;
  rebranded.evolve(row, pb<StoreRebranded>("name: 'x'"), {.stamp_us = 12, .metadata = none});
  CHECK(row.description() == "x since 12");
}

TEST_CASE("an event that reaches no row is refused when the view is registered", "[view]") {
  view_type of = erase_view<shelf>();
  view_event stray{&mallbots::stores::Store::default_instance()};
  CHECK_NOTHROW(erased::address(stray, of)); // by its store_id
  view_event lost{&storespb::CreateStoreResponse::default_instance()};
  CHECK_THROWS_WITH(erased::address(lost, of),
                    "storespb.CreateStoreResponse reaches no row of the view shelf");
}

TEST_CASE("two views may not have one name, or answer one query", "[view]") {
  registry node;
  node.view<shelf>();
  CHECK_THROWS_WITH(node.view<shelf>(), "two views are called shelf");
  registry shop;
  mallbots::install(shop);
  CHECK_THROWS_WITH(shop.view<shelf>(), "two views answer storespb.GetCatalogRequest");
}

namespace {

struct lost : shelf {
  using queries = types<>;
  using finds = types<storespb::GetStoresRequest>;
  static constexpr auto unknown = not_found("lost", "lost");
};

} // namespace

TEST_CASE("a view that would find a row by a request without a key is refused", "[view]") {
  registry node;
  CHECK_THROWS_WITH(node.view<lost>(), "shelf finds nothing by a storespb.GetStoresRequest");
}

TEST_CASE("limit and next are read from the request, within the view's bounds", "[view]") {
  const auto view = erase_view<shelf>();
  const auto which = selected(view, pb<storespb::GetCatalogRequest>("store_id: 's' next: 't'"));
  CHECK(which.limit == 50);
  CHECK(which.after == "t");
  REQUIRE(which.conditions.size() == 1);
  CHECK(std::get<std::string>(which.conditions[0].values[0]) == "s");
  CHECK(selected(view, pb<storespb::GetCatalogRequest>("limit: 7")).limit == 7);
  CHECK(selected(view, pb<storespb::GetCatalogRequest>("limit: 501")).limit == 500);
  CHECK(std::holds_alternative<rejection>(
      selection(view, pb<storespb::GetCatalogRequest>("limit: -1"))));
}
