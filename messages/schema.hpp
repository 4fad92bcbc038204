#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

/// What the descriptors say, asked once. Everything here is immutable after start and thread safe.
namespace reenact::messages {

using descriptor = google::protobuf::Descriptor;
using field = google::protobuf::FieldDescriptor;
using method = google::protobuf::MethodDescriptor;

/// The field marked (model.key), or null: a message without one names no entity (a create, a list).
const field* key_of(const descriptor* message);

/// The id of the entity that an event speaks of: its first field.
std::string id_in(const google::protobuf::Message& event);

/// The rpc that takes requests of this type, by full name; null: none does.
const method* rpc_of(std::string_view request);

std::unique_ptr<google::protobuf::Message> new_message(const descriptor* type);

/// "customers_registered_count", or empty for an rpc whose successes have no counter of their own.
std::string_view counter_of(const method* rpc);

bool is_money(const field* f);
bool is_indexed(const field* f);

/// "storesapi.StoreCreated", or empty for an event, command or reply that has no name in the world.
std::string_view published_name(const descriptor* message);

enum class verb { get, post, put, del };
std::string_view to_string(verb v); // "GET", "POST", "PUT", "DELETE"

/// One line of the routing table: read from the (model.http) option of an rpc.
struct route {
  verb what;
  std::string path; // "/api/stores/{id}": captures are field names of the request
  const method* rpc;
};

/// All routes of all services linked into the program, ordered by path and verb.
std::vector<route> routes();

/// All services that carry (model.module), ordered by the module's name.
std::vector<const google::protobuf::ServiceDescriptor*> services();

} // namespace reenact::messages
