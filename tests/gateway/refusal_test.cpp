#include "gateway/refusal.hpp"

#include <catch2/catch.hpp>

#include "gateway/http_response.hpp"

using namespace reenact::gateway;
using kind = reenact::runtime::answer::kind;

namespace {

refusal of(kind how) { return refusal_of(reenact::runtime::answer::failed(how, "why")); }

} // namespace

TEST_CASE("what was not executed may be repeated freely: 503 with Retry-After", "[refusal]") {
  const auto no = of(kind::unavailable);
  CHECK(no.status == 503);
  CHECK(no.body == error_body(14, "why"));
  CHECK_FALSE(no.retry_after.empty());
}

TEST_CASE("an unknown outcome is 504, and says how it may be repeated", "[refusal]") {
  const auto no = of(kind::unknown);
  CHECK(no.status == 504);
  CHECK(no.body.starts_with("{\"code\":4,"));
  CHECK(no.body.find("Idempotency-Key") != no.body.npos);
  CHECK(no.retry_after.empty());
}

TEST_CASE("other ends that are not the domain's have their status and code", "[refusal]") {
  const auto is = [](kind how, unsigned status, int code) {
    CHECK(of(how).status == status);
    CHECK(of(how).body == error_body(code, "why"));
    CHECK(of(how).retry_after.empty());
  };
  is(kind::precondition_failed, 412, 9);
  is(kind::key_reused, 422, 3);
  is(kind::broken, 500, 13);
}
