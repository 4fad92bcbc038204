#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/model/view.hpp"
#include "actors/runtime/clock.hpp"
#include "actors/runtime/message_counts.hpp"
#include "messages/model/record.pb.h"
#include "persistence/views/view_file.hpp"

namespace reenact::runtime {

/// One table of one view on its way through the logs: evolves rows in memory, so that each is laid
/// once a batch however many events met it, and keeps some for the next batch. Used by the
/// projector, on its thread.
class projection {
public:
  /// The type, the file and what follows outlive it; `view` is the view's place in the file. What
  /// is read to fill a view aside is received from nobody: only the serving one counts.
  projection(const model::view_type& type, persistence::view_file& file, std::size_t view,
             persistence::view_side side, std::size_t rows_kept_max, const clock& time,
             const message_counts* counts);

  const model::view_type& type() const { return type_; }
  persistence::view_side side() const { return side_; }
  std::size_t view() const { return view_; }
  /// The last sequence taken of each shard, written or not.
  const std::vector<persistence::sequence_t>& positions() const { return positions_; }

  /// Whether the record's stream is one that the view listens to; else it is passed by.
  bool concerns(const persistence::stored& at) const {
    return type_.stream_type.empty() || at.type == type_.stream_type;
  }
  void pass(const persistence::stored& at) { positions_[at.shard] = at.sequence; }
  /// Evolves rows by the next record of a shard. A failure (bytes that are no message, an exception
  /// in the module, a file that cannot be read) leaves rows half evolved: drop() must follow.
  persistence::status take(const ::model::Record& r, const persistence::stored& at);

  /// What was taken since the last batch; sees this object until written() or drop().
  persistence::view_batch batch();
  void written();
  /// Back to what the table holds.
  void drop();

private:
  using any_message = model::any_message;

  struct kept_row {
    std::unique_ptr<any_message> row; ///< null: there is none
    persistence::creation created;
    std::optional<persistence::creation> stored; ///< where the table has it
    bool changed = false;
  };
  using rows = std::unordered_map<std::string, kept_row>;

  persistence::status lay(const model::view_event& e, const ::model::Record& r,
                          const persistence::stored& at);
  persistence::result<rows::value_type*> load(std::string_view key, bool surely_new);
  persistence::status load_sharing(const messages::field* shared, const std::string& value);
  persistence::status take_named(const model::view_event& e, const any_message& event,
                                 const model::record_info& info);
  persistence::status take_shared(const model::view_event& e, const any_message& event,
                                  const model::record_info& info);
  void evolve(rows::value_type& entry, const model::view_event& e, const any_message& event,
              const model::record_info& info);

  const model::view_type& type_;
  persistence::view_file& file_;
  const std::size_t view_;
  const persistence::view_side side_;
  const std::size_t rows_kept_max_;
  std::vector<persistence::sequence_t> positions_;
  rows rows_;
  std::vector<rows::value_type*> changed_;
  std::vector<persistence::view_change> changes_;
  const clock& time_;
  const message_counts* const counts_;      ///< null: nobody counts
  std::vector<received_message*> received_; ///< since the last batch
  instant began_{};                         ///< that batch
  std::unordered_map<const model::view_event*, std::unique_ptr<any_message>> events_; ///< reused
};

} // namespace reenact::runtime
