#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "actors/runtime/projector.hpp"
#include "actors/runtime/query.hpp"
#include "actors/runtime/reader_pool.hpp"
#include "persistence/views/view_reader.hpp"

namespace reenact::runtime {

/// Answers queries from a node's views: behind the read barrier, on reader threads of its own,
/// never on those of actors or I/O. Thread safe; sees the node.
class view_queries {
public:
  static constexpr std::size_t page_rows = 500;   ///< of a query without limit
  static constexpr std::size_t queue_max = 1'024; ///< queries that wait for a thread; then 503

  /// Both outlive it; `readers` (of `queue_max`) is stopped before this ends.
  view_queries(projector& views, reader_pool& readers) : views_(views), readers_(readers) {}

  /// Ends in one finished(), here or on another thread.
  void ask(query_ptr q);

private:
  struct connection {
    std::uint64_t generation;
    std::unique_ptr<persistence::view_reader> reader;
  };
  class question;

  void enqueue(std::shared_ptr<question> q);
  persistence::result<persistence::view_page> read(const query& q);
  persistence::result<connection> connect();

  projector& views_;
  reader_pool& readers_;
  std::mutex mutex_;             ///< guards what follows
  std::vector<connection> idle_; ///< at most one a reader thread
};

} // namespace reenact::runtime
