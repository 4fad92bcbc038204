#include "tests/persistence/remains.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

namespace fs = std::filesystem;

const recorded_run& remains::run() {
  static const recorded_run one(11, 400);
  return one;
}

platter remains::after(std::size_t steps) {
  platter disk;
  for (std::size_t i = 0; i < steps; ++i) disk.apply(run().trace()[i]);
  return disk;
}

std::string remains::file(const std::string& part_of_name) const {
  std::string newest; // older ones may be there still and no longer matter
  for (const auto& entry : fs::directory_iterator(path() + "/db"))
    if (entry.path().filename().string().find(part_of_name) != std::string::npos)
      newest = std::max(newest, entry.path().string());
  return newest;
}

recorded_run::verdict remains::judge(std::size_t steps) const {
  using kind = recorded_run::verdict::kind;
  const auto witness = files()["witness"];
  auto first = run().hold_against(steps, path());
  if (first.what != kind::refused) return first;
  CHECK(files()["witness"] == witness);
  CHECK(run().hold_against(steps, path()).what == kind::refused);
  return first;
}

std::map<std::string, std::string> remains::files() const {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(path())) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.starts_with("LOG") || name == "LOCK" || name == "lock")
      continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all[fs::relative(entry.path(), path()).string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return all;
}

void remains::flip(const std::string& part_of_name, std::uintmax_t at) const {
  std::fstream of(file(part_of_name), std::ios::in | std::ios::out | std::ios::binary);
  of.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(of.get() ^ (1 << (at % 8)));
  of.seekp(static_cast<std::streamoff>(at));
  of.put(byte);
}

void remains::cut(const std::string& part_of_name, std::uintmax_t size) const {
  fs::resize_file(file(part_of_name), size);
}

grown_tail::grown_tail() {
  const auto& trace = remains::run().trace();
  steps = trace.size() - 1;
  while (trace[steps].what != disk_op::kind::write || !trace[steps].path.ends_with(".log") ||
         trace[steps].bytes.size() < 500)
    --steps;
  bytes = trace[steps].bytes.size();
}

remains grown_tail::with(const std::string& written) const {
  const auto& write = remains::run().trace()[steps];
  auto disk = remains::after(steps);
  disk.apply({disk_op::kind::write, write.path, written, write.file});
  disk.apply({disk_op::kind::sync, write.path, {}, write.file});
  return remains(disk);
}
