#pragma once

#include <string>

#include "persistence/rocksdb/directory_lock.hpp"

namespace reenact::tools {

/// Makes the directory a node keeps its things in where it is missing, and takes it for this
/// process. The failure says who has it, or what to do.
persistence::result<persistence::directory_lock> take_data_directory(const std::string& path);

/// The file of views in it.
inline std::string views_in(const std::string& data) { return data + "/views.sqlite"; }

} // namespace reenact::tools
