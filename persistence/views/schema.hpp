#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/schema.hpp"
#include "persistence/result.hpp"

namespace reenact::persistence {

/// A field marked (model.index), as a column that queries filter by.
struct view_column {
  enum class kind { integer, real, boolean, text };
  kind holds;
  const messages::field* from;

  bool is_number() const { return holds == kind::integer || holds == kind::real; }
};

/// What a view's table looks like: read from its row's descriptor. An immutable value.
struct view_schema {
  std::string name; ///< "mall": explicit, stable, unique in a node; letters, digits, '_', '-', '.'
  std::string version; ///< changes whenever the row's message or the declared version does
  const messages::field* key = nullptr;
  std::vector<view_column> columns;
  std::vector<const messages::field*> lists; ///< of text: queries ask for rows that hold a value
};

/// The schema of a view with rows of this message. Refused: a name with other characters, a row
/// without a text key, an indexed field that is a message, or repeated and no text.
result<view_schema> schema_of(std::string name, const messages::descriptor* row,
                              std::string_view declared_version);

} // namespace reenact::persistence
