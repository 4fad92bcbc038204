#include "tests/gateway/swagger_facts.hpp"

#include <string_view>

namespace reenact::gateway {
namespace {

std::string text(const json::value& v) { return std::string(v.as_string()); }

/// "string", "integer/int32", "[storespbStore]", "RED|GREEN".
std::string type_of(const json::object& schema) {
  if (const auto* reference = schema.if_contains("$ref"))
    return text(*reference).substr(text(*reference).rfind('/') + 1);
  if (const auto* items = schema.if_contains("items"))
    return '[' + type_of(items->as_object()) + ']';
  std::string type;
  if (const auto* choices = schema.if_contains("enum")) {
    for (const auto& c : choices->as_array()) type += (type.empty() ? "" : "|") + text(c);
    return type;
  }
  type = text(schema.at("type"));
  if (const auto* format = schema.if_contains("format")) type += '/' + text(*format);
  return type;
}

void add_properties(facts& to, const std::string& what, const json::object& schema) {
  if (const auto* properties = schema.if_contains("properties"))
    for (const auto& [name, property] : properties->as_object())
      to.insert(what + ' ' + std::string(name) + ' ' + type_of(property.as_object()));
}

void add_parameter(facts& to, const std::string& where, const json::object& p) {
  if (p.at("in") != "body") {
    to.insert("parameter " + where + ' ' + text(p.at("name")) + ' ' + text(p.at("in")) + ' ' +
              type_of(p));
    return;
  }
  const auto& schema = p.at("schema").as_object();
  to.insert("body " + where + ' ' + type_of(schema));
  add_properties(to, "body " + where, schema);
}

void add_operation(facts& to, const std::string& where, const json::object& o) {
  to.insert("operation " + where + ' ' + text(o.at("operationId")) + ' ' +
            text(o.at("tags").at(0)));
  if (const auto* summary = o.if_contains("summary"))
    to.insert("summary " + where + ' ' + text(*summary));
  const auto& responses = o.at("responses").as_object();
  to.insert("answer " + where + ' ' + type_of(responses.at("200").at("schema").as_object()));
  if (type_of(responses.at("default").at("schema").as_object()) != "rpcStatus")
    to.insert("error " + where + " is not rpcStatus");
  if (const auto* parameters = o.if_contains("parameters"))
    for (const auto& p : parameters->as_array()) add_parameter(to, where, p.as_object());
}

} // namespace

facts facts_of(const json::object& document) {
  facts found;
  if (const auto* info = document.if_contains("info")) {
    found.insert("title " + text(info->at("title")) + ' ' + text(info->at("version")));
    found.insert("service " + text(document.at("tags").at(0).at("name")));
    for (const auto& [path, verbs] : document.at("paths").as_object())
      for (const auto& [verb, o] : verbs.as_object())
        add_operation(found, std::string(verb) + ' ' + std::string(path), o.as_object());
  }
  for (const auto& [name, schema] : document.at("definitions").as_object()) {
    found.insert("definition " + std::string(name));
    add_properties(found, "property " + std::string(name), schema.as_object());
  }
  return found;
}

} // namespace reenact::gateway
