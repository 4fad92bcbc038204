#include "tests/system/process.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace reenact::tests {
namespace {

constexpr int patience_ms = 60'000;

/// What the child does between fork and exec: only what is safe there.
[[noreturn]] void become(char* const* arguments, char* const* environment, int out, int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  return all;
}

} // namespace

process::process(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
  auto argv = pointers(arguments), variables = pointers(environment);
  for (char** own = environ; *own != nullptr; ++own) variables.push_back(*own);
  argv.push_back(nullptr);
  variables.push_back(nullptr);
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
  err_ = ::memfd_create("stderr", MFD_CLOEXEC);
  REQUIRE(err_ >= 0);
  pid_ = ::fork();
  if (pid_ == 0) become(argv.data(), variables.data(), pipe[1], err_);
  REQUIRE(pid_ > 0);
  ::close(pipe[1]);
  out_ = pipe[0];
}

process::process(process&& other) noexcept
  : pid_(std::exchange(other.pid_, -1)),
    out_(std::exchange(other.out_, -1)),
    err_(std::exchange(other.err_, -1)),
    read_(std::move(other.read_)) {}

process::~process() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

std::optional<std::string> process::line() {
  for (;;) {
    if (const auto end = read_.find('\n'); end != std::string::npos) {
      auto one = read_.substr(0, end);
      read_.erase(0, end + 1);
      return one;
    }
    pollfd ready{.fd = out_, .events = POLLIN, .revents = 0};
    char some[4096];
    if (::poll(&ready, 1, patience_ms) <= 0) return {};
    const auto length = ::read(out_, some, sizeof some);
    if (length <= 0) return read_.empty() ? std::nullopt : std::optional(std::exchange(read_, {}));
    read_.append(some, static_cast<std::size_t>(length));
  }
}

int process::wait() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string process::errors() {
  std::string all;
  char some[4096];
  for (off_t at = 0;; at = static_cast<off_t>(all.size())) {
    const auto length = ::pread(err_, some, sizeof some, at);
    if (length <= 0) return all;
    all.append(some, static_cast<std::size_t>(length));
  }
}

void process::signal(int number) const { ::kill(pid_, number); }

outcome run(const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment) {
  process program(arguments, environment);
  outcome how;
  while (const auto line = program.line()) how.out += *line + "\n";
  how.code = program.wait();
  how.errors = program.errors();
  return how;
}

std::vector<std::string> mallbots(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), MALLBOTS_PROGRAM);
  return arguments;
}

} // namespace reenact::tests
