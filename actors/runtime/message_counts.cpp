#include "actors/runtime/message_counts.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>

#include "messages/schema.hpp"

namespace reenact::runtime {

latencies::seen& latencies::seen::operator+=(const seen& more) {
  std::ranges::transform(counts, more.counts, counts.begin(), std::plus<>());
  sum_s += more.sum_s;
  return *this;
}

std::uint64_t latencies::seen::all() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void latencies::add(duration took) {
  const auto s = std::chrono::duration<double>(took).count();
  const auto at = std::ranges::lower_bound(bounds_s, s) - bounds_s.begin();
  counts_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  sum_us_.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
}

latencies::seen latencies::now() const {
  seen s{.sum_s = static_cast<double>(sum_us_.load(std::memory_order_relaxed)) / 1e6};
  std::ranges::transform(counts_, s.counts.begin(),
                         [](const auto& c) { return c.load(std::memory_order_relaxed); });
  return s;
}

message_counts::message_counts(const model::registry& types) : published_(types.events()) {
  publishers of;
  for (const auto& aggregate : types.aggregates())
    for (const auto& [event, type] : aggregate->events) {
      const auto name = messages::published_name(type.prototype->GetDescriptor());
      if (name.empty()) continue;
      const by_name as{aggregate->module, name};
      published_[type.index] = &sent_[as];
      of.emplace(event, as);
    }
  for (const auto& view : types.views())
    for (const auto& [event, type] : view->events) hear(of, view->module, event, &type);
  for (const auto& policy : types.policies()) {
    bool asks = false;
    for (const auto& [event, reaction] : policy->events) {
      hear(of, policy->module, event, &reaction);
      asks |= static_cast<bool>(reaction.follow);
    }
    if (!asks) continue;
    for (const auto& aggregate : types.aggregates())
      for (const auto& [request, type] : aggregate->requests)
        exchange_of(*policy, *aggregate, type);
  }
}

/// What a module says to itself is no message.
void message_counts::hear(const publishers& of, const std::string& module, const std::string& event,
                          const void* by) {
  const auto known = of.find(event);
  if (known == of.end() || known->second.first == module) return;
  by_.emplace(by, &received_[{module, known->second.second}]);
}

/// Commands with a name in the world are those that sagas send.
void message_counts::exchange_of(const model::policy_type& saga, const model::aggregate_type& with,
                                 const model::request_type& command) {
  const std::string name(messages::published_name(command.request));
  const auto* rpc = messages::rpc_of(command.request->full_name());
  if (name.empty() || rpc == nullptr) return;
  const std::string own(messages::published_name(rpc->output_type()));
  const auto reply = [&](const char* generic) {
    const auto as = own.empty() ? generic : own;
    return exchange::reply{&sent_[{with.module, as}], &received_[{saga.module, as}]};
  };
  exchanges_.emplace(std::pair(&saga, command.request),
                     exchange{.sent = &sent_[{saga.module, name}],
                              .taken = &received_[{with.module, name}],
                              .accepted = reply("am.Success"),
                              .refused = reply("am.Failure")});
}

const message_counts::exchange* message_counts::exchanged(const model::policy_type& by,
                                                          const model::descriptor* command) const {
  const auto at = exchanges_.find({&by, command});
  return at == exchanges_.end() ? nullptr : &at->second;
}

} // namespace reenact::runtime
