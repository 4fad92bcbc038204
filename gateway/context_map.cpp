#include "gateway/context_map.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "gateway/operation.hpp"

namespace reenact::gateway {
namespace {

/// The first part of every channel's name.
constexpr std::string_view root = "mallbots";

bool means(const std::string& stream_type, const model::aggregate_type& producer) {
  return stream_type.empty() || stream_type == producer.name;
}

/// A policy may be a saga's own: then the saga takes the event.
consumer taker(const model::policy_type& p, const messages::descriptor* event,
               const model::registry& hosted) {
  for (const auto& saga : hosted.sagas()) {
    const auto by = [&](std::string_view to_do) {
      return consumer{consumer::kind::saga, saga.aggregate->name, p.module, to_do};
    };
    if (p.name == saga.stepper()) return by("steps");
    if (p.name == saga.starter()) return by(event == saga.starts ? "starts" : "cancels");
  }
  return {consumer::kind::policy, p.name, p.module};
}

std::vector<consumer> consumers_of(const model::aggregate_type& producer,
                                   const messages::descriptor* event,
                                   const model::registry& hosted) {
  std::vector<consumer> all;
  for (const auto& p : hosted.policies())
    if (means(p->stream_type, producer) && p->events.contains(event->full_name()))
      all.push_back(taker(*p, event, hosted));
  for (const auto& v : hosted.views())
    if (means(v->stream_type, producer) && v->events.contains(event->full_name()))
      all.push_back({consumer::kind::view, v->name, v->module});
  std::ranges::sort(all, {}, [](const consumer& c) { return std::tie(c.module, c.name); });
  return all;
}

std::vector<std::string> modules_in(const model::registry& hosted) {
  std::set<std::string> names;
  for (const auto& a : hosted.aggregates()) names.insert(a->module);
  for (const auto& p : hosted.policies()) names.insert(p->module);
  for (const auto& v : hosted.views()) names.insert(v->module);
  return {names.begin(), names.end()};
}

std::string channel(std::string_view module, std::string_view rest) {
  return std::string(root).append(".").append(module).append(".").append(rest);
}

} // namespace

std::string_view to_string(consumer::kind what) {
  switch (what) {
    case consumer::kind::policy: return "policy";
    case consumer::kind::saga: return "saga";
    case consumer::kind::view: return "view";
  }
  return "";
}

context_map::context_map(const model::registry& of) : hosted(of), modules(modules_in(of)) {
  for (const auto& a : of.aggregates())
    for (const auto& [_, event] : a->events) {
      const auto* type = event.prototype->GetDescriptor();
      events.push_back({a.get(), type, consumers_of(*a, type, of)});
    }
  std::ranges::sort(events, {}, [](const hosted_event& e) {
    return std::tuple(e.producer->module, e.producer->name, e.type->index());
  });
  for (const auto& saga : of.sagas()) {
    std::set<const messages::descriptor*> seen;
    for (const auto& step : saga.steps)
      for (const auto* type : {step.run, step.undo})
        if (type != nullptr && seen.insert(type).second)
          commands.push_back({&saga, type, of.find(type).aggregate});
  }
}

std::string_view last_name(std::string_view full) { return full.substr(full.rfind('.') + 1); }

std::string event_channel(const model::aggregate_type& of) {
  return channel(of.module, "events.") + std::string(last_name(of.name));
}

std::string command_channel(std::string_view module) { return channel(module, "commands"); }

std::string reply_channel(const model::saga_type& of) {
  return channel(of.aggregate->module, "replies.") + std::string(last_name(of.aggregate->name));
}

std::string title_of(std::string_view module) {
  const auto all = modules();
  const auto it = std::ranges::find(all, module, &api_module::name);
  return it == all.end() ? std::string(module) : it->title;
}

} // namespace reenact::gateway
