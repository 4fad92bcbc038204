#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

namespace reenact::runtime {

using persistence::uuid;

/// The only place from which the runtime draws random numbers. Thread safe. Tests bring a seeded
/// one.
class entropy {
public:
  virtual ~entropy() = default;
  virtual std::uint64_t draw() = 0;
};

/// Seeded from the operating system, once a thread.
class system_entropy final : public entropy {
public:
  std::uint64_t draw() override;
};

uuid random_uuid(entropy& from);                           ///< version 4
uuid named_uuid(const uuid& space, std::string_view name); ///< version 5 (SHA-1)
std::string to_string(const uuid& id);                     ///< lower case, canonical

/// The sixteen bytes as messages carry them; other lengths are cut or filled with zeros.
std::string_view bytes_of(const uuid& id);
uuid uuid_of(std::string_view bytes);

/// A(5): the id of a command with an Idempotency-Key, and of an entity that such a command creates.
uuid command_id(std::string_view rpc, std::string_view key, std::string_view principal);
uuid entity_id(const uuid& command);

} // namespace reenact::runtime
