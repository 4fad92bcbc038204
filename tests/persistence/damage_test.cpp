#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "persistence/repair.hpp"
#include "tests/persistence/remains.hpp"

// Bytes that are not what was written: found, and said. The journal may refuse, it may never be
// wrong. Each test damages copies of one recorded run's disk.
namespace {

namespace fs = std::filesystem;
using verdict = recorded_run::verdict::kind;

bool names_repair(const recorded_run::verdict& v) {
  return v.text.find("mallbots journal repair") != std::string::npos;
}

std::uintmax_t size_of(const std::string& part_of_name) {
  return fs::file_size(remains().file(part_of_name));
}

} // namespace

TEST_CASE("an untouched copy of the run is whole", "[damage]") {
  CHECK(size_of(".log") > 10'000);
  CHECK(size_of(".sst") > 10'000);
  CHECK(remains().judge().what == verdict::kept);
}

TEST_CASE("a flipped bit anywhere in the log refuses to open and names repair", "[damage]") {
  const auto size = size_of(".log");
  for (std::uintmax_t at = 0; at < size; at += 1 + size / 50) {
    const remains copy;
    copy.flip(".log", at);
    const auto how = copy.judge();
    INFO("byte " << at << " of " << size << ": " << how.text);
    CHECK(how.what == verdict::refused);
    CHECK(names_repair(how));
  }
}

TEST_CASE("a log cut off anywhere before its witness refuses to open", "[damage]") {
  const auto size = size_of(".log");
  for (std::uintmax_t left = 0; left < size; left += 1 + size / 40) {
    const remains copy;
    copy.cut(".log", left);
    const auto how = copy.judge();
    INFO(left << " bytes left of " << size << ": " << how.text);
    CHECK(how.what == verdict::refused);
    CHECK(names_repair(how));
  }
}

TEST_CASE("a flipped bit in a table or the manifest is never read as truth", "[damage]") {
  const auto name = GENERATE(std::string(".sst"), std::string("MANIFEST"));
  const auto size = size_of(name);
  std::size_t refused = 0;
  for (std::uintmax_t at = 0; at < size; at += 1 + size / 50) {
    const remains copy;
    copy.flip(name, at);
    const auto how = copy.judge();
    INFO("byte " << at << " of " << size << ": " << how.text);
    CHECK(how.what != verdict::lied);
    refused += how.what == verdict::refused ? 1 : 0;
  }
  CHECK(refused > 10);
}

TEST_CASE("a file that is cut off or gone refuses to open", "[damage]") {
  const auto name = GENERATE(std::string(".sst"), std::string("MANIFEST"), std::string("CURRENT"),
                             std::string(".log"));
  const auto judge_part = [&](double part) {
    const remains copy;
    copy.cut(name, static_cast<std::uintmax_t>(static_cast<double>(size_of(name)) * part));
    return copy.judge().what;
  };
  CHECK(judge_part(0) == verdict::refused);
  // A manifest's later lines may say nothing that is needed: then all is still there.
  const auto half = judge_part(0.5);
  CHECK((half == verdict::refused || (name == "MANIFEST" && half == verdict::kept)));
  CHECK(judge_part(0.99) != verdict::lied);
  const remains copy;
  fs::remove(copy.file(name));
  CHECK(copy.judge().what == verdict::refused);
}

TEST_CASE("a journal without its CURRENT is not made anew, whatever is left of it", "[damage]") {
  const remains copy;
  fs::remove(copy.file("CURRENT"));
  if (GENERATE(false, true)) fs::remove(copy.path() + "/witness");
  const auto before = copy.files();
  for (int start = 0; start < 2; ++start) {
    const auto how = copy.judge();
    CHECK(how.what == verdict::refused);
    CHECK(how.text.find("CURRENT is gone") != std::string::npos);
    CHECK(how.text.find("Restore a backup") != std::string::npos);
  }
  CHECK(copy.files() == before);
  const auto repaired =
      reenact::persistence::repair(copy.url(), reenact::persistence::repair_mode::apply);
  REQUIRE(!repaired);
  CHECK(repaired.error().text.find("cannot be repaired") != std::string::npos);
  CHECK(copy.files() == before);
}

TEST_CASE(
    "of the last write a power cut leaves less: short opens, zeros after its beginning do not",
    "[damage]") {
  const grown_tail tail;
  const auto judge = [&](const std::string& written) {
    return tail.with(written).judge(tail.steps);
  };
  CHECK(judge(std::string(tail.bytes, '\0')).what == verdict::kept);
  int refused = 0;
  for (std::size_t left = 1; left < tail.bytes; left += 1 + tail.bytes / 20) {
    const auto begun = tail.whole().substr(0, left);
    const auto shorter = judge(begun);
    INFO(left << " bytes of " << tail.bytes << ": " << shorter.text);
    CHECK(shorter.what == verdict::kept);
    const auto grown = judge(begun + std::string(tail.bytes - left, '\0'));
    INFO(grown.text);
    CHECK(grown.what != verdict::lied);
    if (grown.what != verdict::refused) continue;
    CHECK(names_repair(grown));
    ++refused;
  }
  CHECK(refused > 10);
}
