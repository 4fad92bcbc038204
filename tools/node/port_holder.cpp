#include "tools/node/port_holder.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace reenact::tools {
namespace {

namespace fs = std::filesystem;

/// The inode of the listening socket, from the kernel's table: "sl local_address rem_address st
/// ...".
std::optional<std::string> listening_inode(const char* table, std::uint16_t port) {
  std::ifstream in(table);
  std::string line;
  std::getline(in, line); // the heading
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    const auto colon = local.rfind(':');
    constexpr auto listening = "0A";
    if (state == listening && colon != std::string::npos &&
        std::stoul(local.substr(colon + 1), nullptr, 16) == port)
      return inode;
  }
  return {};
}

bool holds(const fs::path& process, const std::string& socket) {
  std::error_code error;
  for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end;
       fd.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(fd->path(), gone) == socket) return true;
  }
  return false;
}

} // namespace

std::optional<std::string> holder_of_port(std::uint16_t port) {
  auto inode = listening_inode("/proc/net/tcp", port);
  if (!inode) inode = listening_inode("/proc/net/tcp6", port);
  if (!inode) return {};
  const auto socket = "socket:[" + *inode + "]";
  std::error_code error;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const auto pid = process->path().filename().string();
    const bool number =
        std::all_of(pid.begin(), pid.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!number || !holds(process->path(), socket)) continue;
    std::string name;
    std::getline(std::ifstream(process->path() / "comm"), name);
    return "pid " + pid + " (" + name + ")";
  }
  return "another user's process";
}

std::uint16_t free_port(const std::string& host) {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  boost::system::error_code error;
  const auto found = tcp::resolver(io).resolve(host, "0", error);
  if (error) return 0;
  tcp::acceptor attempt(io);
  const auto place = found.begin()->endpoint();
  attempt.open(place.protocol(), error);
  if (!error) attempt.bind(place, error);
  return error ? 0 : attempt.local_endpoint().port();
}

std::string mistake_at(const endpoint& at) {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  boost::system::error_code error;
  const auto found = tcp::resolver(io).resolve(at.host, std::to_string(at.port), error);
  if (error) return to_string(at) + ": " + error.message();
  tcp::acceptor attempt(io);
  const auto place = found.begin()->endpoint();
  attempt.open(place.protocol(), error);
  if (!error) attempt.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) attempt.bind(place, error);
  if (!error) return {};
  if (error == boost::asio::error::address_in_use)
    return to_string(at) + " is taken by " +
           holder_of_port(at.port).value_or("a process that cannot be found");
  return to_string(at) + ": " + error.message();
}

} // namespace reenact::tools
