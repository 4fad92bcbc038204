#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/util/time_util.h>

#include "actors/model/decision.hpp"

namespace reenact::model {

/// Another entity's state that a command must see before it can be decided (protocols.md D1): named
/// by the state's type and the entity's id.
struct want {
  const descriptor* state;
  std::string entity;
  bool operator==(const want&) const = default;
};

/// What a command wants to know. Filled by an aggregate's `needs`, which is as pure as its
/// `decide`; it may look at the facts it has already got and want more (a product, then the
/// product's store).
class wants {
public:
  template <class State>
  void want(std::string_view entity) {
    struct want w {
      State::descriptor(), std::string(entity)
    };
    if (!entity.empty() && std::ranges::find(list_, w) == list_.end())
      list_.push_back(std::move(w));
  }

  std::vector<struct want>& list() { return list_; }

private:
  std::vector<struct want> list_;
};

/// A time that the operator may change: its key in the configuration, and what it is else.
struct setting {
  std::string_view key;
  std::chrono::microseconds fallback;
};
using settings = std::map<std::string, std::chrono::microseconds, std::less<>>;

/// The states that were fetched for one command, true when read, not when appended; and the time,
/// because `decide` reads no clock.
class facts {
public:
  /// When the command is decided.
  google::protobuf::Timestamp now() const {
    return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(now_us_);
  }
  void set_now(std::int64_t us) { now_us_ = us; }
  std::chrono::microseconds setting(const model::setting& s) const {
    const auto at = settings_ == nullptr ? settings::const_iterator() : settings_->find(s.key);
    return settings_ == nullptr || at == settings_->end() ? s.fallback : at->second;
  }
  void set_settings(const settings& all) { settings_ = &all; }
  std::chrono::microseconds since(const google::protobuf::Timestamp& then) const {
    using google::protobuf::util::TimeUtil;
    return std::chrono::microseconds(now_us_ - TimeUtil::TimestampToMicroseconds(then));
  }

  /// Null when the entity does not exist; asking for what was not wanted is a programming error.
  template <class State>
  const State* get(std::string_view entity) const {
    const auto* found = find(State::descriptor(), entity);
    return found == nullptr ? nullptr : static_cast<const State*>(found->state.get());
  }

  bool has(const want& w) const { return find(w.state, w.entity) != nullptr; }

  /// `state` is null for an entity that does not exist.
  void put(want of, std::shared_ptr<const any_message> state) {
    list_.push_back({std::move(of), std::move(state)});
  }

private:
  struct fact {
    want of;
    std::shared_ptr<const any_message> state;
  };

  const fact* find(const descriptor* state, std::string_view entity) const {
    const auto it = std::ranges::find_if(
        list_, [&](const fact& f) { return f.of.state == state && f.of.entity == entity; });
    return it == list_.end() ? nullptr : &*it;
  }

  std::vector<fact> list_;
  std::int64_t now_us_ = 0;            // since 1970
  const settings* settings_ = nullptr; // null: nothing is changed
};

} // namespace reenact::model
