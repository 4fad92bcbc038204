#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/beast/http/basic_parser.hpp>

#include "gateway/http_options.hpp"

namespace reenact::gateway {

/// One request of a connection, as far as its bytes have come. Beast's parser reads it; what it
/// found is copied into two buffers that the next request uses again. Bounded by the limits of the
/// options. Stricter than the parser: one Content-Length, no Transfer-Encoding but `chunked`, one
/// Host.
class http_request {
public:
  enum class verdict { more, complete, malformed, head_too_large, body_too_large };

  explicit http_request(const http_options& options) : options_(options) { reset(); }

  /// Takes what it can of `bytes` and says how much that was. After a verdict other than `more` it
  /// takes nothing until `reset`.
  verdict feed(std::string_view bytes, std::size_t& used);
  void reset();

  bool began() const { return parser_->got_some(); }
  bool has_head() const { return parser_->is_header_done(); }
  /// What it holds in memory.
  std::size_t bytes() const { return head_.capacity() + body_.capacity(); }
  /// More of it than every request may.
  bool is_large() const { return body_.capacity() > kept_bytes_max; }
  /// True once, if the client waits for `100 Continue` before it sends the body.
  bool wants_continue();

  std::string_view method() const { return text(method_); }
  /// Path and query; the scheme and authority of an absolute target are left out.
  std::string_view target() const { return text(target_); }
  std::string_view body() const { return body_; }
  /// The header of that name in any case, or nothing; several are one list (RFC 9110, 5.3).
  std::optional<std::string_view> header(std::string_view name) const;
  bool keep_alive() const { return parser_->keep_alive(); }
  bool is_head() const { return method() == "HEAD"; }
  /// False for HTTP/1.0, which knows no chunks.
  bool knows_chunks() const { return !old_; }

private:
  /// Capacity that a request may leave to the next one; a larger body gives its memory back.
  static constexpr std::size_t kept_bytes_max = 16U << 10;

  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field_name = boost::beast::http::field;

  /// A piece of head_: an offset, because head_ may move while it grows.
  struct piece {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  struct header_field {
    piece name, value;
  };

  /// Beast's parser telling the request what it finds.
  class parser final : public boost::beast::http::basic_parser<true> {
  public:
    explicit parser(http_request& request) : to_(request) {}

  private:
    using verb = boost::beast::http::verb;
    void on_request_impl(verb, string_view method, string_view target, int version,
                         error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(field_name, string_view name, string_view value, error_code&) override;
    void on_header_impl(error_code&) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view piece, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) override;
    void on_finish_impl(error_code&) override {}
    http_request& to_;
  };

  std::string_view text(piece p) const { return std::string_view(head_).substr(p.offset, p.size); }
  piece keep(string_view s);
  void count(field_name name, string_view value, error_code& ec);

  const http_options& options_;
  std::optional<parser> parser_;
  std::string head_, body_;
  mutable std::list<std::string> lists_; // made of headers that came more than once
  std::vector<header_field> fields_;
  piece method_, target_;
  std::size_t head_bytes_ = 0;
  int hosts_ = 0;
  bool has_length_ = false, has_encoding_ = false, wants_continue_ = false, old_ = false;
};

} // namespace reenact::gateway
