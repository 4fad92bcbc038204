#include "gateway/exchange.hpp"

#include <vector>

#include "gateway/session.hpp"

namespace reenact::gateway {
namespace {

/// An answer that has to travel to its session's thread.
class kept_response {
public:
  explicit kept_response(const http_response& r)
    : status_(r.status),
      type_(r.content_type),
      body_(r.body) {
    for (const auto& h : r.headers) headers_.emplace_back(h.name, h.value);
  }

  template <class F>
  void with_view(F f) const {
    std::vector<http_header> headers;
    for (const auto& [name, value] : headers_) headers.push_back({name, value});
    f(http_response{status_, type_, headers, body_});
  }

private:
  unsigned status_;
  std::string type_, body_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

} // namespace

io_thread& reply_right::home() const { return session_->home(); }

template <class F>
void reply_right::at_home(F f) {
  auto s = std::move(session_);
  auto& there = s->home();
  if (io_thread::current() == &there) return f(*s);
  there.post([s = std::move(s), f = std::move(f)] { f(*s); });
}

next_piece::~next_piece() {
  if (session_) at_home([](session& s) { s.break_off(); });
}

void next_piece::write(std::string chunk) && {
  at_home([c = std::move(chunk)](session& s) { s.write_piece(c, false); });
}

void next_piece::end(std::string chunk) && {
  at_home([c = std::move(chunk)](session& s) { s.write_piece(c, true); });
}

exchange::~exchange() {
  if (!session_) return;
  const auto body = error_body(13, "the request was dropped");
  std::move(*this).answer({.status = 500, .body = body});
}

std::string_view exchange::method() const { return session_->request().method(); }
std::string_view exchange::target() const { return session_->request().target(); }
std::string_view exchange::body() const { return session_->request().body(); }
std::optional<std::string_view> exchange::header(std::string_view name) const {
  return session_->request().header(name);
}

void exchange::answer(const http_response& r) && {
  if (io_thread::current() == &home()) {
    const auto s = std::move(session_);
    return s->answer(r);
  }
  at_home([kept = kept_response(r)](session& s) {
    kept.with_view([&](const http_response& view) { s.answer(view); });
  });
}

void exchange::stream(const http_response& head, producer next) && {
  at_home([kept = kept_response(head), next = std::move(next)](session& s) {
    kept.with_view([&](const http_response& view) { s.stream(view, next); });
  });
}

} // namespace reenact::gateway
