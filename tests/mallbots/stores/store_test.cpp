#include "actors/mallbots/stores/store.hpp"

#include "tests/given.hpp"

using namespace mallbots::stores;
using reenact::tests::given;
using reenact::tests::pb;

namespace {
const auto created = pb<StoreCreated>("store_id: 'it' name: 'Waldorf' location: 'Level 2'");
const auto opened = pb<StoreParticipationEnabled>("store_id: 'it' participating: true");
} // namespace

TEST_CASE("a new store has a name and a place, and does not take part yet", "[stores]") {
  const auto verdict =
      given<store>().when(pb<CreateStoreRequest>("name: 'Waldorf' location: 'Level 2'"));
  CHECK_FALSE(static_cast<const store::state&>(verdict.state()).participating());
  given<store>().when(pb<CreateStoreRequest>("name: 'Waldorf' location: 'Level 2'")).then(created);
}

TEST_CASE("a store needs a name before a place", "[stores]") {
  given<store>().when(pb<CreateStoreRequest>()).rejected(store::blank_name);
  given<store>().when(pb<CreateStoreRequest>("name: 'Waldorf'")).rejected(store::blank_location);
  CHECK(store::blank_name.text == "the store name cannot be blank");
  CHECK(store::blank_location.text == "the store location cannot be blank");
}

TEST_CASE("a store is created once", "[stores]") {
  given<store>(created)
      .when(pb<CreateStoreRequest>("name: 'Waldorf' location: 'Level 2'"))
      .rejected(store::duplicate);
}

TEST_CASE("a store takes part from when it is enabled until it is disabled", "[stores]") {
  given<store>(created).when(pb<EnableParticipationRequest>()).then(opened);
  given<store>(created, opened)
      .when(pb<DisableParticipationRequest>())
      .then(pb<StoreParticipationDisabled>("store_id: 'it'"));
  given<store>(created, opened, pb<StoreParticipationDisabled>("store_id: 'it'"))
      .when(pb<EnableParticipationRequest>())
      .then(opened);
}

TEST_CASE("participation is not switched twice", "[stores]") {
  given<store>(created, opened)
      .when(pb<EnableParticipationRequest>())
      .rejected(store::participating);
  given<store>(created).when(pb<DisableParticipationRequest>()).rejected(store::not_participating);
  CHECK(store::participating.text == "the store is already participating");
  CHECK(store::not_participating.text == "the store is already not participating");
}

TEST_CASE("a store is rebranded, but not to nothing", "[stores]") {
  given<store>(created)
      .when(pb<RebrandStoreRequest>("id: 'it' name: 'Statler'"))
      .then(pb<StoreRebranded>("store_id: 'it' name: 'Statler'"));
  given<store>(created).when(pb<RebrandStoreRequest>("id: 'it'")).rejected(store::blank_name);
}

TEST_CASE("no command starts a store that was never created", "[stores]") {
  given<store>().when(pb<EnableParticipationRequest>()).rejected(store::unknown);
  given<store>().when(pb<DisableParticipationRequest>()).rejected(store::unknown);
  given<store>().when(pb<RebrandStoreRequest>("name: 'x'")).rejected(store::unknown);
  CHECK(store::unknown.text == "store not found");
  CHECK(store::unknown.code == 5);
}

TEST_CASE("a store is shown as the contract has it", "[stores]") {
  const auto shown =
      given<store>(created, opened).shows<GetStoreResponse>(pb<GetStoreRequest>("id: 'it'"));
  CHECK(shown.ShortDebugString() ==
        R"(store { id: "it" name: "Waldorf" location: "Level 2" participating: true })");
}
