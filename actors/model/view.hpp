#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "actors/model/aggregate.hpp"
#include "messages/filter.hpp"
#include "messages/model/record.pb.h"

/// How a read model is written: a struct that says what its rows are, what events do to them, and
/// which rows a query means,
///
///   struct mall {
///     static constexpr auto name = "mall";        // stable: the rows are kept under it
///     using row = Store;                          // one field is its (model.key)
///     using evolves = store;                      // rows are that aggregate's states
///     using queries = types<GetStoresRequest>;
///     static filter select(const GetStoresRequest&) { return {}; }
///   };
///
/// or, where rows are no aggregate's states, in place of `evolves`:
///
///     using events = types<ProductAdded, StoreRebranded>;
///     using removed_by = types<ProductRemoved>;
///     static void evolve(Row&, const ProductAdded&);  // or (…, const record_info&)
///
/// An event reaches the row that its field named like the row's key names, which is made when it is
/// not there; an event without that field reaches every row that shares its foreign key: the one
/// text field that the row has too, and indexes. `select` may also answer a rejection. Optional:
/// `version` ("1"; another one fills the view anew), `limit_default` and `limit_max`;
///
///     using finds = types<GetStoreRequest>;  // one row, by its key, that has to be there
///     static constexpr auto unknown = not_found(...);
///     static std::int64_t created_us(const Store&);  // the time that lists go by, of a new row,
///                                                    // where that of the record is another
namespace reenact::model {

using messages::filter;

/// What a query means: rows, or that it is refused.
using meaning = std::variant<filter, rejection>;

/// Of the event that is evolved: its place in the journal and what stands beside it.
struct record_info {
  std::int64_t stamp_us = 0; ///< since 1970, set at commit
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0;
  std::uint64_t version = 0;
  std::string_view entity;
  const ::model::Metadata& metadata;
};

template <class V>
concept rows_are_states = requires {
  typename V::evolves;
};
template <class V, class E>
concept lays_alone = requires(typename V::row& r, const E& e) {
  V::evolve(r, e);
};
template <class V, class E>
concept lays_on_record = requires(typename V::row& r, const E& e, const record_info& i) {
  V::evolve(r, e, i);
};
template <class V, class E>
concept lays = lays_alone<V, E> || lays_on_record<V, E>;
template <class V, class Q>
concept selects = requires(const Q& q) {
  { V::select(q) } -> std::convertible_to<meaning>;
};
template <class V>
concept tells_creation = requires(const typename V::row& r) {
  { V::created_us(r) } -> std::same_as<std::int64_t>;
};

/// An event as a view takes it.
struct view_event {
  const any_message* prototype = nullptr;
  /// Null: the row goes.
  void (*evolve)(any_message& row, const any_message& event, const record_info&) = nullptr;
  /// The event's field that names the row; null where the stream's entity does, or `foreign` is
  /// set.
  const messages::field* key = nullptr;
  /// Fields of event and row that every row concerned shares with the event.
  const messages::field* foreign = nullptr;
  const messages::field* shared = nullptr;
};

/// A read model with its C++ types erased. Immutable, lives as long as its registry.
struct view_type {
  std::string name;
  std::string module{}; ///< that installed it
  std::string version;
  const any_message* prototype = nullptr; ///< of a row
  const messages::field* key = nullptr;
  std::size_t limit_default = 0; ///< rows of an answer when the request names no limit; 0: all
  std::size_t limit_max = 0;     ///< of what a request may name
  std::string stream_type;       ///< whose events alone are meant; empty: all streams'
  bool (*exists)(const any_message& row) = nullptr;             ///< null: until removed
  std::map<std::string, view_event, std::less<>> events;        ///< by full name
  std::int64_t (*created_us)(const any_message& row) = nullptr; ///< null: the record's time
  std::unordered_map<const descriptor*, meaning (*)(const any_message& request)> queries;
  std::unordered_set<const descriptor*> finds; ///< of the queries, those of one row
  rejection unknown;                           ///< answered where that is not there

  /// Null: the request asks for a list.
  const rejection* unknown_to(const descriptor* request) const {
    return finds.contains(request) ? &unknown : nullptr;
  }
};

/// The rows of a request, as a filter with `limit` (0: all of them) and `after` taken from the
/// request's fields `limit` and `next`; or what is wrong with them.
meaning selection(const view_type& of, const any_message& request);

namespace erased {

template <class V, class E>
void lay(any_message& r, const any_message& e, const record_info& i) {
  auto& row = static_cast<typename V::row&>(r);
  const auto& event = static_cast<const E&>(e);
  if constexpr (lays_on_record<V, E>)
    V::evolve(row, event, i);
  else
    V::evolve(row, event);
}

template <class V, class Q>
requires selects<V, Q> meaning select(const any_message& q) {
  return V::select(static_cast<const Q&>(q));
}

/// By the key of the request, which is the row's.
template <class V>
meaning select_one(const any_message& q) {
  auto key = q.GetReflection()->GetString(q, messages::key_of(q.GetDescriptor()));
  return filter().equals(messages::key_of(V::row::descriptor())->name(), std::move(key));
}

template <class V>
std::int64_t created_us(const any_message& row) {
  return V::created_us(static_cast<const typename V::row&>(row));
}

template <class V, class E>
requires lays<V, E> view_event row_event() { return {&E::default_instance(), lay<V, E>}; }

template <class A, class E>
requires evolves<A, E> view_event state_event() {
  return {&E::default_instance(),
          [](any_message& row, const any_message& e, const record_info&) { evolve<A, E>(row, e); }};
}

/// Finds the fields by which rows are reached; std::logic_error names an event that reaches none.
void address(view_event& e, const view_type& of);

template <class V>
void follow_aggregate(view_type& to) {
  using aggregate = typename V::evolves;
  static_assert(std::same_as<typename V::row, typename aggregate::state>,
                "a view that evolves as an aggregate has its states as rows");
  to.stream_type = stream_type(V::row::descriptor());
  if constexpr (has_existence<aggregate>) to.exists = exists<aggregate>;
  [&]<class... E>(types<E...>) {
    (to.events.emplace(E::descriptor()->full_name(), state_event<aggregate, E>()), ...);
  }(typename aggregate::events{});
}

template <class V>
void follow_events(view_type& to) {
  const auto add = [&](view_event e) {
    address(e, to);
    to.events.emplace(e.prototype->GetDescriptor()->full_name(), e);
  };
  [&]<class... E>(types<E...>) { (add(row_event<V, E>()), ...); }(typename V::events{});
  if constexpr (requires { typename V::removed_by; })
    [&]<class... E>(types<E...>) {
      (add({&E::default_instance()}), ...);
    }(typename V::removed_by{});
}

template <class V>
void find(view_type& to) {
  to.unknown = V::unknown;
  [&]<class... Q>(types<Q...>) {
    (to.queries.emplace(Q::descriptor(), select_one<V>), ...);
    to.finds = {Q::descriptor()...};
  }(typename V::finds{});
}

} // namespace erased

/// Erases `V`. Does not compile when an event has no `evolve` or a query no `select`.
template <class V>
view_type erase_view() {
  using row = typename V::row;
  view_type type{.name = V::name,
                 .version = "1",
                 .prototype = &row::default_instance(),
                 .key = messages::key_of(row::descriptor()),
                 .limit_default = 0,
                 .limit_max = 1'000};
  if constexpr (requires { V::version; }) type.version = V::version;
  if constexpr (requires { V::limit_default; }) type.limit_default = V::limit_default;
  if constexpr (requires { V::limit_max; }) type.limit_max = V::limit_max;
  if constexpr (rows_are_states<V>)
    erased::follow_aggregate<V>(type);
  else
    erased::follow_events<V>(type);
  [&]<class... Q>(types<Q...>) {
    (type.queries.emplace(Q::descriptor(), erased::select<V, Q>), ...);
  }(typename V::queries{});
  if constexpr (requires { typename V::finds; }) erased::find<V>(type);
  if constexpr (tells_creation<V>) type.created_us = erased::created_us<V>;
  return type;
}

} // namespace reenact::model
