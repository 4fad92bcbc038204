#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace reenact::tests {

/// An entity that clients share.
struct known_entity {
  std::string type, id;
  std::uint64_t version = 0; ///< the latest that somebody has seen
  bool exists = false;       ///< somebody was told so, and nobody began to remove it
};

/// What all clients of a load know of, so that they meet at the same entities. Thread safe.
class mall {
public:
  /// `most`: how many of a type are ever made; of others there may be any number.
  explicit mall(std::map<std::string, std::size_t> most) : most_(std::move(most)) {}

  /// Takes a place for another one of that type; false when there are enough.
  bool may_create(const std::string& type);
  /// Somebody has asked for it, so it may be looked at.
  void learn(const std::string& type, const std::string& id);
  /// Somebody was told that it is there, at that version.
  void see(const std::string& type, const std::string& id, std::uint64_t version);
  /// Nobody shall change it any more.
  void forget(const std::string& type, const std::string& id);

  /// One that exists; none: there is none of that type.
  std::optional<known_entity> one_to_change(const std::string& type, std::uint64_t chance) const;
  std::optional<known_entity> find(const std::string& id) const;
  /// One of any type that may be there or not.
  std::optional<known_entity> one_to_read(std::uint64_t chance) const;

private:
  const std::map<std::string, std::size_t> most_;
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> made_;
  std::vector<known_entity> all_;
  std::map<std::string, std::size_t> places_; ///< id -> index in all_
};

} // namespace reenact::tests
