#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "persistence/views/creation.hpp"
#include "persistence/views/sqlite.hpp"

namespace reenact::persistence {

/// What a key's entries are found by.
std::int64_t hash_of(std::string_view key);

/// Where the rows of one table are, by the hashes of their keys, in two levels: new entries go to a
/// small table whose few pages stay in memory, and from there, as one sorted run, to the large one.
/// In one level each row would dirty a random page, which is most of what a row costs (the idea is
/// O'Neil's log-structured merge tree). Works in the transactions of its view_table, and names its
/// SQL tables after it. An entry says where to look: the row there has the last word.
class key_index {
public:
  /// Entries of the small level: fewer are merged too often, more dirty too many of its pages.
  static constexpr std::int64_t recent_max = 32'768;

  /// SQL that makes, or shows to readers as `shown`, the index of a table, whose name is not quoted
  /// yet.
  static std::string create_sql(const std::string& table);
  static std::string show_sql(const std::string& table, const std::string& shown);

  /// SQL that selects `columns` of the rows r whose key is ?2, and its hash ?1.
  static std::string find_sql(const std::string& table, const std::string& columns);

  static result<key_index> attach(sqlite::connection& in, const std::string& table);

  status add(sqlite::connection& in, std::string_view key, const creation::bytes& at);
  status remove(sqlite::connection& in, std::string_view key, const creation::bytes& at);

private:
  status merge(sqlite::connection& in);

  std::string table_;
  std::int64_t recent_ = 0;
  sqlite::statement add_, remove_recent_, remove_settled_;
};

} // namespace reenact::persistence
