#pragma once

#include "gateway/context_map.hpp"
#include "gateway/html.hpp"

/// Where the parts of the catalogue lie, and links there that bear their names.
namespace reenact::gateway {

std::string place_of(const hosted_event& e); ///< "/catalog/events/stores.Store.StoreCreated"
std::string place_of(const model::aggregate_type& a);
std::string place_of(const model::policy_type& p);
std::string place_of(const model::saga_type& s);
std::string place_of(const model::view_type& v);

html link_to(const hosted_event& e);
html link_to(const model::aggregate_type& a);
html link_to(const model::policy_type& p);
html link_to(const model::saga_type& s);
html link_to(const model::view_type& v);
html link_to(const consumer& c);

/// To the module's part of the index.
html link_to_module(std::string_view name);

/// To the events of that type, by whichever aggregate; their name where none is hosted.
html links_to(const context_map& in, const messages::descriptor* event);

/// "PUT /api/stores/{id}/rebrand", to the page where it can be tried; says so when a request has no
/// route.
html link_to_route(const messages::descriptor* request);

/// Null: the policy is none of a saga's.
const model::saga_type* saga_of_policy(const model::registry& hosted, std::string_view policy);

/// Name, number, type and meaning of each field, those of messages within following theirs.
html fields_of(const context_map& in, const messages::descriptor* type);

} // namespace reenact::gateway
