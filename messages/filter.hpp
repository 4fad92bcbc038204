#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace reenact::messages {

/// What a field is compared with. Money and enums are integers, as they are inside.
using value = std::variant<std::int64_t, double, bool, std::string>;

/// One thing that must hold for a row. `field` is marked (model.index), or is the row's key. Of a
/// repeated field one value must be equal to one of these.
struct condition {
  enum class kind { equals, any_of, at_least, at_most };
  std::string field;
  kind is = kind::equals;
  std::vector<value> values; ///< one; for any_of up to `filter::any_of_max`, none fits nothing
};

/// A query as a value: which rows, in what order, how many, after which. Modules write it, views
/// (persistence/views) turn it into their own language.
///
///   filter().equals("participating", true).newest_first()
///
/// Rows are looked for by the first condition that asks for equality, in their order, and held
/// against the others: the one that fewest rows fulfil comes first.
struct filter {
  static constexpr std::size_t any_of_max = 100; ///< values in one condition

  enum class order { oldest_first, newest_first }; ///< by creation of the row

  filter&& equals(std::string field, value v) && {
    return std::move(*this).add({std::move(field), condition::kind::equals, {std::move(v)}});
  }
  /// Nothing is asked of the field when the value is empty: the client has not named one.
  filter&& equals_if_given(std::string field, std::string v) && {
    return v.empty() ? std::move(*this) : std::move(*this).equals(std::move(field), std::move(v));
  }
  filter&& any_of(std::string field, std::vector<value> v) && {
    return std::move(*this).add({std::move(field), condition::kind::any_of, std::move(v)});
  }
  filter&& any_of_if_given(std::string field, std::vector<value> v) && {
    return v.empty() ? std::move(*this) : std::move(*this).any_of(std::move(field), std::move(v));
  }
  filter&& at_least(std::string field, value v) && {
    return std::move(*this).add({std::move(field), condition::kind::at_least, {std::move(v)}});
  }
  filter&& at_most(std::string field, value v) && {
    return std::move(*this).add({std::move(field), condition::kind::at_most, {std::move(v)}});
  }
  filter&& at_least_if_given(std::string field, std::optional<value> v) && {
    return !v ? std::move(*this) : std::move(*this).at_least(std::move(field), *std::move(v));
  }
  filter&& at_most_if_given(std::string field, std::optional<value> v) && {
    return !v ? std::move(*this) : std::move(*this).at_most(std::move(field), *std::move(v));
  }
  /// Of rows created from then on, in microseconds since 1970.
  filter&& created_from(std::int64_t us) && {
    from_us = us;
    return std::move(*this);
  }
  /// Of rows created before that.
  filter&& created_before(std::int64_t us) && {
    before_us = us;
    return std::move(*this);
  }
  filter&& newest_first() && {
    by = order::newest_first;
    return std::move(*this);
  }

  std::vector<condition> conditions; ///< all of them hold
  std::int64_t from_us = 0;          ///< rows are not older than 1970
  std::int64_t before_us = std::numeric_limits<std::int64_t>::max();
  order by = order::oldest_first;
  std::size_t limit = 0; ///< rows; 0, or more than a page holds: a page
  std::string after;     ///< the opaque `next` of the page before; empty: from the start

private:
  filter&& add(condition c) && {
    conditions.push_back(std::move(c));
    return std::move(*this);
  }
};

} // namespace reenact::messages
