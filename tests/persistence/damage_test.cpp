#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/persistence/recorded_run.hpp"

// Bytes that are not what was written: found, and said. The journal may refuse, it may never be
// wrong. Each test damages copies of one recorded run's disk.
namespace {

namespace fs = std::filesystem;
using verdict = recorded_run::verdict::kind;

const recorded_run& run() {
  static const recorded_run one(11, 400);
  return one;
}

platter after(std::size_t steps) {
  platter disk;
  for (std::size_t i = 0; i < steps; ++i) disk.apply(run().trace()[i]);
  return disk;
}

/// A copy of the disk as the run left it.
struct remains {
  temporary_directory directory;
  remains() { after(run().trace().size()).cut_power(directory.path()); }

  /// The largest file of a kind: the log in use, a table.
  std::string file(const std::string& ending) const {
    std::string found;
    for (const auto& entry : fs::directory_iterator(directory.path() + "/db"))
      if (entry.path().string().find(ending) != std::string::npos &&
          (found.empty() || entry.file_size() > fs::file_size(found)))
        found = entry.path();
    return found;
  }
  recorded_run::verdict judge() const {
    return run().hold_against(run().trace().size(), directory.path());
  }
};

void flip(const std::string& path, std::uintmax_t at, char bits) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(file.get() ^ bits);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

bool names_repair(const recorded_run::verdict& v) {
  return v.text.find("mallbots journal repair") != std::string::npos;
}

} // namespace

TEST_CASE("an untouched copy of the run is whole", "[damage]") {
  const remains copy;
  CHECK(fs::file_size(copy.file(".log")) > 10'000);
  CHECK(fs::file_size(copy.file(".sst")) > 10'000);
  CHECK(copy.judge().what == verdict::kept);
}

TEST_CASE("a flipped bit anywhere in the log refuses to open and names repair", "[damage]") {
  const auto size = fs::file_size(remains().file(".log"));
  for (std::uintmax_t at = 0; at < size; at += 1 + size / 50) {
    const remains copy;
    flip(copy.file(".log"), at, static_cast<char>(1 << (at % 8)));
    const auto how = copy.judge();
    INFO("byte " << at << " of " << size << ": " << how.text);
    CHECK(how.what == verdict::refused);
    CHECK(names_repair(how));
  }
}

TEST_CASE("a log cut off anywhere before its witness refuses to open", "[damage]") {
  const auto size = fs::file_size(remains().file(".log"));
  for (std::uintmax_t left = 0; left < size; left += 1 + size / 40) {
    const remains copy;
    fs::resize_file(copy.file(".log"), left);
    const auto how = copy.judge();
    INFO(left << " bytes left of " << size << ": " << how.text);
    CHECK(how.what == verdict::refused);
    CHECK(names_repair(how));
  }
}

TEST_CASE("a flipped bit in a table or the manifest is never read as truth", "[damage]") {
  const auto ending = GENERATE(std::string(".sst"), std::string("MANIFEST"));
  const auto size = fs::file_size(remains().file(ending));
  std::size_t refused = 0;
  for (std::uintmax_t at = 0; at < size; at += 1 + size / 50) {
    const remains copy;
    flip(copy.file(ending), at, static_cast<char>(1 << (at % 8)));
    const auto how = copy.judge();
    INFO("byte " << at << " of " << size << ": " << how.text);
    CHECK(how.what != verdict::lied);
    refused += how.what == verdict::refused ? 1 : 0;
  }
  CHECK(refused > 10);
}

TEST_CASE("a file that is cut off or gone refuses to open", "[damage]") {
  const auto ending = GENERATE(std::string(".sst"), std::string("MANIFEST"), std::string("CURRENT"),
                               std::string(".log"));
  const auto judge_with = [&](const auto& damage) {
    const remains copy;
    damage(copy.file(ending));
    return copy.judge().what;
  };
  const auto keep = [&](double part) {
    return judge_with([&](const std::string& path) {
      fs::resize_file(path, static_cast<std::uintmax_t>(double(fs::file_size(path)) * part));
    });
  };
  CHECK(keep(0) == verdict::refused);
  CHECK(keep(0.5) == verdict::refused);
  CHECK(keep(0.99) != verdict::lied); // the manifest's last lines may say nothing that is needed
  CHECK(judge_with([](const std::string& path) { fs::remove(path); }) == verdict::refused);
}

TEST_CASE(
    "of the last write a power cut leaves less: short opens, zeros after its beginning do not",
    "[damage]") {
  const auto& trace = run().trace();
  std::size_t last = trace.size();
  while (trace[last - 1].what != disk_op::kind::write || !trace[last - 1].path.ends_with(".log") ||
         trace[last - 1].bytes.size() < 500)
    --last;
  const auto& write = trace[last - 1];
  const auto size = write.bytes.size();
  const auto judge = [&](const std::string& bytes) {
    auto disk = after(last - 1);
    disk.apply({disk_op::kind::write, write.path, bytes, write.file});
    disk.apply({disk_op::kind::sync, write.path, {}, write.file});
    const temporary_directory survivors;
    disk.cut_power(survivors.path());
    return run().hold_against(last - 1, survivors.path());
  };
  CHECK(judge(std::string(size, '\0')).what == verdict::kept);
  int refused = 0;
  for (std::size_t left = 1; left < size; left += 1 + size / 20) {
    const auto shorter = judge(write.bytes.substr(0, left));
    INFO(left << " bytes of " << size << ": " << shorter.text);
    CHECK(shorter.what == verdict::kept);
    const auto grown = judge(write.bytes.substr(0, left) + std::string(size - left, '\0'));
    INFO(grown.text);
    CHECK(grown.what != verdict::lied);
    if (grown.what != verdict::refused) continue;
    CHECK(names_repair(grown));
    ++refused;
  }
  CHECK(refused > 10);
}
