#pragma once

#include <string>

namespace reenact::tools {

/// Makes spdlog's default logger write to stderr: a coloured line for people (colours only on a
/// terminal), or a JSON object a line, with the time in Unix milliseconds, for machines.
void open_log(const std::string& level, const std::string& format);

} // namespace reenact::tools
