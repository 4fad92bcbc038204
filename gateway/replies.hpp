#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/static_vector.hpp>

#include "actors/runtime/call.hpp"
#include "actors/runtime/ids.hpp"
#include "gateway/exchange.hpp"

namespace reenact::gateway {

/// Headers of one answer: its own and those that every answer has.
inline constexpr std::size_t reply_headers_max = 8;
using header_list = boost::container::static_vector<http_header, reply_headers_max>;

/// What all answers of the gateway have in common: X-Request-Id, the client's or a new one, and
/// what browsers of other origins need (CORS). Immutable; used by all I/O threads.
class replies {
public:
  /// Origins that browsers may call from, "*" for any; none: CORS is off.
  replies(runtime::entropy& random, std::vector<std::string> cors_origins)
    : random_(random),
      cors_origins_(std::move(cors_origins)) {}

  /// The client's X-Request-Id, or a new one where that is none.
  std::string request_id(std::optional<std::string_view> given) const;

  void send(exchange e, http_response r, header_list headers = {}) const;
  /// `{"code":...,"message":...,"details":[]}`
  void send_error(exchange e, unsigned status, int code, std::string_view message,
                  header_list headers = {}) const;
  /// What was not carried out, with what its refusal asks for.
  void refuse(exchange e, const runtime::answer& why, header_list headers = {}) const;
  void stream(exchange e, http_response head, producer next) const;
  /// True if the request was a browser's question whether it may ask, and has been answered.
  bool answer_preflight(exchange& e) const;

private:
  template <class Answer>
  void with_common(exchange e, http_response r, header_list headers, Answer answer) const;
  bool allows(std::string_view origin) const;

  runtime::entropy& random_;
  const std::vector<std::string> cors_origins_;
};

} // namespace reenact::gateway
