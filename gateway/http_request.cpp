#include "gateway/http_request.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace reenact::gateway {
namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;

/// "http://host/path?query" -> "/path?query"; other targets as they are.
boost::beast::string_view origin_form(boost::beast::string_view target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == target.npos) return target;
  const auto path = target.find('/', scheme + 3);
  return path == target.npos ? "/" : target.substr(path);
}

} // namespace

void http_request::reset() {
  parser_.emplace(*this);
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(options_.head_bytes_max));
  parser_->body_limit(options_.body_bytes_max);
  if (body_.capacity() > kept_bytes_max) std::string().swap(body_);
  head_.clear();
  body_.clear();
  fields_.clear();
  lists_.clear();
  method_ = target_ = {};
  head_bytes_ = 0;
  hosts_ = 0;
  has_length_ = has_encoding_ = wants_continue_ = old_ = false;
}

http_request::verdict http_request::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  if (!began()) // an empty line before a request is a relic that RFC 9112 wants ignored
    while (bytes.size() - used >= 2 && bytes[used] == '\r' && bytes[used + 1] == '\n') used += 2;
  bytes.remove_prefix(used);
  if (bytes.empty() || (!began() && bytes == "\r")) return verdict::more;
  // Beast asserts that it is not asked again before it has these; whatever is left has as many.
  constexpr std::string_view least = "0\r\n\r\n";
  if (has_head() && parser_->chunked() && bytes.size() < least.size()) return verdict::more;
  error_code ec;
  used += parser_->put({bytes.data(), bytes.size()}, ec);
  if (ec == http::error::header_limit) return verdict::head_too_large;
  if (ec == http::error::body_limit) return verdict::body_too_large;
  if (ec && ec != http::error::need_more) return verdict::malformed;
  return parser_->is_done() ? verdict::complete : verdict::more;
}

bool http_request::wants_continue() {
  return std::exchange(wants_continue_, false) && body_.empty();
}

std::optional<std::string_view> http_request::header(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& f : fields_) {
    if (f.name.size != name.size() || !iequals(text(f.name), name)) continue;
    if (!found) {
      found = text(f.value);
      continue;
    }
    auto list = std::string(*found).append(", ").append(text(f.value));
    found = lists_.emplace_back(std::move(list));
  }
  return found;
}

http_request::piece http_request::keep(string_view s) {
  const piece kept{static_cast<std::uint32_t>(head_.size()), static_cast<std::uint32_t>(s.size())};
  head_.append(s.data(), s.size());
  return kept;
}

/// Refuses what two readers of the same bytes could understand differently.
void http_request::count(field_name name, string_view value, error_code& ec) {
  if (name == http::field::host && ++hosts_ > 1) ec = http::error::bad_field;
  if (name == http::field::content_length) {
    if (std::exchange(has_length_, true) || value.find(',') != value.npos)
      ec = http::error::multiple_content_length;
  }
  if (name == http::field::transfer_encoding) {
    if (std::exchange(has_encoding_, true) || !iequals(value, "chunked"))
      ec = http::error::bad_transfer_encoding;
  }
  if (name == http::field::expect) wants_continue_ = iequals(value, "100-continue");
}

void http_request::parser::on_request_impl(verb, string_view method, string_view target,
                                           int version, error_code&) {
  to_.old_ = version < 11;
  to_.method_ = to_.keep(method);
  to_.target_ = to_.keep(origin_form(target));
  to_.head_bytes_ = method.size() + target.size();
}

void http_request::parser::on_field_impl(field_name name, string_view text, string_view value,
                                         error_code& ec) {
  // The parser sees one read at a time; only the sum says how large the head has become.
  to_.head_bytes_ += text.size() + value.size() + 4;
  if (to_.head_bytes_ > to_.options_.head_bytes_max) ec = http::error::header_limit;
  if (ec || is_header_done()) return; // a trailer: bounded, read and forgotten
  to_.count(name, value, ec);
  to_.fields_.push_back({to_.keep(text), to_.keep(value)});
}

void http_request::parser::on_header_impl(error_code& ec) {
  if (to_.hosts_ == 0 && !to_.old_) ec = http::error::bad_field;
  if (to_.has_encoding_ && to_.old_) ec = http::error::bad_transfer_encoding;
  to_.wants_continue_ = to_.wants_continue_ && !to_.old_;
}

std::size_t http_request::parser::on_body_impl(string_view piece, error_code&) {
  to_.body_.append(piece.data(), piece.size());
  return piece.size();
}

std::size_t http_request::parser::on_chunk_body_impl(std::uint64_t, string_view piece,
                                                     error_code& ec) {
  return on_body_impl(piece, ec);
}

} // namespace reenact::gateway
