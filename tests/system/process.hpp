#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace reenact::tests {

/// A program of ours that runs as a process, killed when this ends and when the test dies.
class process {
public:
  /// Starts `arguments[0]`, with `environment` ("NAME=value") beside the test's own.
  explicit process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {});
  ~process();
  process(process&& other) noexcept;
  process& operator=(process&&) = delete;

  /// The next line of its stdout; none when it ended or said nothing for a minute.
  std::optional<std::string> line();
  /// Waits for the end: the exit code, or minus the signal that ended it.
  int wait();
  /// Everything it wrote to stderr so far; all of it after wait().
  std::string errors();
  void signal(int number) const;
  pid_t pid() const { return pid_; }

private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;     ///< an unnamed file, so a talkative program never blocks
  std::string read_; ///< of stdout, not yet given out
};

/// Runs a program to its end.
struct outcome {
  int code = 0;
  std::string out;
  std::string errors;
};
outcome run(const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment = {});

/// The program under test with these arguments.
std::vector<std::string> mallbots(std::vector<std::string> arguments);

} // namespace reenact::tests
