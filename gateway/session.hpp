#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/exchange.hpp"
#include "gateway/http_request.hpp"
#include "gateway/io_thread.hpp"

namespace reenact::gateway {

/// One connection: reads requests one at a time, in order, and writes their answers. Lives on its
/// I/O thread; only the reference count may be touched from elsewhere. Pipelined requests wait in
/// the read buffer, which is no larger than a head may be. Errors of a client are answered and end
/// the connection, errors of the socket end it in silence.
class session {
public:
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;

  session(socket s, std::shared_ptr<io_thread> home);

  void start();
  /// Says that the server is full, and closes.
  void turn_away();
  /// Closes after the request that is under way, or that comes in a moment.
  void drain();
  void close();
  void tick();

  io_thread& home() { return *home_; }
  const http_request& request() const { return request_; }

  // Steps of an answer; one that is not waited for any more changes nothing.
  void answer(const http_response& r);
  void stream(const http_response& head, producer next);
  void write_piece(std::string_view chunk, bool last);
  void break_off();

private:
  friend class io_thread; // keeps slot_
  friend void intrusive_ptr_add_ref(const session* s);
  friend void intrusive_ptr_release(const session* s);

  enum class state {
    reading,    ///< a request, or the wait for one
    processing, ///< the handler has the exchange
    streaming,  ///< the next piece is to be asked for
    producing,  ///< the producer has it
    closing,    ///< write what is left, then linger
    lingering,  ///< say no more, throw away what still comes: closing at once would reset the
                ///< connection and could destroy the answer on its way
    closed
  };
  enum class phase { none, idle, head, body };

  void run();
  bool step();
  bool read_request();
  bool ask_for_piece();
  void dispatch();
  void refuse(unsigned status, int code, std::string_view message,
              std::span<const http_header> headers = {});
  void begin_answer(const http_response& r, const framing& f);
  void finish_request(bool keep_alive);
  framing frame() const;

  void ask_to_read();
  void on_read(const boost::system::error_code& ec, std::size_t n);
  void note_phase();
  void rest();
  void account();
  bool flush();
  void write_rest();
  void linger();
  void wait_at_most(std::chrono::milliseconds t) { deadline_ = home_->now() + t; }

  mutable std::atomic<std::uint32_t> references_ = 0;
  std::size_t slot_ = 0;
  const std::shared_ptr<io_thread> home_;
  std::optional<socket> socket_; // none when closed: a late answer may destroy us on any thread
  http_request request_;
  state state_ = state::reading;
  phase phase_ = phase::none;
  io_thread::time_point deadline_ = io_thread::time_point::max();
  producer producer_;
  bool running_ = false, reading_ = false, writing_ = false, chunked_ = false;

  std::unique_ptr<char[]> in_;
  std::size_t in_size_ = 0, in_begin_ = 0, in_end_ = 0;
  std::string out_;         // to be written
  std::string writing_out_; // being written by the kernel's leave
  std::size_t written_ = 0;
  std::size_t accounted_ = 0; // bytes that the server was told we hold
};

inline void intrusive_ptr_add_ref(const session* s) {
  s->references_.fetch_add(1, std::memory_order_relaxed);
}
inline void intrusive_ptr_release(const session* s) {
  if (s->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete s;
}

} // namespace reenact::gateway
