#include "messages/schema.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/message.h>

#include "messages/model/options.pb.h"

namespace reenact::messages {
namespace {

using google::protobuf::DescriptorPool;

/// Every service of the program. The database behind the generated pool is the only place that can
/// list its files; listing is not const there because it may build an index first.
std::vector<const google::protobuf::ServiceDescriptor*> all_services() {
  std::vector<const google::protobuf::ServiceDescriptor*> found;
  std::vector<std::string> names;
  auto* files = const_cast<google::protobuf::DescriptorDatabase*>(
      DescriptorPool::internal_generated_database());
  files->FindAllFileNames(&names);
  for (const auto& name : names) {
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; file != nullptr && i < file->service_count(); ++i)
      if (file->service(i)->options().HasExtension(::model::module))
        found.push_back(file->service(i));
  }
  return found;
}

std::optional<route> route_of(const method* rpc) {
  if (!rpc->options().HasExtension(::model::http)) return std::nullopt;
  const auto& http = rpc->options().GetExtension(::model::http);
  switch (http.verb_case()) {
    case ::model::Http::kGet: return route{verb::get, http.get(), rpc};
    case ::model::Http::kPost: return route{verb::post, http.post(), rpc};
    case ::model::Http::kPut: return route{verb::put, http.put(), rpc};
    case ::model::Http::kDelete: return route{verb::del, http.delete_(), rpc};
    case ::model::Http::VERB_NOT_SET: break;
  }
  return std::nullopt;
}

} // namespace

const field* key_of(const descriptor* message) {
  for (int i = 0; i < message->field_count(); ++i)
    if (message->field(i)->options().GetExtension(::model::key)) return message->field(i);
  return nullptr;
}

std::string id_in(const google::protobuf::Message& event) {
  return event.GetReflection()->GetString(event, event.GetDescriptor()->FindFieldByNumber(1));
}

const method* rpc_of(std::string_view request) {
  static const auto all = [] {
    std::map<std::string, const method*, std::less<>> found;
    for (const auto* service : services())
      for (int i = 0; i < service->method_count(); ++i)
        found.emplace(service->method(i)->input_type()->full_name(), service->method(i));
    return found;
  }();
  const auto it = all.find(request);
  return it == all.end() ? nullptr : it->second;
}

std::unique_ptr<google::protobuf::Message> new_message(const descriptor* type) {
  using google::protobuf::MessageFactory;
  return std::unique_ptr<google::protobuf::Message>(
      MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string_view counter_of(const method* rpc) {
  return rpc->options().GetExtension(::model::counter);
}

bool is_money(const field* f) { return f->options().GetExtension(::model::money); }

bool is_indexed(const field* f) { return f->options().GetExtension(::model::index); }

std::string_view published_name(const descriptor* message) {
  return message->options().GetExtension(::model::published_as);
}

std::string_view to_string(verb v) {
  switch (v) {
    case verb::get: return "GET";
    case verb::post: return "POST";
    case verb::put: return "PUT";
    case verb::del: return "DELETE";
  }
  return "";
}

std::vector<const google::protobuf::ServiceDescriptor*> services() {
  auto all = all_services();
  std::ranges::sort(
      all, {}, [](const auto* s) { return s->options().GetExtension(::model::module).name(); });
  return all;
}

std::vector<route> routes() {
  std::vector<route> table;
  for (const auto* service : services())
    for (int i = 0; i < service->method_count(); ++i)
      if (auto r = route_of(service->method(i))) table.push_back(*std::move(r));
  std::ranges::sort(table, {}, [](const route& r) { return std::tie(r.path, r.what); });
  return table;
}

} // namespace reenact::messages
