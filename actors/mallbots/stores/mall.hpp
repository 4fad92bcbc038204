#pragma once

#include "actors/mallbots/stores/product.hpp"
#include "actors/mallbots/stores/store.hpp"

namespace mallbots::stores {

/// All stores, or those that take part in the automated shopping.
struct mall {
  static constexpr auto name = "stores.mall";
  using row = Store;
  using evolves = store;
  using queries = types<GetStoresRequest, GetParticipatingStoresRequest>;

  static filter select(const GetStoresRequest&) { return {}; }
  static filter select(const GetParticipatingStoresRequest&) {
    return filter().equals("participating", true);
  }
};

/// The products of a store, without those that were removed; none for a store that nobody knows.
struct catalog {
  static constexpr auto name = "stores.catalog";
  using row = Product;
  using evolves = product;
  using queries = types<GetCatalogRequest>;

  static filter select(const GetCatalogRequest& q) {
    return filter().equals("store_id", q.store_id());
  }
};

} // namespace mallbots::stores
