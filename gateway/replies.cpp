#include "gateway/replies.hpp"

#include <algorithm>

#include "gateway/conditions.hpp"
#include "gateway/refusal.hpp"

namespace reenact::gateway {

std::string replies::request_id(std::optional<std::string_view> given) const {
  if (given && is_request_id(*given)) return std::string(*given);
  return runtime::to_string(runtime::random_uuid(random_));
}

template <class Answer>
void replies::with_common(exchange e, http_response r, header_list headers, Answer answer) const {
  const auto id = request_id(e.header("X-Request-Id"));
  headers.push_back({"X-Request-Id", id});
  if (!cors_origins_.empty()) {
    headers.push_back({"Vary", "Origin"});
    if (const auto origin = e.header("Origin"); origin && allows(*origin)) {
      headers.push_back({"Access-Control-Allow-Origin", *origin});
      headers.push_back({"Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id"});
    }
  }
  r.headers = headers;
  answer(std::move(e), r);
}

void replies::send(exchange e, http_response r, header_list headers) const {
  with_common(std::move(e), r, std::move(headers),
              [](exchange to, const http_response& full) { std::move(to).answer(full); });
}

void replies::send_error(exchange e, unsigned status, int code, std::string_view message,
                         header_list headers) const {
  const auto body = error_body(code, message);
  send(std::move(e), {.status = status, .body = body}, std::move(headers));
}

void replies::refuse(exchange e, const runtime::answer& why, header_list headers) const {
  const auto no = refusal_of(why);
  if (!no.retry_after.empty()) headers.push_back({"Retry-After", no.retry_after});
  if (!no.authenticate.empty()) headers.push_back({"WWW-Authenticate", no.authenticate});
  send(std::move(e), {.status = no.status, .body = no.body}, std::move(headers));
}

void replies::stream(exchange e, http_response head, producer next) const {
  with_common(std::move(e), head, {}, [&](exchange to, const http_response& full) {
    std::move(to).stream(full, std::move(next));
  });
}

bool replies::answer_preflight(exchange& e) const {
  if (cors_origins_.empty() || e.method() != "OPTIONS" ||
      !e.header("Access-Control-Request-Method") || !allows(e.header("Origin").value_or("")))
    return false;
  const auto asked = e.header("Access-Control-Request-Headers").value_or("Content-Type");
  send(std::move(e), {.status = 204, .content_type = {}},
       {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE"},
        {"Access-Control-Allow-Headers", asked},
        {"Access-Control-Max-Age", "600"}});
  return true;
}

bool replies::allows(std::string_view origin) const {
  return !origin.empty() && std::ranges::any_of(cors_origins_, [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  });
}

} // namespace reenact::gateway
