#pragma once

#include <span>
#include <string>
#include <string_view>

namespace reenact::gateway {

struct http_header {
  std::string_view name, value;
};

/// An answer as its maker sees it: views that must live until `answer` returns. Framing (length,
/// chunks, keep-alive) is the session's. A control character in a header's value becomes a space.
struct http_response {
  unsigned status = 200;
  std::string_view content_type = "application/json"; // empty: no such header
  std::span<const http_header> headers = {};
  std::string_view body = {};
};

/// What a client may do after a 504 (protocols.md F1).
inline constexpr std::string_view outcome_unknown =
    "the request took too long and its outcome is unknown: repeat it only with the same "
    "Idempotency-Key";

/// How an answer is put on the wire.
struct framing {
  bool chunked = false; // the body follows in chunks; or, if `sized` is false too, until the end
  bool sized = true;    // Content-Length of the body
  bool body = true;     // false: HEAD
  bool keep_alive = true;
  bool old = false; // HTTP/1.0: keep-alive has to be said
  std::string_view date = {};
};

/// Written by hand into a buffer used again and again: 1 to 2 us less than Beast's serializer.
void append_response(std::string& out, const http_response& r, const framing& f);
void append_chunk(std::string& out, std::string_view chunk);

/// `{"code":3,"message":"...","details":[]}`
std::string error_body(int code, std::string_view message);

} // namespace reenact::gateway
