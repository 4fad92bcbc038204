#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "gateway/json_schema.hpp"
#include "gateway/openapi.hpp"
#include "gateway/swagger.hpp"
#include "tests/gateway/every_kind.pb.h"
#include "tests/gateway/swagger_facts.hpp"

using namespace reenact::gateway;

namespace {

json::object swagger(std::string_view name) {
  for (const auto& m : modules())
    if (m.name == name) return json::parse(swagger_of(m)).as_object();
  FAIL("no module " << name);
  return {};
}

/// What the reference's documents say of a module: swagger.contract, without the module's name.
facts contract_of(const std::string& name) {
  std::ifstream file(SWAGGER_CONTRACT);
  facts all;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ' ')) all.insert(line.substr(name.size() + 1));
  return all;
}

facts without(const facts& all, const facts& these) {
  facts rest;
  std::ranges::set_difference(all, these, std::inserter(rest, rest.end()));
  return rest;
}

/// Ends the test at a $ref that leads nowhere.
void follow_references(const json::value& root, const json::value& at) {
  if (const auto* list = at.if_array())
    for (const auto& v : *list) follow_references(root, v);
  const auto* object = at.if_object();
  if (object == nullptr) return;
  for (const auto& [key, v] : *object) {
    if (key == "$ref") {
      CAPTURE(v);
      json::error_code ec;
      REQUIRE(v.as_string().starts_with("#/"));
      CHECK(root.find_pointer(v.as_string().subview(1), ec) != nullptr);
    }
    follow_references(root, v);
  }
}

facts errors_of(const json::value& api, std::string_view verb, std::string_view path) {
  facts found;
  for (const auto& [status, _] : api.at("paths").at(path).at(verb).at("responses").as_object())
    if (status != "200") found.insert(status);
  return found;
}

} // namespace

TEST_CASE("each module's Swagger document says all that the contract's says") {
  for (const auto& m : modules()) {
    const auto ours = facts_of(swagger(m.name));
    const auto contract = contract_of(m.name);
    CAPTURE(m.name);
    const bool has_none = m.name == "notifications" || m.name == "events";
    CHECK((contract.size() > 10 || has_none));
    const auto missing = without(contract, ours);
    CAPTURE(missing);
    CHECK(missing.empty());
  }
}

TEST_CASE("what a Swagger document says beyond the contract is ours on purpose") {
  CHECK(without(facts_of(swagger("customers")), contract_of("customers")) ==
        facts{"answer get /api/customers customerspbGetCustomersResponse",
              "definition customerspbGetCustomersResponse",
              "operation get /api/customers getCustomers Customer",
              "parameter get /api/customers limit query integer/int32",
              "parameter get /api/customers next query string",
              "property customerspbGetCustomersResponse customers [customerspbCustomer]",
              "property customerspbGetCustomersResponse next string",
              "summary get /api/customers Get a list of customers"});
  CHECK(without(facts_of(swagger("stores")), contract_of("stores")) ==
        facts{"parameter get /api/stores limit query integer/int32",
              "parameter get /api/stores next query string",
              "parameter get /api/stores/participating limit query integer/int32",
              "parameter get /api/stores/participating next query string",
              "parameter get /api/stores/{storeId}/products limit query integer/int32",
              "parameter get /api/stores/{storeId}/products next query string",
              "property storespbGetCatalogResponse next string",
              "property storespbGetParticipatingStoresResponse next string",
              "property storespbGetStoresResponse next string"});
  CHECK(without(facts_of(swagger("search")), contract_of("search")) ==
        facts{"property searchpbOrder createdAt string/date-time"});
}

TEST_CASE("every reference in a document leads somewhere") {
  for (const auto& m : modules()) {
    const json::value document = swagger(m.name);
    follow_references(document, document);
  }
  const auto api = json::parse(openapi());
  follow_references(api, api);
}

TEST_CASE("the OpenAPI document has every route, under an id of its own") {
  const auto api = json::parse(openapi());
  CHECK(api.at("openapi") == "3.1.0");
  facts ids;
  std::size_t count = 0;
  for (const auto& [_, verbs] : api.at("paths").as_object())
    for (const auto& [verb, operation] : verbs.as_object()) {
      ids.emplace(operation.at("operationId").as_string());
      ++count;
    }
  CHECK(count == reenact::messages::routes().size());
  CHECK(ids.size() == count);
  CHECK(ids.contains("customers.getCustomer"));
}

TEST_CASE("the OpenAPI document has the errors that an operation may answer") {
  const auto api = json::parse(openapi());
  const facts always{"400", "408", "429", "431", "500", "503", "504"};
  const auto with = [&](facts more) {
    more.insert(always.begin(), always.end());
    return more;
  };
  CHECK(errors_of(api, "get", "/api/customers") == always);
  CHECK(errors_of(api, "get", "/api/customers/{id}") == with({"404"}));
  CHECK(errors_of(api, "post", "/api/customers") == with({"413", "422"}));
  CHECK(errors_of(api, "post", "/api/search/orders") == with({"413"})); // a question
  CHECK(errors_of(api, "put", "/api/customers/{id}/enable") == with({"404", "412", "413", "422"}));
  CHECK(errors_of(api, "delete", "/api/stores/products/{id}") == with({"404", "412", "422"}));
  // The catalogue of an unknown store is empty; adding to it is refused.
  CHECK(errors_of(api, "get", "/api/stores/{storeId}/products") == always);
  CHECK(errors_of(api, "post", "/api/stores/{storeId}/products") == with({"404", "413", "422"}));
}

TEST_CASE("each kind of field has the schema of its JSON") {
  json_schemas schemas("#/definitions/");
  schemas.reference(testing::EveryKind::descriptor());
  const auto found = facts_of({{"definitions", schemas.collected()}});
  for (const auto* fact :
       {"real number/double", "shortReal number/float", "i32 integer/int32", "i64 string/int64",
        "u64 string/uint64", "flag boolean", "plainText string", "rawBytes string/byte",
        "colour RED|GREEN|BLUE", "createdAt string/date-time", "inner testingEveryKind",
        "as-declared string", "i64s [string/int64]", "stamps [string/date-time]",
        "inners [testingEveryKind]"}) {
    CAPTURE(fact);
    CHECK(found.contains("property testingEveryKind " + std::string(fact)));
  }
}

TEST_CASE("a definition is named after the last two parts of its type's name") {
  CHECK(definition_name(testing::EveryKind::descriptor()) == "testingEveryKind");
  CHECK(definition_name(testing::EveryKind::Inside::descriptor()) == "EveryKindInside");
}

TEST_CASE("live events are told as a stream") {
  const auto openapi_says = json::parse(openapi());
  const auto& answer = openapi_says.at_pointer("/paths/~1api~1events/get/responses/200/content");
  CHECK(answer.as_object().contains("text/event-stream"));
  const auto swagger_says = swagger("events");
  CHECK(swagger_says.at("paths").at("/api/events").at("get").at("produces").at(0) ==
        "text/event-stream");
}
