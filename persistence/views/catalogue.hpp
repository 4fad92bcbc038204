#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "persistence/views/sqlite.hpp"
#include "persistence/views/view_file.hpp"

namespace reenact::persistence {

/// What a file of views says about itself: whose journal it was filled from, and how far.
struct catalogue {
  struct table {
    std::string view, version;
    int slot = 0;
    bool serving = false;
    std::vector<sequence_t> positions;
  };

  uuid lineage{};
  std::string boot_id;
  bool closed_cleanly = false;
  std::vector<table> tables;

  /// Unsynchronized writes survive the process, not the machine: without a clean close they are
  /// good only as long as the machine has not been booted anew.
  bool intact(std::string_view boot_now) const {
    return closed_cleanly || (!boot_now.empty() && boot_id == boot_now);
  }
  /// Why views filled from this cannot go on with that journal; empty when they can.
  std::string distrust(const view_origin& of) const;
};

/// Failure: not such a file, another format, or damaged.
result<catalogue> read_catalogue(sqlite::connection& from);

/// Lays the catalogue of an empty file.
status create_catalogue(sqlite::connection& in, const view_origin& of);

/// A file that is about to be written is not cleanly closed; the caller synchronizes.
status mark(sqlite::connection& in, std::string_view boot_id, bool closed_cleanly);

} // namespace reenact::persistence
