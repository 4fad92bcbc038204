#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <google/protobuf/repeated_ptr_field.h>

#include "actors/runtime/ids.hpp"
#include "messages/model/record.pb.h"

namespace reenact::runtime {

/// A command that was carried out, and what was answered.
struct remembered {
  uuid id{};
  ::model::Handled::Origin origin = ::model::Handled::DRAWN;
  std::uint64_t request_hash = 0;
  std::uint64_t entity_version = 0;
  std::int64_t at_us = 0;
  std::string reply; ///< serialized model::Reply
};

/// The commands an entity has carried out, for as long as their senders may repeat them
/// (protocols.md A3): rebuilt from the stream, kept in snapshots, owned by the entity. Nothing is
/// allocated before the first command, and no index before there is something to index. Bounds:
///  - ids from clients: the last 1,024 and at least 24 hours, at most 65,536;
///  - ids of sagas, policies and timers: the last 65,536;
///  - ids drawn by a gateway: a minute, which is longer than any command's deadline, at most
///  65,536.
class window {
public:
  static constexpr std::size_t most = 65'536;
  static constexpr std::size_t client_always = 1'024;
  static constexpr std::int64_t client_us = 24LL * 3'600 * 1'000'000;
  static constexpr std::int64_t drawn_us = 60LL * 1'000'000;

  /// The newest with this id, or null; valid until the next remember().
  const remembered* find(const uuid& command) const;
  /// Forgets what its sender may no longer repeat. Its time is the newest.
  void remember(remembered what);
  void remember(const ::model::Handled& handled, std::int64_t at_us);

  using list = google::protobuf::RepeatedPtrField<::model::Remembered>;
  void save(list& into) const;
  void load(const list& from);

  std::size_t size() const;

private:
  struct id_hash {
    std::size_t operator()(const uuid& id) const;
  };
  using positions = std::unordered_map<uuid, std::uint64_t, id_hash>;
  /// One origin's, oldest first: a vector whose head is erased in bulk, so that an entity with a
  /// command or two pays for a command or two.
  struct lane {
    std::vector<remembered> entries;
    std::size_t first = 0; ///< of those that still live
    std::uint64_t dropped =
        0; ///< erased from the vector so far: index values count from the first ever
    std::unique_ptr<positions> index; ///< made at indexed_from

    std::size_t size() const { return entries.size() - first; }
    const remembered* find(const uuid& id) const;
    void push(remembered what);
    void forget_oldest();
  };

  static constexpr std::size_t indexed_from = 16;

  std::array<std::unique_ptr<lane>, 3> lanes_; // by origin
};

} // namespace reenact::runtime
