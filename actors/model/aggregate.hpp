#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/model/decision.hpp"
#include "actors/model/facts.hpp"
#include "messages/fields.hpp"
#include "messages/schema.hpp"

/// How an aggregate is written: a struct of pure functions over protobuf messages,
///
///   struct store {
///     using state = Store;
///     using creates = types<CreateStoreRequest>;     // may start an entity
///     using commands = types<RebrandStoreRequest>;   // need one that exists
///     using queries = types<GetStoreRequest>;
///     using events = types<StoreCreated, StoreRebranded>;
///     static constexpr auto unknown = not_found(...), duplicate = invalid(...);
///     static decision decide(const Store&, const RebrandStoreRequest&);   // or (…, const facts&)
///     static void evolve(Store&, const StoreRebranded&);
///   };
///
/// and, where the defaults are not enough: `exists(state)`, `needs(state, command, facts, wants&)`,
/// `answer(state, request, response&)`, `unknown_to(command)`, another refusal than `unknown`, and
/// `upserts`, types of commands that start an entity or meet one.
/// A state knows its own id from birth.
namespace reenact::model {

template <class... Ts>
struct types {};

template <class A, class C>
concept decides_alone = requires(const typename A::state& s, const C& c) {
  { A::decide(s, c) } -> std::convertible_to<decision>;
};
template <class A, class C>
concept decides_on_facts = requires(const typename A::state& s, const C& c, const facts& f) {
  { A::decide(s, c, f) } -> std::convertible_to<decision>;
};
template <class A, class C>
concept decides = decides_alone<A, C> || decides_on_facts<A, C>;
template <class A, class E>
concept evolves = requires(typename A::state& s, const E& e) {
  A::evolve(s, e);
};
template <class A, class C>
concept has_needs = requires(const typename A::state& s, const C& c, const facts& f, wants& w) {
  A::needs(s, c, f, w);
};
/// Becomes whichever response an aggregate's `answer` takes.
struct any_response {
  any_message& held;
  template <std::derived_from<any_message> Response>
  operator Response&() const {
    return static_cast<Response&>(held);
  }
};
template <class A, class C>
concept has_answer = requires(const typename A::state& s, const C& c, any_response r) {
  A::answer(s, c, r);
};
template <class A, class C>
concept has_own_unknown = requires(const C& c) {
  { A::unknown_to(c) } -> std::same_as<const rejection&>;
};
template <class A>
concept has_upserts = requires {
  typename A::upserts;
};
template <class A>
concept has_existence = requires(const typename A::state& s) {
  { A::exists(s) } -> std::convertible_to<bool>;
};

/// A command or query with its C++ types erased. Immutable, lives as long as its registry.
struct request_type {
  const descriptor* request = nullptr;
  bool creates = false;
  bool upserts = false;               ///< starts an entity or meets one
  const rejection* unknown = nullptr; ///< null: the aggregate's
  /// Null for a query.
  decision (*decide)(const any_message& state, const any_message& command, const facts&) = nullptr;
  /// Null when the command never looks elsewhere.
  void (*needs)(const any_message& state, const any_message& command, const facts&,
                wants&) = nullptr;
  /// Fills the rpc's response from the state after the command.
  void (*answer)(const any_message& state, const any_message& request,
                 any_message& response) = nullptr;

  /// Whether an entity may begin with it.
  bool starts() const { return creates || upserts; }
};

/// An event with its C++ type erased.
struct event_type {
  const any_message* prototype = nullptr;
  void (*evolve)(any_message& state, const any_message& event) = nullptr;
  std::size_t index = 0; ///< among all events of the registry
};

/// An aggregate with its C++ types erased: all the runtime ever sees of the domain.
struct aggregate_type {
  std::string name;     ///< "stores.Store": the state's full name without the shop's package
  std::string module{}; ///< that installed it
  const any_message* prototype = nullptr;
  const messages::field* key = nullptr;
  rejection unknown;   ///< answered for a command on an entity that does not exist
  rejection duplicate; ///< answered for a create of one that does, or did
  bool (*exists)(const any_message& state) = nullptr; ///< asked of a state that has events

  const rejection& unknown_to(const request_type& r) const {
    return r.unknown == nullptr ? unknown : *r.unknown;
  }

  std::unordered_map<const descriptor*, request_type> requests;
  std::map<std::string, event_type, std::less<>> events; ///< by full name

  /// The state of an entity without events.
  std::unique_ptr<any_message> initial(std::string_view id) const {
    std::unique_ptr<any_message> state(prototype->New());
    state->GetReflection()->SetString(state.get(), key, std::string(id));
    return state;
  }
};

namespace erased {

template <class A, class C>
decision decide(const any_message& s, const any_message& c, const facts& f) {
  const auto& state = static_cast<const typename A::state&>(s);
  const auto& command = static_cast<const C&>(c);
  if constexpr (decides_on_facts<A, C>)
    return A::decide(state, command, f);
  else
    return A::decide(state, command);
}

template <class A, class C>
void needs(const any_message& s, const any_message& c, const facts& f, wants& w) {
  A::needs(static_cast<const typename A::state&>(s), static_cast<const C&>(c), f, w);
}

template <class A, class E>
void evolve(any_message& s, const any_message& e) {
  A::evolve(static_cast<typename A::state&>(s), static_cast<const E&>(e));
}

template <class A>
bool exists(const any_message& s) {
  if constexpr (has_existence<A>)
    return A::exists(static_cast<const typename A::state&>(s));
  else
    return true;
}

inline void answer(const any_message& state, const any_message&, any_message& response) {
  messages::assign(response, state);
}

template <class A, class C>
request_type request(bool creates) {
  request_type r{.request = C::descriptor(), .creates = creates, .answer = answer};
  if constexpr (has_needs<A, C>) r.needs = needs<A, C>;
  if constexpr (has_own_unknown<A, C>) r.unknown = &A::unknown_to(C::default_instance());
  if constexpr (has_answer<A, C>)
    r.answer = [](const any_message& state, const any_message& request, any_message& response) {
      A::answer(static_cast<const typename A::state&>(state), static_cast<const C&>(request),
                any_response{response});
    };
  return r;
}

template <class A, class C>
requires decides<A, C> request_type command(bool creates) {
  auto r = request<A, C>(creates);
  r.decide = decide<A, C>;
  return r;
}

template <class A, class C>
request_type upsert() {
  auto r = command<A, C>(false);
  r.upserts = true;
  return r;
}

template <class A, class E>
requires evolves<A, E> event_type event() { return {&E::default_instance(), evolve<A, E>}; }

} // namespace erased

/// Why a request cannot be about this entity, or null when it can: creates need an entity without
/// events, upserts any, everything else one that exists.
inline const rejection* misplaced(const aggregate_type& type, const request_type& request,
                                  std::uint64_t events, const any_message& state) {
  if (request.upserts) return nullptr;
  if (request.creates) return events == 0 ? nullptr : &type.duplicate;
  return events > 0 && type.exists(state) ? nullptr : &type.unknown_to(request);
}

/// The whole decision, with what holds for all aggregates before what this one rules.
inline decision decide(const aggregate_type& type, const request_type& request,
                       std::uint64_t events, const any_message& state, const any_message& command,
                       const facts& known) {
  if (const auto* no = misplaced(type, request, events, state)) return *no;
  return request.decide(state, command, known);
}

/// "mallbots.stores.Store" is the stream type "stores.Store".
inline std::string stream_type(const descriptor* state) {
  const auto& full = state->full_name();
  return full.substr(full.find('.') + 1);
}

/// Erases `A`. Does not compile when a command has no `decide` or an event no `evolve`.
template <class A>
aggregate_type erase() {
  using state = typename A::state;
  aggregate_type type{.name = stream_type(state::descriptor()),
                      .prototype = &state::default_instance(),
                      .key = messages::key_of(state::descriptor()),
                      .unknown = A::unknown,
                      .duplicate = A::duplicate,
                      .exists = erased::exists<A>};
  const auto add = [&](request_type r) { type.requests.emplace(r.request, r); };
  [&]<class... C>(types<C...>) { (add(erased::command<A, C>(true)), ...); }(typename A::creates{});
  [&]<class... C>(types<C...>) {
    (add(erased::command<A, C>(false)), ...);
  }(typename A::commands{});
  if constexpr (has_upserts<A>)
    [&]<class... C>(types<C...>) { (add(erased::upsert<A, C>()), ...); }(typename A::upserts{});
  [&]<class... Q>(types<Q...>) { (add(erased::request<A, Q>(false)), ...); }(typename A::queries{});
  [&]<class... E>(types<E...>) {
    (type.events.emplace(E::descriptor()->full_name(), erased::event<A, E>()), ...);
  }(typename A::events{});
  return type;
}

} // namespace reenact::model
