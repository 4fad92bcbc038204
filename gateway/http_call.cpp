#include "gateway/http_call.hpp"

#include <algorithm>

#include "gateway/conditions.hpp"
#include "gateway/io_thread.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {

void http_call::finished() noexcept { exchange_.home().let_answer(this, &http_call::answer); }

void http_call::answer() {
  check_if_match();
  header_list headers;
  std::string tag;
  if (result.version > 0) headers.push_back({"ETag", tag = strong_tag(result.version)});
  if (result.what == runtime::answer::kind::accepted) {
    if (unchanged())
      return replies_.send(std::move(exchange_), {.status = 304, .content_type = {}},
                           std::move(headers));
    thread_local std::string body; // used again and again: no allocation for the usual answer
    body.clear();
    append_json(body, *result.response);
    return replies_.send(std::move(exchange_), {.body = body}, std::move(headers));
  }
  replies_.refuse(std::move(exchange_), result, std::move(headers));
}

/// An entity refuses commands itself, before it decides; what a query showed is checked here.
void http_call::check_if_match() {
  using kind = runtime::answer::kind;
  if (!if_match || request_type->decide != nullptr || result.what != kind::accepted) return;
  if (if_match->empty() || std::ranges::count(*if_match, result.version) > 0) return;
  result.what = kind::precondition_failed;
  result.text = "the entity has changed: its version is " + std::to_string(result.version);
}

/// If-None-Match of a GET names the version that would be shown.
bool http_call::unchanged() const {
  if (request_type->decide != nullptr || result.version == 0) return false;
  const auto header = exchange_.header("If-None-Match");
  if (!header) return false;
  const auto tags = read_tags(*header);
  const auto names = [&](const auto& list) { return std::ranges::count(list, result.version) > 0; };
  return tags.any || names(tags.versions) || names(tags.weak);
}

} // namespace reenact::gateway
