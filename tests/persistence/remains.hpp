#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/persistence/recorded_run.hpp"

/// A copy of what one recorded run left on its disk, to be damaged.
class remains {
public:
  /// The run that all of them are of.
  static const recorded_run& run();
  /// Its disk after some of its steps.
  static platter after(std::size_t steps);

  remains() : remains(after(run().trace().size())) {}
  explicit remains(const platter& disk) { disk.cut_power(directory_.path()); }

  std::string path() const { return directory_.path(); }
  std::string url() const { return "rocksdb:" + path(); }
  /// The newest file of a kind: the log in use (".log"), a table (".sst").
  std::string file(const std::string& part_of_name) const;

  void flip(const std::string& part_of_name, std::uintmax_t at) const;
  void cut(const std::string& part_of_name, std::uintmax_t size) const;

  /// Held against what the run promised by its end, or in its first steps. What is refused is held
  /// a second time: a refusal must leave the witness, and so the next start's refusal, as they are.
  recorded_run::verdict judge() const { return judge(run().trace().size()); }
  recorded_run::verdict judge(std::size_t steps) const;
  /// Its files and their bytes, but those that any opening writes: logs for people and the lock.
  std::map<std::string, std::string> files() const;

private:
  temporary_directory directory_;
};

/// The run's last long write to a log, grown before its bytes: what is left when the file system
/// had written its size, but only the beginning of the data. All answers before it are there.
struct grown_tail {
  std::size_t steps = 0; ///< before that write
  std::size_t bytes = 0; ///< of that write
  grown_tail();
  remains with(const std::string& written) const;
  std::string whole() const { return remains::run().trace()[steps].bytes; }
};
