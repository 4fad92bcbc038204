#include "gateway/json_schema.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "gateway/json_plan.hpp"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;
using messages::descriptor;
using messages::field;

object typed(std::string_view type, std::string_view format = {}) {
  object schema{{"type", type}};
  if (!format.empty()) schema["format"] = format;
  return schema;
}

object enum_schema(const google::protobuf::EnumDescriptor* type) {
  array names;
  for (int i = 0; i < type->value_count(); ++i) names.emplace_back(type->value(i)->name());
  return {{"type", "string"}, {"enum", std::move(names)}, {"default", type->value(0)->name()}};
}

} // namespace

std::string definition_name(const descriptor* type) {
  const auto& name = type->full_name();
  const auto last = name.rfind('.');
  const auto before = last == 0 ? name.npos : name.rfind('.', last - 1);
  const auto start = before == name.npos ? 0 : before + 1;
  return name.substr(start, last - start) + name.substr(last + 1);
}

json_schemas::json_schemas(std::string_view prefix) : prefix_(prefix) {}

object json_schemas::error() {
  collected_["protobufAny"] = {{"type", "object"},
                               {"properties", {{"@type", typed("string")}}},
                               {"additionalProperties", object()}};
  collected_["rpcStatus"] = {
      {"type", "object"},
      {"properties",
       {{"code", typed("integer", "int32")},
        {"message", typed("string")},
        {"details", {{"type", "array"}, {"items", reference("protobufAny")}}}}}};
  return reference("rpcStatus");
}

object json_schemas::reference(std::string_view name) const {
  return {{"$ref", prefix_ + std::string(name)}};
}

object json_schemas::reference(const descriptor* type) {
  const auto name = definition_name(type);
  // Its place is taken first, so that a type may speak of itself.
  if (collected_.emplace(name, nullptr).second) {
    std::vector<const field*> fields;
    fields.reserve(static_cast<std::size_t>(type->field_count()));
    for (int i = 0; i < type->field_count(); ++i) fields.push_back(type->field(i));
    auto schema = object_of(fields);
    collected_[name] = std::move(schema);
  }
  return reference(name);
}

object json_schemas::object_of(const std::vector<const field*>& fields) {
  auto schema = typed("object");
  object properties;
  for (const auto* f : fields) properties[f->json_name()] = of(f);
  if (!properties.empty()) schema["properties"] = std::move(properties);
  return schema;
}

object json_schemas::of(const field* f) {
  if (!f->is_repeated()) return of_one(f);
  return {{"type", "array"}, {"items", of_one(f)}};
}

object json_schemas::of_one(const field* f) {
  switch (f->cpp_type()) {
    case field::CPPTYPE_INT32: return typed("integer", "int32");
    case field::CPPTYPE_UINT32: return typed("integer", "int64");
    case field::CPPTYPE_INT64:
      return messages::is_money(f) ? typed("number", "double") : typed("string", "int64");
    case field::CPPTYPE_UINT64: return typed("string", "uint64");
    case field::CPPTYPE_DOUBLE: return typed("number", "double");
    case field::CPPTYPE_FLOAT: return typed("number", "float");
    case field::CPPTYPE_BOOL: return typed("boolean");
    case field::CPPTYPE_STRING:
      return typed("string", f->type() == field::TYPE_BYTES ? "byte" : "");
    case field::CPPTYPE_ENUM: return enum_schema(f->enum_type());
    case field::CPPTYPE_MESSAGE: break;
  }
  return is_timestamp(f) ? typed("string", "date-time") : reference(f->message_type());
}

} // namespace reenact::gateway
