#include "tests/persistence/redis_server.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "persistence/redis/connection.hpp"

namespace reenact::tests {
namespace {

namespace redis = persistence::redis;
using namespace std::chrono_literals;

constexpr auto patience = 60s;

std::string text_of(redis::answer_view said) {
  if (!said.is_array())
    return said.text().empty() ? std::to_string(said.integer()) : std::string(said.text());
  std::string all;
  for (std::size_t i = 0; i < said.size(); ++i) all += (i == 0 ? "" : " ") + text_of(said[i]);
  return all;
}

} // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&at), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  ::close(fd);
  return ::ntohs(at.sin_port);
}

redis_server::redis_server(std::vector<std::string> arguments, bool tcp)
  : arguments_({"redis-server", "--bind", "127.0.0.1", "--unixsocket", socket(), "--dir",
                directory_.path(), "--logfile", directory_.path() + "/log", "--save", "",
                "--appendonly", "yes", "--appendfsync", "always"}),
    port_(tcp ? free_port() : 0) {
  arguments_.insert(arguments_.end(), {"--port", std::to_string(port_)});
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i)
    if (arguments[i] == "--requirepass") password_ = arguments[i + 1];
  arguments_.insert(arguments_.end(), arguments.begin(), arguments.end());
  start();
}

redis_server::~redis_server() {
  if (pid_ > 0) signal(SIGKILL);
}

void redis_server::start() {
  std::vector<char*> argv;
  for (auto& a : arguments_) argv.push_back(a.data());
  argv.push_back(nullptr);
  std::filesystem::remove(socket());
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  REQUIRE(pid_ > 0);
  const auto until = redis::clock::now() + patience;
  while (!answers()) {
    INFO("redis-server does not start; its log is " << directory_.path() << "/log");
    REQUIRE(redis::clock::now() < until);
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, WNOHANG) == 0);
    ::poll(nullptr, 0, 1); // until it listens there is nothing else to wait for
  }
}

bool redis_server::answers() const { return ask({"PING"}) == "PONG"; }

void redis_server::signal(int number) {
  ::kill(pid_, number);
  if (number != SIGKILL && number != SIGTERM) return;
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string redis_server::ask(std::initializer_list<std::string_view> command) const {
  const auto until = redis::clock::now() + patience;
  auto at = redis::connection::open({.path = socket()}, until);
  if (!at) return {};
  if (!password_.empty() && !at->ask(redis::command("AUTH").add(password_), until)) return {};
  redis::command whole;
  for (const auto part : command) whole.add(part);
  const auto said = at->ask(whole, until);
  return said ? text_of(said->view()) : "";
}

std::string redis_server::info(std::string_view name) const {
  const auto all = ask({"INFO", "all"});
  const auto begin = all.find("\n" + std::string(name) + ":");
  if (begin == std::string::npos) return {};
  const auto value = begin + name.size() + 2;
  return all.substr(value, all.find('\r', value) - value);
}

std::string redis_server::append_only_file() const {
  std::string newest;
  for (const auto& file : std::filesystem::directory_iterator(directory() + "/appendonlydir"))
    if (file.path().string().ends_with(".incr.aof"))
      newest = std::max(newest, file.path().string());
  return newest;
}

} // namespace reenact::tests
