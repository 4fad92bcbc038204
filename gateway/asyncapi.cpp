#include "gateway/asyncapi.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/async_operation.hpp"
#include "gateway/example.hpp"
#include "gateway/json_schema.hpp"
#include "messages/model/record.pb.h"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;
using messages::descriptor;

object reference(std::string_view to) { return {{"$ref", to}}; }

object text(std::string_view description) {
  return {{"type", "string"}, {"description", description}};
}

/// Where events come from and how; where commands stay.
object servers() {
  const object node{{"default", "127.0.0.1:8080"}, {"description", "Where the node listens."}};
  return {{"events",
           {{"host", "{node}"},
            {"pathname", "/api/events"},
            {"protocol", "http"},
            {"title", "Server-Sent Events"},
            {"description",
             "`GET /api/events?module=&type=&entity=` delivers the events as they "
             "become durable, as Server-Sent Events; what is left out does not "
             "narrow the choice. The line `data:` is a CloudEvent 1.0 in JSON whose "
             "`data` is the message's payload. With `Last-Event-ID`, an `id:` of "
             "before, it goes on from there; with `from=start`, from the beginning."},
            {"variables", {{"node", node}}}}},
          {"journal",
           {{"host", "{node}"},
            {"protocol", "reenact"},
            {"title", "Within the node"},
            {"description",
             "Commands of sagas and their replies go from entity to entity through "
             "the journal; nobody outside sends or hears them."},
            {"variables", {{"node", node}}}}}};
}

/// How a client receives what an operation sends.
object event_binding() {
  const object query{{"type", "object"},
                     {"properties",
                      {{"module", text("Events of this module alone: stores.")},
                       {"type", text("Events of this name alone: storesapi.StoreCreated.")},
                       {"entity", text("Events of the entity with this id alone.")}}}};
  return {{"http", {{"method", "GET"}, {"query", query}, {"bindingVersion", "0.3.0"}}}};
}

/// Writes one document: what its operations speak of is collected as they are added.
class writer {
public:
  void add(const async_operation& o) {
    const auto channel = channel_of(o.channel, o.is_events, o.description);
    object operation{{"action", o.sends ? "send" : "receive"},
                     {"channel", reference(channel)},
                     {"title", o.id},
                     {"summary", o.summary},
                     {"tags", array{object{{"name", o.module}}}},
                     {"messages", lay(o.messages, o.channel)}};
    if (!o.replies.empty()) {
      const auto replies = channel_of(o.reply_channel, false, "What became of the saga's commands");
      operation["reply"] = {{"channel", reference(replies)},
                            {"messages", lay(o.replies, o.reply_channel)}};
    }
    if (o.sends && o.is_events)
      operation["bindings"] = reference("#/components/operationBindings/events");
    operations_[o.id] = std::move(operation);
  }

  bool empty() const { return operations_.empty(); }

  std::string finish(const std::string& title) {
    object messages;
    for (auto& [name, message] : messages_) messages[name] = std::move(message);
    object components{{"messages", std::move(messages)},
                      {"schemas", schemas_.collected()},
                      {"operationBindings", {{"events", event_binding()}}}};
    return boost::json::serialize(
        object{{"asyncapi", "3.0.0"},
               {"info",
                {{"title", title + " AsyncAPI"},
                 {"version", "1.0.0"},
                 {"description",
                  "What the modules of MallBots tell each other, as the running "
                  "node hosts it. `GET /api/events?module=&type=&entity=` delivers "
                  "the events. The [catalogue](/catalog/) has also what is internal "
                  "to a module."}}},
               {"defaultContentType", "application/json"},
               {"servers", servers()},
               {"channels", std::move(channels_)},
               {"operations", std::move(operations_)},
               {"components", std::move(components)}});
  }

private:
  std::string channel_of(const std::string& address, bool is_events, std::string_view what) {
    if (!channels_.contains(address))
      channels_[address] = {
          {"address", address},
          {"description", what},
          {"servers", array{reference(is_events ? "#/servers/events" : "#/servers/journal")}},
          {"messages", object()}};
    return "#/channels/" + address;
  }

  /// Lays messages into a channel; the references to them.
  array lay(const std::vector<const descriptor*>& types, const std::string& channel) {
    array references;
    auto& there = channels_[channel].as_object()["messages"].as_object();
    for (const auto* type : types) {
      const auto name = message_name(type);
      const auto place = "#/channels/" + channel + "/messages/" + name;
      collect(name, type);
      there[name] = reference("#/components/messages/" + name);
      if (std::ranges::find(references, reference(place)) == references.end())
        references.push_back(reference(place));
    }
    return references;
  }

  /// Types may share a name, and then say the same: one that is switched on, or off.
  void collect(const std::string& name, const descriptor* type) {
    auto& message = messages_[name];
    const object example{{"name", type->name()}, {"payload", example_of(type)}};
    if (message.empty())
      message = {
          {"name", name},
          {"title", std::string(last_name(name))},
          {"contentType", "application/json"},
          {"payload", type->field_count() == 0 ? schemas_.object_of({}) : schemas_.reference(type)},
          {"examples", array()}};
    auto& examples = message["examples"].as_array();
    if (std::ranges::find(examples, boost::json::value(example)) == examples.end())
      examples.push_back(example);
  }

  json_schemas schemas_{"#/components/schemas/"};
  object channels_, operations_;
  std::map<std::string, object> messages_;
};

} // namespace

std::string message_name(const descriptor* type) {
  if (const auto name = messages::published_name(type); !name.empty()) return std::string(name);
  if (type == ::model::Rejection::descriptor()) return "am.Failure";
  if (type->field_count() == 0) return "am.Success";
  return type->full_name();
}

std::string asyncapi(const context_map& of, std::string_view module) {
  writer document;
  for (const auto& o : async_operations(of))
    if (module.empty() || module == o.module) document.add(o);
  if (document.empty()) return {};
  return document.finish(module.empty() ? "MallBots" : title_of(module));
}

} // namespace reenact::gateway
