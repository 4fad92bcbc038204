#include "gateway/catalog_links.hpp"

#include <algorithm>

#include "gateway/operation.hpp"

namespace reenact::gateway {
namespace {

constexpr std::string_view policies = "/catalog/policies/", sagas = "/catalog/sagas/",
                           views = "/catalog/views/";

} // namespace

std::string place_of(const hosted_event& e) {
  return path_to("/catalog/events/", e.producer->name + '.' + e.type->name());
}
std::string place_of(const model::aggregate_type& a) {
  return path_to("/catalog/aggregates/", a.name);
}
std::string place_of(const model::policy_type& p) { return path_to(policies, p.name); }
std::string place_of(const model::saga_type& s) { return path_to(sagas, s.aggregate->name); }
std::string place_of(const model::view_type& v) { return path_to(views, v.name); }

html link_to(const hosted_event& e) { return link(place_of(e), e.type->name()); }
html link_to(const model::aggregate_type& a) { return link(place_of(a), a.name); }
html link_to(const model::policy_type& p) { return link(place_of(p), p.name); }
html link_to(const model::saga_type& s) { return link(place_of(s), s.aggregate->name); }
html link_to(const model::view_type& v) { return link(place_of(v), v.name); }

html link_to(const consumer& c) {
  switch (c.what) {
    case consumer::kind::policy: return link(path_to(policies, c.name), c.name);
    case consumer::kind::saga: return link(path_to(sagas, c.name), c.name);
    case consumer::kind::view: return link(path_to(views, c.name), c.name);
  }
  return {};
}

html link_to_module(std::string_view name) { return link(path_to("/catalog/#", name), name); }

html links_to(const context_map& in, const messages::descriptor* event) {
  html all;
  for (const auto& e : in.events)
    if (e.type == event) all += (all.empty() ? html() : said(", ")) + link_to(e);
  return all.empty() ? said(event->name()) : all;
}

html link_to_route(const messages::descriptor* request) {
  html all;
  for (const auto& o : operations()) {
    if (o.rpc->input_type() != request) continue;
    std::string verb;
    for (const char c : o.verb) verb += static_cast<char>(c - 'a' + 'A');
    const auto place = '/' + o.module + "-spec/#" + path_to("/", o.tag) + path_to("/", o.id);
    all += (all.empty() ? html() : said(", ")) + link(place, verb + ' ' + o.path);
  }
  return all.empty() ? said("no route: asked within the node") : all;
}

const model::saga_type* saga_of_policy(const model::registry& hosted, std::string_view policy) {
  const auto at = std::ranges::find_if(hosted.sagas(), [&](const auto& s) {
    return s.starter() == policy || s.stepper() == policy;
  });
  return at == hosted.sagas().end() ? nullptr : &*at;
}

} // namespace reenact::gateway
