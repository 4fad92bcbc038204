#pragma once

#include "persistence/journal.hpp"
#include "persistence/open.hpp"
#include "persistence/redis/layout.hpp"
#include "persistence/redis/session.hpp"

namespace reenact::persistence::redis {

enum class absent {
  make, ///< whoever comes first makes the journal
  refuse
};

/// Who the journal is that lies there; it must have as many shards as `how` says, unless that is 0.
result<identity> find_journal(session& at, const address& where, const open_options& how,
                              absent then);

} // namespace reenact::persistence::redis
