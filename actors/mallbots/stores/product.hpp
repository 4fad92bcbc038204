#pragma once

#include "actors/mallbots/stores/store.hpp"
#include "messages/mallbots/stores/product.pb.h"

namespace mallbots::stores {

/// A product of a store, from its addition to its removal from the catalogue.
struct product {
  using state = Product;
  using creates = types<AddProductRequest>;
  using commands = types<RebrandProductRequest, IncreaseProductPriceRequest,
                         DecreaseProductPriceRequest, RemoveProductRequest>;
  using queries = types<GetProductRequest>;
  using events = types<ProductAdded, ProductRebranded, ProductPriceIncreased, ProductPriceDecreased,
                       ProductRemoved>;

  static constexpr auto unknown =
      not_found("stores.product_unknown", "product with that ID does not exist");
  static constexpr auto duplicate =
      invalid("stores.product_duplicate", "the product exists already");
  static constexpr auto no_name =
      invalid("stores.product_no_name", "initializing product: the product name cannot be blank");
  static constexpr auto blank_name =
      invalid("stores.product_blank_name", "the product name cannot be blank");
  static constexpr auto negative_start =
      invalid("stores.product_negative_start",
              "initializing product: the product price cannot be negative");
  static constexpr auto negative_price =
      invalid("stores.product_negative_price", "the product price cannot be negative");
  static constexpr auto price_out_of_range =
      invalid("stores.product_price_out_of_range", "the product price is out of range");
  static constexpr auto not_an_increase =
      invalid("stores.product_not_an_increase", "the price change would be a decrease");
  static constexpr auto not_a_decrease =
      invalid("stores.product_not_a_decrease", "the price change would be an increase");

  static bool exists(const state& s) { return !s.removed(); }

  static void needs(const state&, const AddProductRequest& c, const facts&, wants& w) {
    w.want<Store>(c.store_id());
  }

  static decision decide(const state& s, const AddProductRequest& c, const facts& f) {
    if (f.get<Store>(c.store_id()) == nullptr) return store::unknown;
    if (c.name().empty()) return no_name;
    if (c.price() < 0) return negative_start;
    if (out_of_range(c.price())) return price_out_of_range;
    return from<ProductAdded>(s, c);
  }

  static decision decide(const state& s, const RebrandProductRequest& c) {
    if (c.name().empty()) return blank_name;
    return from<ProductRebranded>(s, c);
  }

  static decision decide(const state& s, const IncreaseProductPriceRequest& c) {
    if (c.price() < 0) return negative_price;
    if (out_of_range(c.price())) return price_out_of_range;
    if (to_money(c.price()) < s.price()) return not_an_increase;
    return repriced<ProductPriceIncreased>(s, c.price());
  }

  static decision decide(const state& s, const DecreaseProductPriceRequest& c) {
    if (c.price() < 0) return negative_price;
    if (out_of_range(c.price())) return price_out_of_range;
    if (to_money(c.price()) > s.price()) return not_a_decrease;
    return repriced<ProductPriceDecreased>(s, c.price());
  }

  static decision decide(const state& s, const RemoveProductRequest&) {
    return from<ProductRemoved>(s);
  }

  static void evolve(state& s, const ProductAdded& e) { assign(s, e); }
  static void evolve(state& s, const ProductRebranded& e) { assign(s, e); }
  static void evolve(state& s, const ProductPriceIncreased& e) { s.set_price(e.price()); }
  static void evolve(state& s, const ProductPriceDecreased& e) { s.set_price(e.price()); }
  static void evolve(state& s, const ProductRemoved&) { s.set_removed(true); }

private:
  template <class Event>
  static Event repriced(const state& s, double price) {
    auto changed = from<Event>(s);
    changed.set_price(to_money(price));
    changed.set_delta(changed.price() - s.price());
    return changed;
  }
};

} // namespace mallbots::stores
