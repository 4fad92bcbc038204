#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/model/aggregate.hpp"
#include "actors/model/policy.hpp"
#include "actors/model/saga.hpp"
#include "actors/model/view.hpp"

namespace reenact::model {

/// What a node hosts: modules install their parts into it at start (`install(registry&)` in each
/// module.cpp); afterwards it is immutable and read by all threads.
class registry {
public:
  /// Which aggregate takes a request.
  struct target {
    const aggregate_type* aggregate;
    const request_type* request;
  };

  /// All that `install` adds belongs to this module.
  void module(std::string name, void (*install)(registry&));

  /// Two aggregates that take the same request are a programming error: it throws std::logic_error.
  template <class A>
  void add() {
    add(erase<A>());
  }
  /// The same for two views that answer the same query, or have the same name.
  template <class V>
  void view() {
    add(erase_view<V>());
  }

  /// What `how` returns for an `Event`, an errand or several, is asked of whom it names, once. More
  /// events under the same name are one policy; the same event twice, or two beginnings, throw
  /// std::logic_error.
  template <class Event, class React>
  void on(std::string name, React how, since begins = since::now) {
    add(std::move(name), erased::react<Event>(std::move(how)), begins);
  }
  /// Hosts the sagas of a table, with what begins, steps and cancels them.
  template <class Table>
  void saga() {
    const auto& type = host(erase_saga<Table>());
    sagas_.push_back(described<Table>(type));
    add(starter_of<Table>(sagas_.back()));
    add(steps_of(type));
  }

  /// What the operator says of a module's setting, and what all of them say.
  void set(std::string key, std::chrono::microseconds to) { settings_[std::move(key)] = to; }
  const model::settings& settings() const { return settings_; }
  /// What the operator wants that is off else. Before `install`, which asks.
  void enable(std::string key) { enabled_.insert(std::move(key)); }
  bool enabled(std::string_view key) const { return enabled_.contains(key); }

  /// Null aggregate: no aggregate takes it.
  target find(const descriptor* request) const {
    const auto it = targets_.find(request);
    return it == targets_.end() ? target{} : it->second;
  }
  /// Null: nothing of that state is hosted here.
  const aggregate_type* hosting(const descriptor* state) const;
  const aggregate_type* named(std::string_view stream_type) const;

  /// Null: no view answers it.
  const view_type* answering(const descriptor* request) const {
    const auto it = queries_.find(request);
    return it == queries_.end() ? nullptr : it->second;
  }

  const std::vector<std::unique_ptr<aggregate_type>>& aggregates() const { return aggregates_; }
  /// How many types of events they have.
  std::size_t events() const { return events_; }
  const std::vector<std::unique_ptr<view_type>>& views() const { return views_; }
  const std::vector<std::unique_ptr<policy_type>>& policies() const { return policies_; }
  const std::vector<saga_type>& sagas() const { return sagas_; }

private:
  void add(aggregate_type type);
  void add(view_type type);
  void add(policy_type type);
  void add(std::string policy, reaction to, since begins);
  const aggregate_type& host(aggregate_type type);

  std::string module_; ///< that is being installed
  std::vector<std::unique_ptr<aggregate_type>> aggregates_;
  std::size_t events_ = 0; ///< of all aggregates
  std::unordered_map<const descriptor*, target> targets_;
  std::vector<std::unique_ptr<view_type>> views_;
  std::vector<std::unique_ptr<policy_type>> policies_;
  std::vector<saga_type> sagas_;
  model::settings settings_;
  std::set<std::string, std::less<>> enabled_;
  std::unordered_map<const descriptor*, const view_type*> queries_;
};

} // namespace reenact::model
