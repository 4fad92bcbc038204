#include "gateway/live_events.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/make_counted.hpp>

#include "gateway/event_place.hpp"

namespace reenact::gateway {
namespace {

std::vector<std::string_view> listed(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) all.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

/// "ordersapi.OrderCreated" is also called "OrderCreated".
bool is_called(std::string_view name, std::string_view asked) {
  return name == asked || name.substr(name.find('.') + 1) == asked;
}

published_events published_by(const model::registry& hosted) {
  published_events all;
  for (const auto& a : hosted.aggregates())
    for (const auto& [full_name, event] : a->events) {
      const auto name = messages::published_name(event.prototype->GetDescriptor());
      if (!name.empty()) all[full_name] = {std::string(name), a->module, event.prototype};
    }
  return all;
}

} // namespace

live_events::live_events(runtime::cluster& to, const replies& with, std::size_t clients_max)
  : cluster_(to),
    replies_(with),
    clients_max_(clients_max),
    known_(std::make_shared<const published_events>(published_by(to.hosted()))),
    clients_(std::make_shared<std::atomic<std::size_t>>(0)) {}

void live_events::handle(exchange e, ::model::FollowEventsRequest request) const {
  if (const auto id = e.header("Last-Event-ID")) request.set_last_event_id(std::string(*id));
  auto held = slot();
  if (held == nullptr)
    return replies_.send_error(std::move(e), 429, 8, "too many clients follow the events",
                               {{"Retry-After", "1"}});
  const auto stream = caf::make_counted<event_stream>(cluster_, known_, std::move(held));
  auto wrong = choose(request, *stream);
  if (wrong.empty()) wrong = place(request, *stream);
  if (!wrong.empty()) return replies_.send_error(std::move(e), 400, 3, wrong);
  replies_.stream(std::move(e), {.content_type = "text/event-stream", .headers = {}},
                  [stream](next_piece to) { stream->produce(std::move(to)); });
}

std::string live_events::choose(const ::model::FollowEventsRequest& asked,
                                runtime::tail_query& q) const {
  const auto modules = listed(asked.module()), types = listed(asked.type());
  for (const auto m : modules)
    if (std::ranges::none_of(*known_, [&](const auto& k) { return k.second.module == m; }))
      return "no module '" + std::string(m) + "' publishes events";
  const auto is_wanted = [&](const published_event& e) {
    return modules.empty() || std::ranges::find(modules, e.module) != modules.end();
  };
  for (const auto t : types) {
    const auto before = q.types.size();
    for (const auto& [full_name, e] : *known_)
      if (is_wanted(e) && is_called(e.name, t)) q.types.insert(full_name);
    if (q.types.size() == before) return "no event '" + std::string(t) + "' is published there";
  }
  if (types.empty())
    for (const auto& [full_name, e] : *known_)
      if (is_wanted(e)) q.types.insert(full_name);
  q.entity = asked.entity();
  return {};
}

std::string live_events::place(const ::model::FollowEventsRequest& asked,
                               runtime::tail_query& q) const {
  const auto ends = cluster_.log_ends();
  q.after = ends;
  if (!q.entity.empty()) q.after = {ends[cluster_.shard_of(q.entity)]};
  if (!asked.last_event_id().empty()) {
    const bool ours = read_place_token(asked.last_event_id(), cluster_.lineage(), q.after) &&
                      std::ranges::all_of(
                          q.after, [&](const auto& p) { return p.second <= ends[p.first].second; });
    return ours ? "" : "the last event id is none of this journal and this question";
  }
  if (asked.from() == "start") {
    for (auto& [shard, sequence] : q.after) sequence = 0;
    return {};
  }
  return asked.from().empty() ? "" : "from must be start, or left out";
}

std::shared_ptr<void> live_events::slot() const {
  if (clients_->fetch_add(1) >= clients_max_) {
    --*clients_;
    return nullptr;
  }
  return {clients_.get(), [all = clients_](void*) { --*all; }};
}

} // namespace reenact::gateway
