#pragma once

#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <catch2/catch.hpp>

#include "actors/model/aggregate.hpp"
#include "actors/model/registry.hpp"

/// Specifications of aggregates, on values alone:
///
///   given<order>(placed).when(pb<CancelOrder>()).then(pb<OrderCanceled>("order_id: 'it'"));
///
/// They go through the same erased type that the runtime hosts, so what the host answers for an
/// unknown or existing entity is part of the story. Every entity here has the id "it".
namespace reenact::tests {

/// A message from protobuf's text form.
template <class Message>
Message pb(const std::string& text = {}) {
  Message m;
  if (!google::protobuf::TextFormat::ParseFromString(text, &m))
    throw std::runtime_error("not a " + Message::descriptor()->full_name() + ": " + text);
  return m;
}

/// A command after its decision.
class verdict {
public:
  verdict(model::decision d, std::unique_ptr<model::any_message> before,
          const model::aggregate_type& type)
    : decision_(std::move(d)),
      state_(std::move(before)) {
    if (auto* events = decision_.events())
      for (const auto& e : *events) type.events.at(e->GetTypeName()).evolve(*state_, *e);
  }

  /// Exactly these events.
  template <class... Events>
  const verdict& then(const Events&... expected) {
    const std::vector<std::string> want{
        (expected.GetTypeName() + " { " + expected.ShortDebugString() + "}")...};
    std::vector<std::string> got;
    if (const auto* no = decision_.refused()) got.push_back("rejected: " + std::string(no->text));
    if (const auto* when = decision_.postponed())
      got.push_back("not yet: " + std::string(when->why.text));
    if (auto* events = decision_.events())
      for (const auto& e : *events)
        got.push_back(e->GetTypeName() + " { " + e->ShortDebugString() + "}");
    CHECK(got == want);
    return *this;
  }

  void rejected(const model::rejection& why) {
    REQUIRE(decision_.refused() != nullptr);
    CHECK(decision_.refused()->slug == why.slug);
  }

  /// Not now, but possible.
  void postponed(const model::rejection& why) {
    REQUIRE(decision_.postponed() != nullptr);
    CHECK(decision_.postponed()->why.slug == why.slug);
  }

  /// That it wakes itself by a `Command`, after this time; nothing: that it does not any more.
  template <class Command>
  const verdict& wakes(std::optional<std::chrono::microseconds> in) const {
    REQUIRE(decision_.alarms().size() == 1);
    CHECK(decision_.alarms()[0].command == Command::descriptor());
    CHECK(decision_.alarms()[0].in == in);
    return *this;
  }

  const model::any_message& state() const { return *state_; }

private:
  model::decision decision_;
  std::unique_ptr<model::any_message> state_;
};

/// An aggregate after some history.
template <class A>
class given {
public:
  template <class... Events>
  explicit given(const Events&... past) : type_(model::erase<A>()),
                                          state_(type_.initial("it")) {
    (type_.events.at(past.GetTypeName()).evolve(*state_, past), ...);
    version_ = sizeof...(past);
  }

  /// Another entity's state that the command will find.
  template <class State>
  given& knowing(const State& other) {
    const auto* key = messages::key_of(State::descriptor());
    facts_.put({State::descriptor(), other.GetReflection()->GetString(other, key)},
               std::make_shared<State>(other));
    return *this;
  }

  /// The time at which the command is decided, in microseconds since 1970.
  given& at(std::int64_t us) {
    facts_.set_now(us);
    return *this;
  }

  template <class Command>
  verdict when(const Command& c) {
    const auto& request = type_.requests.at(Command::descriptor());
    auto before = std::unique_ptr<model::any_message>(state_->New());
    before->CopyFrom(*state_);
    return {model::decide(type_, request, version_, *state_, c, facts_), std::move(before), type_};
  }

  /// What a query of the entity shows.
  template <class Response, class Query>
  Response shows(const Query& q) {
    Response r;
    type_.requests.at(Query::descriptor()).answer(*state_, q, r);
    return r;
  }

private:
  model::aggregate_type type_;
  std::shared_ptr<model::any_message> state_; // never changed: copies share it
  model::facts facts_;
  std::size_t version_ = 0;
};

} // namespace reenact::tests
