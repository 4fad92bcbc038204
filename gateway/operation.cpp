#include "gateway/operation.hpp"

#include <algorithm>
#include <cctype>

#include "messages/model/options.pb.h"

namespace reenact::gateway {
namespace {

using messages::field;

std::string without_service(std::string name) {
  constexpr std::string_view tail = "Service";
  if (name.ends_with(tail)) name.resize(name.size() - tail.size());
  return name;
}

std::string or_else(const std::string& said, const std::string& otherwise) {
  return said.empty() ? otherwise : said;
}

/// Takes `{store_id}` to `{storeId}`, and the field to those that travel in the path.
void lay_path(operation& o, std::string_view path) {
  const auto* request = o.rpc->input_type();
  while (!path.empty()) {
    const auto open = std::min(path.find('{'), path.size());
    o.path += path.substr(0, open);
    path.remove_prefix(open);
    if (path.empty()) return;
    const auto close = path.find('}');
    const auto* f = request->FindFieldByName(std::string(path.substr(1, close - 1)));
    o.in_path.push_back(f);
    o.path += '{' + f->json_name() + '}';
    path.remove_prefix(close + 1);
  }
}

operation operation_of(const messages::route& r) {
  const auto& http = r.rpc->options().GetExtension(::model::http);
  operation o;
  o.module = r.rpc->service()->options().GetExtension(::model::module).name();
  for (const char c : to_string(r.what)) o.verb += static_cast<char>(std::tolower(c));
  o.id = or_else(http.id(), first_small(r.rpc->name()));
  o.tag = or_else(http.tag(), without_service(r.rpc->service()->name()));
  o.summary = http.summary();
  o.rpc = r.rpc;
  lay_path(o, r.path);
  for (int i = 0; i < r.rpc->input_type()->field_count(); ++i) {
    const auto* f = r.rpc->input_type()->field(i);
    if (std::ranges::find(o.in_path, f) == o.in_path.end())
      (o.has_body() ? o.in_body : o.in_query).push_back(f);
  }
  return o;
}

} // namespace

std::string first_small(std::string_view name) {
  std::string text(name);
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

std::vector<operation> operations() {
  std::vector<operation> all;
  for (const auto& route : messages::routes()) all.push_back(operation_of(route));
  return all;
}

std::vector<api_module> modules() {
  std::vector<api_module> all;
  for (const auto* service : messages::services()) {
    const auto& said = service->options().GetExtension(::model::module);
    all.push_back({said.name(), said.title(), service});
  }
  return all;
}

} // namespace reenact::gateway
