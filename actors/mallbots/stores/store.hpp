#pragma once

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/mallbots/stores/store.pb.h"

namespace mallbots::stores {

using namespace storespb;

/// A store of the mall: its name, its place, and whether it takes part in the automated shopping.
struct store {
  using state = Store;
  using creates = types<CreateStoreRequest>;
  using commands =
      types<EnableParticipationRequest, DisableParticipationRequest, RebrandStoreRequest>;
  using queries = types<GetStoreRequest>;
  using events =
      types<StoreCreated, StoreParticipationEnabled, StoreParticipationDisabled, StoreRebranded>;

  static constexpr auto unknown = not_found("stores.store_unknown", "store not found");
  static constexpr auto duplicate = invalid("stores.store_duplicate", "the store exists already");
  static constexpr auto blank_name =
      invalid("stores.store_blank_name", "the store name cannot be blank");
  static constexpr auto blank_location =
      invalid("stores.store_blank_location", "the store location cannot be blank");
  static constexpr auto participating =
      invalid("stores.store_participating", "the store is already participating");
  static constexpr auto not_participating =
      invalid("stores.store_not_participating", "the store is already not participating");

  static decision decide(const state& s, const CreateStoreRequest& c) {
    if (c.name().empty()) return blank_name;
    if (c.location().empty()) return blank_location;
    return from<StoreCreated>(s, c);
  }

  static decision decide(const state& s, const EnableParticipationRequest&) {
    if (s.participating()) return participating;
    auto enabled = from<StoreParticipationEnabled>(s);
    enabled.set_participating(true);
    return enabled;
  }

  static decision decide(const state& s, const DisableParticipationRequest&) {
    if (!s.participating()) return not_participating;
    auto disabled = from<StoreParticipationDisabled>(s);
    disabled.set_participating(false);
    return disabled;
  }

  static decision decide(const state& s, const RebrandStoreRequest& c) {
    if (c.name().empty()) return blank_name;
    return from<StoreRebranded>(s, c);
  }

  static void evolve(state& s, const StoreCreated& e) { assign(s, e); }
  static void evolve(state& s, const StoreParticipationEnabled& e) { assign(s, e); }
  static void evolve(state& s, const StoreParticipationDisabled& e) { assign(s, e); }
  static void evolve(state& s, const StoreRebranded& e) { assign(s, e); }
};

} // namespace mallbots::stores
