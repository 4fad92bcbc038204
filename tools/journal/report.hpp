#pragma once

#include <iosfwd>

#include "persistence/inspection.hpp"
#include "persistence/repair.hpp"
#include "tools/exit_code.hpp"

/// What was found out about a journal, for people or for programs.
namespace reenact::tools {

enum class output { text, json };

exit_code report(const persistence::statistics& found, output as, std::ostream& to);
exit_code report(const persistence::verification& found, output as, std::ostream& to);
exit_code report(const persistence::repair_report& found, output as, std::ostream& to);

} // namespace reenact::tools
