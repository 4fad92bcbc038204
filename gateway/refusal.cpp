#include "gateway/refusal.hpp"

#include "gateway/http_response.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {
namespace {

/// A gRPC status code as the contract shows it; `shown` is what a detail says, which differs from
/// the status where the reference's does.
struct category {
  int code;
  unsigned status;
  std::string_view name;
  unsigned shown;
};

constexpr category categories[] = {
    {2, 500, "UNKNOWN", 510},       {3, 400, "BAD_REQUEST", 400},
    {5, 404, "NOT_FOUND", 404},     {13, 500, "INTERNAL_SERVER_ERROR", 500},
    {16, 401, "UNAUTHORIZED", 401},
};

const category& category_of(int code) {
  for (const auto& c : categories)
    if (c.code == code) return c;
  return categories[0];
}

refusal rejected(const runtime::answer& a) {
  const auto& c = category_of(a.code);
  refusal r{.status = c.status};
  const auto code = std::to_string(c.code);
  r.body.append("{\"code\":").append(code).append(",\"message\":");
  append_json(r.body, a.text);
  r.body.append(R"(,"details":[{"@type":"type.googleapis.com/errors.ErrorType","TypeCode":")")
      .append(c.name)
      .append(R"(","HTTPCode":")")
      .append(std::to_string(c.shown))
      .append(R"(","GRPCCode":")")
      .append(code)
      .append("\"}]}");
  if (c.status == 401) r.authenticate = a.text;
  return r;
}

} // namespace

refusal refusal_of(const runtime::answer& a) {
  using kind = runtime::answer::kind;
  switch (a.what) {
    case kind::rejected: return rejected(a);
    case kind::precondition_failed: return {412, error_body(9, a.text)};
    case kind::key_reused: return {422, error_body(3, a.text)};
    case kind::elsewhere:
    case kind::unavailable: return {503, error_body(14, a.text), "1"};
    case kind::unknown: return {504, error_body(4, outcome_unknown)};
    case kind::broken:
    case kind::pending:
    case kind::accepted: break;
  }
  return {500, error_body(13, a.text)};
}

} // namespace reenact::gateway
