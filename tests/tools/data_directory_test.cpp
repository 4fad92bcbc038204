#include "tools/node/data_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <catch2/catch.hpp>

using Catch::Contains;
using reenact::tools::take_data_directory;

namespace {

/// A directory of this process that is gone when the test is.
struct place {
  ~place() { std::filesystem::remove_all(path); }
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("data_directory_test." + std::to_string(::getpid())))
                               .string();
};

} // namespace

TEST_CASE("a data directory is made where it is missing, and has one holder at a time") {
  const place at;
  const auto deep = at.path + "/a/b";
  {
    const auto first = take_data_directory(deep);
    REQUIRE(first);
    const auto second = take_data_directory(deep);
    REQUIRE_FALSE(second);
    CHECK_THAT(second.error().text,
               Contains("is open in process " + std::to_string(::getpid()) + ": stop that one"));
  }
  CHECK(take_data_directory(deep));
}

TEST_CASE("a data directory that cannot be made or written says so and what to do") {
  const place at;
  std::filesystem::create_directory(at.path);
  std::ofstream(at.path + "/file") << "not a directory";
  const auto taken = take_data_directory(at.path + "/file");
  REQUIRE_FALSE(taken);
  CHECK_THAT(taken.error().text, Contains(at.path) && Contains("--data"));
  CHECK_FALSE(take_data_directory("/proc/self/nothing")); // not even root may write there
}
