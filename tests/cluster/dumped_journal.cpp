#include "tests/cluster/dumped_journal.hpp"

#include <utility>

#include <catch2/catch.hpp>

#include "tests/system/process.hpp"

namespace reenact::tests {

journal_dump dumped_journal(const std::string& url) {
  journal_dump all;
  process dump(mallbots({"journal", "dump", "--journal", url, "--output", "json"}));
  while (const auto line = dump.line()) {
    auto record = read_record(*line);
    INFO(*line);
    REQUIRE(record);
    all.push_back(std::move(*record));
  }
  const auto code = dump.wait();
  INFO(dump.errors());
  REQUIRE(code == 0);
  return all;
}

} // namespace reenact::tests
