#pragma once

#include <string>

#include "persistence/rocksdb/directory_lock.hpp"
#include "tools/settings.hpp"

namespace reenact::tools {

/// Where a node is to be found, and where it keeps its things.
struct places {
  endpoint http;
  endpoint admin;
  endpoint node; ///< of its links; of a node that is alone it is nothing
  std::string name;
  std::string data;
  persistence::directory_lock lock; ///< of `data`
};

/// What the settings say, taken for this process. Of one machine's second node in a cluster the
/// defaults give way: ports to what is free, the data directory to one inside of it with the node's
/// name. What was given by hand and is taken is an error that says by whom.
persistence::result<places> take_places(const settings& with);

} // namespace reenact::tools
