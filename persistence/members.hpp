#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// A process that shares a journal with others, as it tells of itself.
struct member {
  std::uint64_t incarnation = 0; ///< random, of one life of one process; never 0
  std::string name;              ///< for people
  std::string address;           ///< where the others reach it: HOST:PORT
  std::string http;              ///< its gateway's HOST:PORT; empty: it has none
  std::string admin;             ///< likewise
  std::string roles;             ///< "gateway,entities,query"
  std::uint64_t schema = 0;      ///< fingerprint of the types it knows
  bool leaving = false;          ///< it takes no shard any more
};

/// Everybody whose lease lives, and who owns what, at one moment of the journal's own clock.
struct roster {
  struct entry {
    member who;
    std::chrono::milliseconds left{}; ///< of its lease
  };
  std::vector<entry> members;
  std::vector<token> owners; ///< by shard; an incarnation of 0: it was given up, or never taken
};

/// The leases of those who share a journal (protocols.md C1). While the owner of a shard has one,
/// nobody else can claim the shard. On a connection of its own; one thread at a time; blocks, but
/// not longer than a lease lasts.
class members {
public:
  virtual ~members() = default;

  /// Takes or renews the lease of `me`, durably enough for nothing: one that is lost ends early.
  virtual result<roster> beat(const member& me) = 0;
  /// Ends the lease at once; shards that were not released are orphans then.
  virtual status leave(std::uint64_t incarnation) = 0;
};

} // namespace reenact::persistence
