#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "persistence/redis/address.hpp"
#include "persistence/redis/command.hpp"
#include "persistence/result.hpp"

struct redisContext;
struct redisReply;

namespace reenact::persistence::redis {

using clock = std::chrono::steady_clock;
using deadline = clock::time_point;

/// A part of an answer. Looks into the answer it is of, and lives no longer. What is asked as
/// something it is not is empty, 0 or nothing: no answer of a server can do harm.
class answer_view {
public:
  answer_view() = default;
  explicit answer_view(const redisReply* of) : of_(of) {}

  bool is_nil() const;
  bool is_error() const;
  bool is_array() const;
  std::string_view text() const; ///< of a string, a status or an error
  std::int64_t integer() const;  ///< also of a string of digits
  std::uint64_t number() const;  ///< likewise; what is negative or no number is 0
  std::size_t size() const;      ///< of an array
  answer_view operator[](std::size_t i) const;

private:
  const redisReply* of_ = nullptr;
};

/// An answer of the server, which may be an error of its.
class answer {
public:
  explicit answer(redisReply* whole);
  answer_view view() const { return answer_view(whole_.get()); }
  answer_view operator[](std::size_t i) const { return view()[i]; }

private:
  struct release {
    void operator()(redisReply* whole) const;
  };
  std::unique_ptr<redisReply, release> whole_;
};

/// One connection to a Redis: commands go out in order, answers come back in that order. One thread
/// at a time, but for interrupt(). Every wait has a deadline; after the first failure it is dead.
/// The only place that knows hiredis.
class connection {
public:
  static result<connection> open(const address& to, deadline until);
  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  /// Waits for flush() or receive() to go out.
  void put(const command& what);
  /// Everything has been given to the system when this is done; nobody may have got it.
  status flush(deadline until);
  /// The next answer; what waits goes out before.
  result<answer> receive(deadline until);
  /// One command, with nothing else on its way.
  result<answer> ask(const command& what, deadline until);

  bool alive() const;
  /// Any thread: whoever waits here fails at once.
  void interrupt() const;

private:
  struct close {
    void operator()(redisContext* context) const;
  };
  explicit connection(redisContext* context);
  failure fail(const std::string& why);
  bool wait_for(short events, deadline until) const;

  std::unique_ptr<redisContext, close> context_;
  std::string out_;
  std::size_t sent_ = 0; ///< of out_
  bool dead_ = false;
};

} // namespace reenact::persistence::redis
