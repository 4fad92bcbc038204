#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "gateway/http_response.hpp"

namespace reenact::gateway {

class io_thread;
class session;
void intrusive_ptr_add_ref(const session* s);
void intrusive_ptr_release(const session* s);

/// The right to one step of an answer. Move-only and good for once, so a session that waits for a
/// step waits for this one; one that has given it up (time ran out, the client left) is on its way
/// to be closed and ignores it.
class reply_right {
public:
  explicit reply_right(boost::intrusive_ptr<session> s) : session_(std::move(s)) {}
  reply_right(reply_right&&) noexcept = default;
  reply_right& operator=(reply_right&&) = delete;

  /// Where the session lives: the only thread that may call `answer` without a post.
  io_thread& home() const;

protected:
  ~reply_right() = default;
  /// Does `f(session)` on the session's thread, now if this is it. Spends the right.
  template <class F>
  void at_home(F f);

  boost::intrusive_ptr<session> session_;
};

/// The next piece of a streamed body, to be written once. May be kept and used from any thread.
/// Destroyed unused it breaks the connection off, which tells the client that the body is not
/// whole.
class next_piece : public reply_right {
public:
  using reply_right::reply_right;
  next_piece(next_piece&&) noexcept = default;
  ~next_piece();

  /// Written as one chunk; the producer is called again when the client has taken it.
  void write(std::string chunk) &&;
  /// The last piece; may be empty.
  void end(std::string chunk = {}) &&;
};

/// Called on the session's I/O thread for each piece of a body.
using producer = std::function<void(next_piece)>;

/// One request on its way to its answer. May be kept and answered once, from any thread; destroyed
/// unanswered it answers 500, so no client waits for nothing. Views of the request are valid until
/// then.
class exchange : public reply_right {
public:
  using reply_right::reply_right;
  exchange(exchange&&) noexcept = default;
  ~exchange();

  std::string_view method() const;
  std::string_view target() const; // as sent, with the query
  std::string_view body() const;
  std::optional<std::string_view> header(std::string_view name) const;

  void answer(const http_response& r) &&;
  /// An answer whose body comes in pieces, each asked for when the one before has been written.
  void stream(const http_response& head, producer next) &&;
};

} // namespace reenact::gateway
