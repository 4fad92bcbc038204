#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "persistence/journal.hpp"
#include "tools/exit_code.hpp"

/// Looks at a journal through its interface, so at any engine's.
namespace reenact::tools {

enum class output { text, json };

/// Which records a dump shows: all that fit everything that is set.
struct selection {
  std::string type;   ///< of the stream: "customers.Customer"
  std::string entity; ///< its id
  std::optional<std::uint32_t> shard;
  std::uint64_t from = 1; ///< sequence in each shard
  std::uint64_t most = 0; ///< 0: all
};

/// Who the journal is and how much is in it.
exit_code stat(const persistence::journal& of, output as, std::ostream& to);

/// Its records, one a line, shard by shard in log order; with type and entity, one stream in
/// version order.
exit_code dump(const persistence::journal& of, const selection& which, output as, std::ostream& to);

/// Reads everything: checksums, places, versions, stamps, and whether each record can be decoded.
/// `damaged` when anything is not as it must be, each said in a line.
exit_code verify(const persistence::journal& of, output as, std::ostream& to);

} // namespace reenact::tools
