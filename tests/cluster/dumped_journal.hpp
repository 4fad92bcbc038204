#pragma once

#include <string>

#include "tests/cluster/dumped_record.hpp"

namespace reenact::tests {

/// What `mallbots journal dump` shows of a journal that no node is using; fails the test when it
/// cannot.
journal_dump dumped_journal(const std::string& url);

} // namespace reenact::tests
