#include "gateway/async_operation.hpp"

#include <algorithm>
#include <cctype>

#include "gateway/operation.hpp"
#include "messages/model/record.pb.h"
#include "messages/schema.hpp"

namespace reenact::gateway {
namespace {

using collected = std::vector<async_operation>;

std::string first_large(std::string_view text) {
  std::string name(text);
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

async_operation& one_of(collected& all, async_operation otherwise) {
  const auto at = std::ranges::find(all, otherwise.id, &async_operation::id);
  return at != all.end() ? *at : all.emplace_back(std::move(otherwise));
}

void add(collected& all, const hosted_event& e) {
  const auto& producer = *e.producer;
  const std::string name(last_name(producer.name));
  const async_operation sent{.id = first_small(name) + "AggregateEvents",
                             .module = producer.module,
                             .sends = true,
                             .is_events = true,
                             .summary = "What became of a " + name,
                             .channel = event_channel(producer),
                             .description = "Events of " + producer.name,
                             .messages = {}};
  one_of(all, sent).messages.push_back(e.type);
  for (const auto& c : e.consumers) {
    auto taken = sent;
    taken.id = c.name + '.' + sent.id;
    taken.module = c.module;
    taken.sends = false;
    taken.summary =
        "The " + std::string(to_string(c.what)) + " " + c.name + " listens to " + producer.name;
    one_of(all, std::move(taken)).messages.push_back(e.type);
  }
}

void reply_with(async_operation& to, const messages::descriptor* type) {
  if (std::ranges::find(to.replies, type) == to.replies.end()) to.replies.push_back(type);
}

void add(collected& all, const saga_command& c) {
  const auto& saga = c.saga->aggregate->name;
  const auto& taker = c.taker->module;
  const async_operation sent{.id = first_small(last_name(saga)) + first_large(taker) + "Commands",
                             .module = c.saga->aggregate->module,
                             .sends = true,
                             .summary = "What the saga " + saga + " asks of " + taker,
                             .channel = command_channel(taker),
                             .description = "What sagas ask of " + taker,
                             .messages = {},
                             .reply_channel = reply_channel(*c.saga)};
  auto taken = sent;
  taken.id = taker + "-commands." + sent.id;
  taken.module = taker;
  taken.sends = false;
  for (const auto& o : {sent, taken}) {
    auto& there = one_of(all, o);
    there.messages.push_back(c.type);
    reply_with(there, messages::rpc_of(c.type->full_name())->output_type());
  }
}

} // namespace

std::vector<async_operation> async_operations(const context_map& of) {
  collected all;
  for (const auto& e : of.events)
    if (!e.published().empty()) add(all, e);
  for (const auto& c : of.commands) add(all, c);
  for (auto& o : all)
    if (!o.replies.empty()) reply_with(o, ::model::Rejection::descriptor());
  return all;
}

} // namespace reenact::gateway
