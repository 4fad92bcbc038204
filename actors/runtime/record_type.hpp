#pragma once

#include <optional>
#include <string_view>

namespace reenact::runtime {

/// The type of event in a serialized model::Record without parsing the rest: it is the first field,
/// and not there in a note, which is of the empty type. Nothing: it is too long to tell this way.
inline std::optional<std::string_view> type_of_record(std::string_view record) {
  constexpr char tag = 0x0a;
  if (record.size() < 2 || record[0] != tag) return std::string_view();
  const auto size = static_cast<unsigned char>(record[1]);
  if (size > 127) return std::nullopt;
  return record.substr(2, size);
}

} // namespace reenact::runtime
