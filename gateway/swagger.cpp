#include "gateway/swagger.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/json_schema.hpp"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;

object body_of(const operation& o, json_schemas& schemas) {
  // A path that names the entity leaves a body that is no message of its own.
  auto schema =
      o.in_path.empty() ? schemas.reference(o.rpc->input_type()) : schemas.object_of(o.in_body);
  return {{"name", "body"}, {"in", "body"}, {"required", true}, {"schema", std::move(schema)}};
}

object parameter_of(const messages::field* f, std::string_view place, json_schemas& schemas) {
  object parameter{{"name", f->json_name()}, {"in", place}, {"required", place == "path"}};
  for (const auto& [key, value] : schemas.of(f)) parameter[key] = value;
  if (f->is_repeated()) parameter["collectionFormat"] = "multi";
  return parameter;
}

object method_of(const operation& o, json_schemas& schemas) {
  array parameters;
  for (const auto* f : o.in_path) parameters.push_back(parameter_of(f, "path", schemas));
  for (const auto* f : o.in_query) parameters.push_back(parameter_of(f, "query", schemas));
  if (o.has_body()) parameters.push_back(body_of(o, schemas));

  object method;
  if (!o.summary.empty()) method["summary"] = o.summary;
  if (o.rpc->server_streaming()) method["produces"] = array{o.produces()};
  method["operationId"] = o.id;
  method["responses"] = {
      {"200",
       {{"description", "A successful response."},
        {"schema", schemas.reference(o.rpc->output_type())}}},
      {"default", {{"description", "An unexpected error response."}, {"schema", schemas.error()}}}};
  if (!parameters.empty()) method["parameters"] = std::move(parameters);
  method["tags"] = array{o.tag};
  return method;
}

} // namespace

std::string swagger_of(const api_module& m) {
  json_schemas schemas("#/definitions/");
  // Also the answers of rpcs without a route, as the reference's generator does.
  for (int i = 0; i < m.service->method_count(); ++i)
    schemas.reference(m.service->method(i)->output_type());
  object paths;
  for (const auto& o : operations()) {
    if (o.module != m.name) continue;
    if (!paths.contains(o.path)) paths[o.path] = object();
    paths[o.path].as_object()[o.verb] = method_of(o, schemas);
  }
  return boost::json::serialize(object{{"swagger", "2.0"},
                                       {"info", {{"title", m.title}, {"version", "1.0.0"}}},
                                       {"tags", array{{{"name", m.service->name()}}}},
                                       {"basePath", "/"},
                                       {"consumes", array{"application/json"}},
                                       {"produces", array{"application/json"}},
                                       {"paths", std::move(paths)},
                                       {"definitions", schemas.collected()}});
}

} // namespace reenact::gateway
