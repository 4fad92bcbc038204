#pragma once

#include <memory>
#include <string>
#include <vector>

#include "messages/filter.hpp"
#include "persistence/result.hpp"
#include "persistence/views/schema.hpp"

namespace reenact::persistence {

/// Some rows of an answer, serialized, in the order asked for.
struct view_page {
  std::vector<std::string> rows;
  std::string next; ///< what `filter.after` must be for the rows that follow; empty: there are none
};

/// Asks the views of a file for rows, beside their writer, seeing whole transactions of it only.
/// One thread at a time; any number of them.
class view_reader {
public:
  static constexpr std::size_t page_rows_max = 1'000;

  /// The file is there: view_file::open() came before.
  static result<std::unique_ptr<view_reader>> open(const std::string& path);
  ~view_reader();
  view_reader(const view_reader&) = delete;
  view_reader& operator=(const view_reader&) = delete;

  /// At most page_rows_max rows. Failures: refused for a field that is no column, a value of
  /// another kind or an `after` that is not of this query; unreachable while the view is being
  /// filled.
  result<view_page> read(const view_schema& from, const messages::filter& which);

private:
  struct connection;
  explicit view_reader(std::unique_ptr<connection> c);
  std::unique_ptr<connection> held_;
};

} // namespace reenact::persistence
