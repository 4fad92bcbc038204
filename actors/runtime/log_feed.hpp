#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::runtime {

/// Durable records in the order they were committed, bytes and all, in two buffers that are reused.
class recent_records {
public:
  /// Whether a record's bytes are kept; of others only the place is. Empty: of all.
  using choice = std::function<bool(std::string_view record)>;

  void add(const persistence::append& what, const persistence::outcome& how, const choice& wanted);
  void each(const persistence::visitor& visit) const;
  void clear();
  /// Whether bytes were kept.
  bool anything() const { return !bytes_.empty(); }
  std::size_t bytes() const { return bytes_.size() + places_.size() * sizeof(place); }

private:
  struct place {
    persistence::stored at;           ///< without its texts
    std::size_t type, entity, record; ///< sizes; they stand behind one another in bytes_
  };
  std::string bytes_;
  std::vector<place> places_;
};

/// What became durable a moment ago, on its way from the journal's writer to its consumers: who
/// keeps up need not read the log back, which costs more than all the rest of a projection.
/// Bounded: beyond it everything is let go, as the log has it. Thread safe.
class log_feed {
public:
  static constexpr std::size_t bytes_max = 8U << 20U;

  explicit log_feed(recent_records::choice wanted = {}) : wanted_(std::move(wanted)) {}

  /// After a group is durable, before it is answered; copies. False: nothing of it is wanted.
  bool add(std::span<const persistence::append* const> group,
           std::span<const persistence::outcome> outcomes);
  /// Takes everything, and leaves the buffers of `into` in its place.
  void take(recent_records& into);

private:
  const recent_records::choice wanted_;
  std::mutex mutex_;
  recent_records gathered_;
};

} // namespace reenact::runtime
