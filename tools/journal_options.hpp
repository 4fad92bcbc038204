#pragma once

#include "persistence/open.hpp"
#include "tools/settings.hpp"

namespace reenact::tools {

/// How the journal of these settings is opened. Reads the password's file; fails when it cannot.
persistence::result<persistence::open_options> journal_options(const settings& with);

/// Whether several nodes share the journal.
inline bool is_shared(std::string_view journal_url) { return journal_url.starts_with("redis"); }

} // namespace reenact::tools
