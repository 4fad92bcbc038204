#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "messages/filter.hpp"
#include "persistence/views/creation.hpp"
#include "persistence/views/schema.hpp"

namespace reenact::persistence {

/// A filter in SQL: values stand outside, so that equal shapes share one prepared statement. The
/// first parameters are the creations that the rows are between, and how many to read; `values`
/// follow them.
struct view_query {
  static constexpr std::size_t bounds = 3;

  std::string sql;
  std::vector<messages::value> values;
  creation::bytes above{}, below{};
  std::size_t selects = 1; ///< as often may a row come, one time right after the other
};

/// Refused: what view_reader::read() says of fields, values and tokens. `few`, where it is known,
/// is the field whose conditions leave so few rows that they may be sorted.
result<view_query> translate(const view_schema& schema, const messages::filter& which,
                             std::string_view few = {});

/// Counts what the conditions on one field leave, up to a bound that is its first parameter.
struct view_count {
  std::string field, sql;
  std::vector<messages::value> values;
};

/// Of a filter that was translated, each count that may find a better way than the first condition;
/// none where there is nothing to choose.
std::vector<view_count> counts(const view_schema& schema, const messages::filter& which);

/// The `next` of a page of this query whose last row was created there: base64url of the creation
/// and a checksum over it and the query, so that the token of one query is none of another.
std::string token(const view_schema& schema, const messages::filter& which,
                  const creation::bytes& last);

} // namespace reenact::persistence
