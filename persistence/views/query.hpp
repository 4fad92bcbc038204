#pragma once

#include <optional>
#include <string>
#include <vector>

#include "messages/filter.hpp"
#include "persistence/views/creation.hpp"
#include "persistence/views/schema.hpp"

namespace reenact::persistence {

/// A filter in SQL: values stand outside, so that equal shapes share one prepared statement. The
/// last two parameters are the creation to begin after, and the number of rows.
struct view_query {
  std::string sql;
  std::vector<messages::value> values;
  creation::bytes after;
};

/// Refused: what view_reader::read() says of fields, values and tokens.
result<view_query> translate(const view_schema& schema, const messages::filter& which);

/// The `next` of a page of this query whose last row was created there: base64url of the creation
/// and a checksum over it and the query, so that the token of one query is none of another.
std::string token(const view_schema& schema, const messages::filter& which,
                  const creation::bytes& last);

} // namespace reenact::persistence
