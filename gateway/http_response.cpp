#include "gateway/http_response.hpp"

#include <charconv>

#include <boost/beast/http/status.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>

namespace reenact::gateway {
namespace {

void append_number(std::string& out, std::size_t n, int base = 10) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, n, base).ptr;
  out.append(digits, end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const auto start = out.size();
  out.append(value);
  for (auto c = out.begin() + static_cast<std::ptrdiff_t>(start); c != out.end(); ++c)
    if ((static_cast<unsigned char>(*c) < 0x20 && *c != '\t') || *c == 0x7f) *c = ' ';
  out.append("\r\n");
}

} // namespace

void append_response(std::string& out, const http_response& r, const framing& f) {
  if (r.status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else {
    const auto reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(r.status));
    out.append("HTTP/1.1 ");
    append_number(out, r.status);
    out.append(" ").append(reason.data(), reason.size()).append("\r\n");
  }
  if (!r.content_type.empty()) append_header(out, "Content-Type", r.content_type);
  const bool bodiless = r.status == 204 || r.status == 304;
  if (f.chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (f.sized && !bodiless) {
    out.append("Content-Length: ");
    append_number(out, r.body.size());
    out.append("\r\n");
  }
  if (!f.date.empty()) out.append("Date: ").append(f.date).append("\r\n");
  if (!f.keep_alive)
    out.append("Connection: close\r\n");
  else if (f.old)
    out.append("Connection: keep-alive\r\n");
  for (const auto& h : r.headers) append_header(out, h.name, h.value);
  out.append("\r\n");
  if (f.body && f.sized && !bodiless) out.append(r.body);
}

void append_chunk(std::string& out, std::string_view chunk) {
  append_number(out, chunk.size(), 16);
  out.append("\r\n").append(chunk).append("\r\n");
}

std::string error_body(int code, std::string_view message) {
  return boost::json::serialize(boost::json::value{{"code", code},
                                                   {"message", boost::json::string_view(message)},
                                                   {"details", boost::json::array()}});
}

} // namespace reenact::gateway
