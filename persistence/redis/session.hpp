#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "persistence/redis/connection.hpp"
#include "persistence/redis/scripts.hpp"

namespace reenact::persistence::redis {

/// What is asked of the server: a command, or a script with its keys and arguments.
struct request {
  request() = default;
  explicit request(command plain) : arguments(std::move(plain)) {}
  explicit request(script s) : which(s) {}

  std::optional<script> which;
  command keys;
  command arguments;
};

/// What the server says of an error of its, in words for the operator.
failure refused_by(answer_view error);

/// A connection that has shown its password, chosen its database and brought its scripts. One
/// thread at a time, but for interrupt().
class session {
public:
  static result<session> open(const address& to, deadline until);

  void put(const request& what);
  status flush(deadline until) { return wire_.flush(until); }
  result<answer> receive(deadline until) { return wire_.receive(until); }
  /// All of them in one go, and an answer for each. Brings the scripts anew if the server has
  /// forgotten them, so only for what may be asked twice.
  result<std::vector<answer>> ask(std::span<const request> all, deadline until);
  result<answer> ask(const request& one, deadline until);

  /// Whether the server has forgotten the script, so that nothing happened.
  static bool is_forgotten(answer_view said) { return said.text().starts_with("NOSCRIPT"); }
  status bring_scripts(deadline until);

  bool alive() const { return wire_.alive(); }
  void interrupt() const { wire_.interrupt(); }

private:
  explicit session(connection wire) : wire_(std::move(wire)) {}
  status introduce(const address& to, deadline until);

  connection wire_;
  std::array<std::string, script_count> names_;
};

} // namespace reenact::persistence::redis
