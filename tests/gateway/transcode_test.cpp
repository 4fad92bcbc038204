#include "gateway/transcode.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "gateway/json_plan.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "tests/gateway/every_kind.pb.h"

using namespace reenact::gateway;
using testing::EveryKind;

namespace {

template <class T = EveryKind>
T read(std::string_view body) {
  T message;
  const auto refused = read_json(body, message);
  CAPTURE(body);
  CHECK((refused ? refused->text : "") == "");
  return message;
}

/// Empty when the body was taken.
template <class T = EveryKind>
std::string refusal(std::string_view body) {
  T message;
  const auto refused = read_json(body, message);
  return refused ? refused->text : "";
}

std::string json(const any_message& m) {
  std::string text;
  append_json(text, m);
  return text;
}

std::string nested(int depth, char open, char close) {
  const auto levels = static_cast<std::size_t>(depth - 1);
  return R"({"unknown":)" + std::string(levels, open) + std::string(levels, close) + '}';
}

} // namespace

TEST_CASE("requests may name their fields in camelCase and as declared") {
  CHECK(read<customerspb::RegisterCustomerRequest>(R"({"smsNumber":"1"})").sms_number() == "1");
  CHECK(read<customerspb::RegisterCustomerRequest>(R"({"sms_number":"2"})").sms_number() == "2");
  CHECK(read(R"({"as-declared":"3"})").renamed() == "3");
}

TEST_CASE("an empty body leaves every field at its default") {
  CHECK(read<storespb::CreateStoreRequest>("").ByteSizeLong() == 0);
  CHECK(read<storespb::CreateStoreRequest>(" \r\n\t").ByteSizeLong() == 0);
  CHECK(read<storespb::CreateStoreRequest>("{}").ByteSizeLong() == 0);
}

TEST_CASE("null leaves a field at its default") {
  CHECK(read(R"({"real":null,"texts":null,"inner":null,"flag":null})").ByteSizeLong() == 0);
  CHECK_FALSE(read(R"({"inner":null})").has_inner());
  CHECK(refusal(R"({"texts":["a",null]})") == R"(the field "texts[1]" must be a string)");
}

TEST_CASE("unknown fields are skipped, whatever they hold") {
  const auto request = read<customerspb::RegisterCustomerRequest>(
      R"({"nmae":"x","deep":{"name":"y","a":[1,{"name":[]},null]},"name":"z","n":1e9,"t":true})");
  CHECK(request.name() == "z");
}

TEST_CASE("a body is strict JSON to its end, also inside unknown fields") {
  for (const auto* body : {R"({"name":"a",})",
                           R"({"x":[1,]})",
                           R"({"x":{"y":1,}})",
                           R"({"x":tru})",
                           R"({"x":01})",
                           R"({"x":+1})",
                           R"({"x":1.})",
                           R"({"x":.5})",
                           R"({"x":NaN})",
                           R"({"x":'a'})",
                           R"({x:1})",
                           R"({"name":"a")",
                           R"({"name":"a"}})",
                           R"({"name":"a"} {})",
                           R"({"x":/*c*/1})",
                           "{\"x\":1}//c",
                           "{\"x\":\"\x01\"}",
                           R"({"x":"\q"})",
                           R"({"x":"\ud800"})",
                           R"({"x" 1})",
                           "{\"x\":\"\xff\"}",
                           "{\"\xc3\":1}",
                           "{\"name\":\"\xed\xa0\x80\"}",
                           "{\"x\":\"\xc0\xaf\"}",
                           "\xef\xbb\xbf{}",
                           R"({"x":"})",
                           "{",
                           "]",
                           "\""}) {
    CAPTURE(body);
    CHECK(refusal<storespb::CreateStoreRequest>(body).starts_with("the body is not valid JSON"));
  }
}

TEST_CASE("a body is an object") {
  for (const auto* body : {"[]", "null", "5", "\"a\"", "true", "[{}]", "-1.5"})
    CHECK(refusal(body) == "the body must be a JSON object");
}

TEST_CASE("a body is at most 64 deep, also inside unknown fields") {
  CHECK(refusal(nested(json_depth_max, '[', ']')).empty());
  CHECK_FALSE(refusal(nested(json_depth_max + 1, '[', ']')).empty());
  std::string inner = "{}";
  for (int i = 1; i < json_depth_max; ++i) inner.insert(0, R"({"inner":)").append("}");
  CHECK(refusal(inner).empty());
  CHECK_FALSE(refusal(R"({"inner":)" + inner + '}').empty());
}

TEST_CASE("no field may come twice, unknown ones aside") {
  CHECK(refusal(R"({"i32":1,"i32":1})") == R"(the field "i32" comes twice)");
  CHECK(refusal(R"({"plainText":"","plain_text":""})") == R"(the field "plainText" comes twice)");
  CHECK(refusal(R"({"flag":null,"flag":true})") == R"(the field "flag" comes twice)");
  CHECK(refusal(R"({"inner":{"i32":1},"i32":1})").empty());
  CHECK(refusal(R"({"inners":[{"i32":1},{"i32":1}]})").empty());
  CHECK(refusal(R"({"x":1,"x":2})").empty());
  CHECK(refusal(R"({"byName":"","byNumber":"1"})") ==
        R"(the field "byNumber" excludes one that came before)");
}

TEST_CASE("a refusal names the field and what it takes") {
  CHECK(refusal<storespb::AddProductRequest>(R"({"price":"cheap"})") ==
        R"(the field "price" must be a number)");
  CHECK(refusal<storespb::AddProductRequest>(R"({"name":5})") ==
        R"(the field "name" must be a string)");
  CHECK(refusal(R"({"inners":[{},{"inner":{"i32s":[1,"x"]}}]})") ==
        R"(the field "inners[1].inner.i32s[1]" must be a whole number in range)");
  CHECK(refusal(R"({"inner":[]})") == R"(the field "inner" must be an object)");
  CHECK(refusal(R"({"inners":{}})") == R"(the field "inners" must be a list)");
  CHECK(refusal(R"({"i32s":[[1]]})") == R"(the field "i32s[0]" must be a whole number in range)");
  CHECK(refusal(R"({"flag":"true"})") == R"(the field "flag" must be true or false)");
  CHECK(refusal(R"({"colour":"green"})") ==
        R"(the field "colour" must be one of RED, GREEN, BLUE)");
  CHECK(refusal(R"({"createdAt":"now"})") == R"(the field "createdAt" must be a time as RFC 3339)");
  CHECK(refusal(R"({"rawBytes":"Zg==\n"})") ==
        R"(the field "rawBytes" must be a string in base64)");
}

TEST_CASE("numbers may come as numbers or in strings") {
  CHECK(read<storespb::AddProductRequest>(R"({"price":9.99})").price() == 9.99);
  CHECK(read<storespb::AddProductRequest>(R"({"price":"9.99"})").price() == 9.99);
  CHECK(read(R"({"i32":1.0})").i32() == 1);
  CHECK(read(R"({"i32":"-12e1"})").i32() == -120);
  CHECK(read(R"({"i32":1200e-2})").i32() == 12);
  CHECK(read(R"({"u32":-0})").u32() == 0);
  CHECK(read(R"({"u64":18446744073709551615})").u64() == std::numeric_limits<std::uint64_t>::max());
  CHECK(read(R"({"i64":"-9223372036854775808"})").i64() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(read(R"({"real":"-Infinity"})").real() == -std::numeric_limits<double>::infinity());
  CHECK(read(R"({"real":1e-400})").real() == 0);
  CHECK(read(R"({"real":1e400})").real() == std::numeric_limits<double>::infinity());
  CHECK(read(R"({"real":"-1e400"})").real() == -std::numeric_limits<double>::infinity());
  CHECK(read(R"({"shortReal":-1e39})").short_real() == -std::numeric_limits<float>::infinity());
  CHECK(std::signbit(read(R"({"real":-0})").real()));
}

TEST_CASE("a whole number is exact where a double is not") {
  CHECK(read(R"({"i64":9007199254740993})").i64() == 9007199254740993);
  CHECK(read(R"({"i64":9007199254740993.0})").i64() == 9007199254740993);
  CHECK(read(R"({"i64":9223372036854775807e0})").i64() == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("a number out of range is refused") {
  for (const auto* body :
       {R"({"i32":2147483648})", R"({"i32":-2147483649})", R"({"i32":1.5})", R"({"i32":1e10})",
        R"({"i32":1e-1})", R"({"i32":1e999999999})", R"({"u32":-1})", R"({"u32":4294967296})",
        R"({"i64":9223372036854775808})", R"({"u64":18446744073709551616})", R"({"u64":"1e20"})",
        R"({"i32":"01"})", R"({"i32":"1e"})", R"({"i32":"NaN"})"}) {
    CAPTURE(body);
    CHECK(refusal(body).find("number in range") != std::string::npos);
  }
  for (const auto* text : {"nan", "", "0x1", "1.", " 1", "+1"}) {
    CAPTURE(text);
    CHECK(refusal(R"({"real":")" + std::string(text) + R"("})") ==
          R"(the field "real" must be a number)");
  }
}

TEST_CASE("a long string with escapes comes in whole") {
  const std::string tail(5000, 'x');
  const auto message = read(R"({"plain\u0054ext":"\u20ac\ud83d\ude00\n)" + tail + R"(\\"})");
  CHECK(message.plain_text() == "€😀\n" + tail + "\\");
}

TEST_CASE("responses write their defaults") {
  CHECK(json(storespb::RebrandStoreResponse()) == "{}");
  CHECK(json(storespb::CreateStoreResponse()) == R"({"id":""})");
  CHECK(json(customerspb::GetCustomerResponse()) == R"({"customer":null})");
  CHECK(json(storespb::GetCatalogResponse()) == R"({"products":[]})");
  CHECK(json(customerspb::Customer()) == R"({"id":"","name":"","smsNumber":"","enabled":false})");
  CHECK(json(storespb::Product()) ==
        R"({"id":"","storeId":"","name":"","description":"","sku":"","price":0})");
}

TEST_CASE("responses write each kind as the mapping says") {
  EveryKind m;
  m.set_i64(-5);
  m.add_u64s(std::numeric_limits<std::uint64_t>::max());
  m.set_real(9.99);
  m.add_reals(std::numeric_limits<double>::quiet_NaN());
  m.set_raw_bytes("\xff\xef");
  m.set_colour(EveryKind::BLUE);
  m.add_colours(static_cast<EveryKind::Colour>(99));
  m.set_plain_text("\"\\/\b\x1f\n€");
  m.mutable_created_at()->set_seconds(1);
  m.set_maybe(0);
  const auto text = json(m);
  for (const auto* part :
       {R"("i64":"-5")", R"("u64s":["18446744073709551615"])", R"("real":9.99,)",
        R"("reals":["NaN"])", R"("rawBytes":"/+8=")", R"("colour":"BLUE")", R"("colours":[99])",
        R"("plainText":"\"\\/\u0008\u001f\n€")", R"("createdAt":"1970-01-01T00:00:01Z")",
        R"("maybe":0)", R"("inner":null)", R"("as-declared":"")"}) {
    CAPTURE(part, text);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find("byName") == std::string::npos);
  CHECK(json(EveryKind()).find("maybe") == std::string::npos);
}

TEST_CASE("captures and query parameters set fields, and a capture overrides the body") {
  auto request = read<storespb::AddProductRequest>(R"({"storeId":"body"})");
  const auto* type = storespb::AddProductRequest::descriptor();
  CHECK_FALSE(read_text("path", request, field_named(type, "store_id")));
  CHECK_FALSE(read_text("9.5", request, field_named(type, "price")));
  CHECK(request.store_id() == "path");
  CHECK(request.price() == 9.5);
  CHECK(field_named(type, "storeId") == field_named(type, "store_id"));
  CHECK(field_named(type, "nothing") == nullptr);
}

TEST_CASE("texts set every kind of field, and a wrong text is refused") {
  EveryKind m;
  const auto set = [&](std::string_view name, std::string_view text) {
    const auto refused = read_text(text, m, field_named(EveryKind::descriptor(), name));
    return refused ? refused->text : "";
  };
  CHECK(set("i32s", "1").empty());
  CHECK(set("i32s", "2").empty());
  CHECK(m.i32s_size() == 2);
  CHECK(set("flag", "true").empty());
  CHECK(m.flag());
  CHECK(set("colour", "GREEN").empty());
  CHECK(m.colour() == EveryKind::GREEN);
  CHECK(set("created_at", "1970-01-01T00:00:01Z").empty());
  CHECK(set("i32", "x") == R"(the parameter "i32" must be a whole number in range)");
  CHECK(set("flag", "yes") == R"(the parameter "flag" must be true or false)");
  CHECK(set("plainText", "\xff") == R"(the parameter "plainText" must be a string)");
  CHECK(set("inner", "{}") == R"(the parameter "inner" must be an object)");
}

TEST_CASE("threads may meet at a type that nobody has asked for before") {
  const std::string body = R"({"again":{"name":"a"},"more":[{},{"again":null}],"name":"b"})";
  std::array<std::string, 4> written;
  {
    std::vector<std::jthread> threads;
    for (auto& text : written)
      threads.emplace_back([&] {
        testing::AskedByThreads m;
        if (!read_json(body, m)) append_json(text, m);
      });
  }
  for (const auto& text : written) CHECK(text == written.front());
  CHECK(written.front().ends_with(R"("name":"b"})"));
}

TEST_CASE("the mapping covers all requests and responses of the API") {
  // json_plan_of ends the program where it does not.
  for (const auto& route : reenact::messages::routes()) {
    CHECK(json_plan_of(route.rpc->input_type()).type == route.rpc->input_type());
    CHECK(json_plan_of(route.rpc->output_type()).type == route.rpc->output_type());
  }
}
