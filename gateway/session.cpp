#include "gateway/session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace reenact::gateway {
namespace {

using boost::system::error_code;

constexpr std::size_t read_bytes_min = 4U << 10;   // what an idle connection costs
constexpr std::size_t batch_bytes_max = 64U << 10; // answers to pipelined requests in one write

constexpr http_header retry_later[] = {{"Retry-After", "1"}};

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

void add(std::atomic<std::uint64_t>& counter, std::uint64_t n) {
  counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

} // namespace

session::session(socket s, std::shared_ptr<io_thread> home)
  : home_(std::move(home)),
    socket_(std::move(s)),
    request_(home_->options()) {}

void session::start() {
  home_->add(this);
  error_code
      ignored; // a socket that refuses is a socket that is already gone: the read will say so
  socket_->set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket_->non_blocking(true, ignored);
  run();
}

void session::turn_away() {
  state_ = state::closing;
  refuse(503, 14, "too many connections", retry_later);
  start();
}

void session::drain() {
  if (phase_ == phase::idle) wait_at_most(home_->options().drain_time);
}

void session::close() {
  if (state_ == state::closed) return;
  const boost::intrusive_ptr<session> self(this);
  state_ = state::closed;
  home_->account(std::exchange(accounted_, 0), 0);
  socket_.reset();
  home_->remove(*this);
}

void session::tick() {
  if (home_->now() < deadline_) return;
  if (state_ == state::processing) {
    refuse(504, 4, outcome_unknown);
    return run();
  }
  if (state_ == state::reading && !writing_ && (phase_ == phase::head || phase_ == phase::body)) {
    refuse(408, 4, "the request did not come in time");
    return run();
  }
  error_code ignored; // a socket that has failed has nothing to read
  if (phase_ == phase::idle && socket_->available(ignored) > 0) return; // it will be read now
  close();
}

/// Takes steps until one has to wait. A step may call code that calls back into the session, so a
/// call from within a step only leaves its mark for the loop.
void session::run() {
  if (running_) return;
  const boost::intrusive_ptr<session> self(this);
  running_ = true;
  const bool sound = io_thread::survives([this] {
    while (step()) {
    }
    account();
  });
  running_ = false;
  if (!sound) close();
}

bool session::step() {
  switch (state_) {
    case state::reading: return read_request();
    case state::processing:
    case state::producing: flush(); return false;
    case state::streaming: return ask_for_piece();
    case state::closing:
      if (flush()) linger();
      return false;
    case state::lingering:
    case state::closed: return false;
  }
  return false;
}

bool session::read_request() {
  producer_ = nullptr;
  if (out_.size() >= batch_bytes_max && !flush()) return false;
  std::size_t used = 0;
  const auto verdict = request_.feed({in_.get() + in_begin_, in_end_ - in_begin_}, used);
  in_begin_ += used;
  switch (verdict) {
    case http_request::verdict::complete: dispatch(); return true;
    case http_request::verdict::malformed: refuse(400, 3, "the request is malformed"); return true;
    case http_request::verdict::head_too_large:
      refuse(431, 3, "the request's headers are too large");
      return true;
    case http_request::verdict::body_too_large:
      refuse(413, 8, "the request's body is too large");
      return true;
    case http_request::verdict::more: break;
  }
  if (request_.is_large() && home_->full()) {
    refuse(503, 14, "too much is being read: try again later", retry_later);
    return true;
  }
  if (request_.wants_continue()) out_ += continue_line;
  if (!flush()) return false;
  note_phase();
  ask_to_read();
  return state_ != state::reading;
}

/// Gives each phase of reading its time, when it begins.
void session::note_phase() {
  const auto now = request_.has_head()                        ? phase::body
                   : request_.began() || in_begin_ != in_end_ ? phase::head
                                                              : phase::idle;
  if (now == phase_) return;
  phase_ = now;
  if (now == phase::idle) rest();
  const auto& times = home_->options();
  wait_at_most(now != phase::idle  ? times.read_time
               : home_->draining() ? times.drain_time
                                   : times.idle_time);
}

/// Gives back what a large request or answer took.
void session::rest() {
  if (in_size_ > read_bytes_min && !reading_) {
    in_.reset();
    in_size_ = in_begin_ = in_end_ = 0;
  }
  for (auto* out : {&out_, &writing_out_})
    if (out->capacity() > batch_bytes_max) std::string().swap(*out);
}

void session::account() {
  if (state_ == state::closed) return;
  const auto now = in_size_ + request_.bytes() + out_.capacity() + writing_out_.capacity();
  if (now != accounted_) home_->account(std::exchange(accounted_, now), now);
}

void session::dispatch() {
  state_ = state::processing;
  phase_ = phase::none;
  wait_at_most(home_->options().process_time);
  add(home_->requests, 1);
  io_thread::survives([this] { home_->shared().handler(exchange(this)); }); // else it is dropped
}

framing session::frame() const {
  return {.body = !request_.is_head(),
          .keep_alive = request_.keep_alive() && !home_->draining(),
          .old = !request_.knows_chunks(),
          .date = home_->date()};
}

void session::answer(const http_response& r) {
  if (state_ != state::processing) return;
  const auto f = frame();
  begin_answer(r, f);
  finish_request(f.keep_alive);
  run();
}

void session::stream(const http_response& head, producer next) {
  if (state_ != state::processing) return;
  if (home_->full() && !request_.is_head()) {
    refuse(503, 14, "too much is being written: try again later", retry_later);
    return run();
  }
  auto f = frame();
  f.sized = false;
  f.chunked = chunked_ = request_.knows_chunks();
  f.keep_alive = f.keep_alive && chunked_;
  begin_answer({head.status, head.content_type, head.headers}, f);
  if (request_.is_head()) {
    finish_request(f.keep_alive);
  } else {
    state_ = state::streaming;
    wait_at_most(home_->options().write_time);
    producer_ = std::move(next);
  }
  run();
}

bool session::ask_for_piece() {
  if (!flush()) return false;
  state_ = state::producing;
  wait_at_most(home_->options().process_time);
  producer_(next_piece(this));
  return true;
}

void session::write_piece(std::string_view chunk, bool last) {
  if (state_ != state::producing) return;
  if (!chunked_)
    out_ += chunk;
  else if (!chunk.empty())
    append_chunk(out_, chunk);
  if (last && chunked_) out_ += last_chunk;
  if (last)
    finish_request(chunked_ && frame().keep_alive);
  else
    state_ = state::streaming;
  run();
}

void session::break_off() {
  if (state_ == state::producing) close();
}

/// An answer of the server itself, after which nothing the client sends can be trusted.
void session::refuse(unsigned status, int code, std::string_view message,
                     std::span<const http_header> headers) {
  const auto body = error_body(code, message);
  std::vector<http_header> all(headers.begin(), headers.end());
  std::string id;
  if (home_->options().request_id) {
    id = home_->options().request_id(request_.header("X-Request-Id"));
    all.push_back({"X-Request-Id", id});
  }
  begin_answer({.status = status, .headers = all, .body = body},
               {.body = !request_.is_head(), .keep_alive = false, .date = home_->date()});
  finish_request(false);
}

void session::begin_answer(const http_response& r, const framing& f) {
  add(home_->answers[r.status / 100 % home_->answers.size()], 1);
  append_response(out_, r, f);
}

void session::finish_request(bool keep_alive) {
  phase_ = phase::none;
  if (!keep_alive) {
    state_ = state::closing; // the request stays: who was too late may still look at it
    return;
  }
  request_.reset();
  state_ = state::reading;
}

/// Writes what is there; false if the socket takes no more, and `run` will be called when it does.
bool session::flush() {
  if (writing_) return false;
  if (out_.empty()) return true;
  error_code ec;
  const auto n = socket_->write_some(boost::asio::buffer(out_), ec);
  if (n == out_.size()) {
    out_.clear();
    return true;
  }
  if (ec && ec != boost::asio::error::would_block) {
    close();
    return false;
  }
  writing_ = true;
  writing_out_.swap(out_);
  written_ = n;
  write_rest();
  return false;
}

void session::write_rest() {
  if (state_ != state::processing && state_ != state::producing)
    wait_at_most(home_->options().write_time);
  phase_ = phase::none;
  socket_->async_write_some(
      boost::asio::buffer(writing_out_) + written_,
      [self = boost::intrusive_ptr<session>(this)](const error_code& ec, std::size_t n) {
        if (self->state_ == state::closed) return;
        if (ec) return self->close();
        self->written_ += n;
        if (self->written_ < self->writing_out_.size()) return self->write_rest();
        self->writing_ = false;
        self->writing_out_.clear();
        self->run();
      });
}

void session::ask_to_read() {
  if (reading_) return;
  if (in_begin_ > 0) {
    std::memmove(in_.get(), in_.get() + in_begin_, in_end_ - in_begin_);
    in_end_ -= in_begin_;
    in_begin_ = 0;
  }
  const auto bytes_max = home_->options().head_bytes_max + read_bytes_min;
  if (in_end_ == bytes_max) {
    refuse(431, 3, "the request's headers are too large");
    return;
  }
  if (in_end_ == in_size_ || phase_ == phase::body) {
    const auto size = in_size_ == 0 ? read_bytes_min : bytes_max;
    if (size > in_size_) {
      auto larger = std::make_unique_for_overwrite<char[]>(size);
      if (in_end_ > 0) std::memcpy(larger.get(), in_.get(), in_end_);
      in_ = std::move(larger);
      in_size_ = size;
    }
  }
  reading_ = true;
  socket_->async_read_some(boost::asio::buffer(in_.get() + in_end_, in_size_ - in_end_),
                           [self = boost::intrusive_ptr<session>(this)](
                               const error_code& ec, std::size_t n) { self->on_read(ec, n); });
}

void session::on_read(const error_code& ec, std::size_t n) {
  reading_ = false;
  if (state_ == state::closed) return;
  if (ec && (ec != boost::asio::error::eof || !request_.began() || state_ != state::reading))
    return close();
  add(home_->bytes_in, n);
  if (state_ == state::lingering) {
    in_begin_ = in_end_ = 0;
    return ask_to_read();
  }
  in_end_ += n;
  if (ec) refuse(400, 3, "the request is not complete");
  run();
}

void session::linger() {
  state_ = state::lingering;
  wait_at_most(home_->options().linger_time);
  error_code ignored; // then the read below fails and closes
  socket_->shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  in_begin_ = in_end_ = 0;
  ask_to_read();
}

} // namespace reenact::gateway
