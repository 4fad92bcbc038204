#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/model/registry.hpp"
#include "actors/runtime/clock.hpp"

namespace reenact::runtime {

using message_counter = std::atomic<std::uint64_t>;

/// How often something took how long, in fixed buckets. Thread safe, without locks.
class latencies {
public:
  static constexpr std::array<double, 9> bounds_s{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

  /// Of several, or of one.
  struct seen {
    std::array<std::uint64_t, bounds_s.size() + 1> counts{}; ///< the last is of what took longer
    double sum_s = 0;

    seen& operator+=(const seen& more);
    std::uint64_t all() const;
  };

  void add(duration took);
  seen now() const;

private:
  std::array<message_counter, bounds_s.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

/// A message at who received it, by whether that ended well.
struct received_message {
  latencies handled, failed;
};

/// The published events of one command, until they are durable. A few need no memory of their own.
class sent_events {
public:
  void add(message_counter& c) {
    if (few_ < first_.size())
      first_[few_++] = &c;
    else
      more_.push_back(&c);
  }
  void count() const {
    for (std::size_t i = 0; i < few_; ++i) first_[i]->fetch_add(1, std::memory_order_relaxed);
    for (auto* c : more_) c->fetch_add(1, std::memory_order_relaxed);
  }

private:
  std::array<message_counter*, 3> first_{};
  std::size_t few_ = 0;
  std::vector<message_counter*> more_;
};

/// What the modules say to each other, counted since the node started under the names that the
/// world knows: published events, the commands of sagas, and the replies to these. Which there are
/// is read from the registry, so that all are there from the start. Thread safe, and without locks;
/// sees the node.
class message_counts {
public:
  /// A command of a saga's step on its way there and back. A refusal is an answer, too.
  struct exchange {
    struct reply {
      message_counter* sent;
      received_message* heard;
    };
    message_counter* sent;
    received_message* taken;
    reply accepted, refused;
  };
  using by_name = std::pair<std::string, std::string>; ///< module and message

  explicit message_counts(const model::registry& types);
  message_counts(const message_counts&) = delete;
  message_counts& operator=(const message_counts&) = delete;

  /// Null for what stays in its module, as all that follow.
  message_counter* sent(const model::event_type& e) const { return published_[e.index]; }
  received_message* received(const model::reaction& by) const { return find(&by); }
  received_message* received(const model::view_event& by) const { return find(&by); }
  const exchange* exchanged(const model::policy_type& by, const model::descriptor* command) const;

  const std::map<by_name, message_counter>& all_sent() const { return sent_; }
  const std::map<by_name, received_message>& all_received() const { return received_; }

private:
  using publishers = std::map<std::string, by_name, std::less<>>; ///< by the event's full name

  void hear(const publishers& of, const std::string& module, const std::string& event,
            const void* by);
  void exchange_of(const model::policy_type& saga, const model::aggregate_type& with,
                   const model::request_type& command);
  received_message* find(const void* by) const {
    const auto at = by_.find(by);
    return at == by_.end() ? nullptr : at->second;
  }

  std::map<by_name, message_counter> sent_; // fixed from the start, as all that follow
  std::map<by_name, received_message> received_;
  std::vector<message_counter*> published_; // by the event's index
  std::unordered_map<const void*, received_message*> by_;
  std::map<std::pair<const model::policy_type*, const model::descriptor*>, exchange> exchanges_;
};

} // namespace reenact::runtime
