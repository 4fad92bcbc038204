#include "gateway/openapi.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <google/protobuf/descriptor.pb.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/json_schema.hpp"
#include "gateway/operation.hpp"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;

bool changes(const operation& o) {
  using google::protobuf::MethodOptions;
  return o.verb != "get" && o.rpc->options().idempotency_level() != MethodOptions::NO_SIDE_EFFECTS;
}
bool names_entity(const operation& o) { return messages::key_of(o.rpc->input_type()) != nullptr; }
bool always(const operation&) { return true; }
bool may_miss(const operation& o) {
  // A list below an unknown parent is empty; everything else that a path names has to be there.
  return names_entity(o) || (changes(o) && !o.in_path.empty());
}
bool has_body(const operation& o) { return o.has_body(); }
bool changes_entity(const operation& o) { return changes(o) && names_entity(o); }

/// An answer that is no success, and who may give it. Codes are gRPC's, in the body's `code`.
struct error_answer {
  std::string_view status, description;
  bool (*applies)(const operation&);
};

constexpr std::array errors{
    error_answer{"400", "The request is malformed, or a rule refuses it (code 3).", always},
    error_answer{"404", "There is nothing with this id (code 5).", may_miss},
    error_answer{"408", "The request took too long to arrive (code 4).", always},
    error_answer{"412", "If-Match names another version than the entity has (code 9).",
                 changes_entity},
    error_answer{"413", "The body is larger than 1 MiB (code 8).", has_body},
    error_answer{"422", "The idempotency key was used for another request (code 3).", changes},
    error_answer{"429", "Too busy; not executed, repeat after Retry-After (code 8).", always},
    error_answer{"431", "The header is larger than 16 KiB (code 3).", always},
    error_answer{"500", "We are wrong (code 13).", always},
    error_answer{"503", "Cannot serve now; not executed, repeat after Retry-After (code 14).",
                 always},
    error_answer{"504",
                 "The outcome is unknown; repeat only with the same Idempotency-Key (code 4).",
                 always}};

object content_of(object schema, std::string_view type = "application/json") {
  return {{type, {{"schema", std::move(schema)}}}};
}

object header_of(std::string_view name, std::string_view description) {
  return {{"name", name},
          {"in", "header"},
          {"description", description},
          {"schema", {{"type", "string"}}}};
}

object parameter_of(const messages::field* f, std::string_view place, json_schemas& schemas) {
  return {{"name", f->json_name()},
          {"in", place},
          {"required", place == "path"},
          {"schema", schemas.of(f)}};
}

array parameters_of(const operation& o, json_schemas& schemas) {
  array parameters;
  for (const auto* f : o.in_path) parameters.push_back(parameter_of(f, "path", schemas));
  for (const auto* f : o.in_query) parameters.push_back(parameter_of(f, "query", schemas));
  if (changes(o)) parameters.push_back(object{{"$ref", "#/components/parameters/Idempotency-Key"}});
  if (changes_entity(o)) parameters.push_back(object{{"$ref", "#/components/parameters/If-Match"}});
  return parameters;
}

object method_of(const operation& o, json_schemas& schemas) {
  object responses{
      {"200",
       {{"description", "A successful response."},
        {"content", content_of(schemas.reference(o.rpc->output_type()), o.produces())}}}};
  for (const auto& e : errors)
    if (e.applies(o))
      responses[e.status] = {{"$ref", "#/components/responses/" + std::string(e.status)}};

  object method;
  if (!o.summary.empty()) method["summary"] = o.summary;
  // Modules share names ("getOrder"), a document may not.
  method["operationId"] = o.module + '.' + o.id;
  method["tags"] = array{o.tag};
  if (auto parameters = parameters_of(o, schemas); !parameters.empty())
    method["parameters"] = std::move(parameters);
  if (o.has_body())
    method["requestBody"] = {
        {"content", content_of(o.in_path.empty() ? schemas.reference(o.rpc->input_type())
                                                 : schemas.object_of(o.in_body))}};
  method["responses"] = std::move(responses);
  return method;
}

object components_of(json_schemas& schemas) {
  object responses;
  for (const auto& e : errors)
    responses[e.status] = {{"description", e.description},
                           {"content", content_of(schemas.error())}};
  return {{"schemas", schemas.collected()},
          {"responses", std::move(responses)},
          {"parameters",
           {{"Idempotency-Key", header_of("Idempotency-Key",
                                          "1 to 255 visible ASCII characters; a repeat with the "
                                          "same key is answered, not executed again.")},
            {"If-Match", header_of("If-Match", "The ETag of an earlier answer, or *.")}}}};
}

} // namespace

std::string openapi() {
  json_schemas schemas("#/components/schemas/");
  object paths;
  for (const auto& o : operations()) {
    if (!paths.contains(o.path)) paths[o.path] = object();
    paths[o.path].as_object()[o.verb] = method_of(o, schemas);
  }
  return boost::json::serialize(object{{"openapi", "3.1.0"},
                                       {"info", {{"title", "MallBots"}, {"version", "1.0.0"}}},
                                       {"servers", array{{{"url", "/"}}}},
                                       {"paths", std::move(paths)},
                                       {"components", components_of(schemas)}});
}

} // namespace reenact::gateway
