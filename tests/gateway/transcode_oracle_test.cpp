#include <algorithm>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "gateway/transcode.hpp"
#include "tests/gateway/every_kind.pb.h"
#include "tests/gateway/random_message.hpp"

using namespace reenact::gateway;
namespace json = boost::json;
namespace util = google::protobuf::util;

namespace {

/// By name, so that a seed makes the same messages wherever descriptors lie.
struct by_name {
  using descriptor = reenact::messages::descriptor;
  bool operator()(const descriptor* a, const descriptor* b) const {
    return a->full_name() < b->full_name();
  }
};

/// Everything that a client may send or get, and one type of ours with every kind of field.
std::vector<const any_message*> all_types() {
  std::set<const reenact::messages::descriptor*, by_name> types{testing::EveryKind::descriptor()};
  for (const auto& route : reenact::messages::routes()) {
    types.insert(route.rpc->input_type());
    types.insert(route.rpc->output_type());
  }
  std::vector<const any_message*> prototypes;
  prototypes.reserve(types.size());
  for (const auto* type : types)
    prototypes.push_back(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type));
  return prototypes;
}

bool same(const any_message& a, const any_message& b) {
  util::MessageDifferencer differ;
  util::DefaultFieldComparator nan_is_nan;
  nan_is_nan.set_treat_nan_as_equal(true);
  differ.set_field_comparator(&nan_is_nan);
  return differ.Compare(a, b);
}

std::string ours(const any_message& m) {
  std::string text;
  append_json(text, m);
  return text;
}

std::string oracles(const any_message& m) {
  util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  REQUIRE(util::MessageToJsonString(m, &text, options).ok());
  return text;
}

/// Empty when it took the text.
std::string oracle_refuses(const std::string& text, any_message& m) {
  util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = util::JsonStringToMessage(text, &m, options);
  return status.ok() ? "" : status.ToString();
}

bool contains_any(const std::string& text, std::initializer_list<const char*> parts) {
  return std::ranges::any_of(parts, [&](const char* part) { return text.find(part) != text.npos; });
}

bool is_json(const std::string& text) {
  json::parse_options strict;
  strict.max_depth = json_depth_max;
  json::error_code ec;
  json::parse(text, ec, {}, strict);
  return !ec.failed();
}

/// The oracle is lenient on purpose, ours strict on purpose: these are all the reasons.
bool is_stricter(const std::string& why, const std::string& text) {
  // Trailing commas, names without quotes or in single ones.
  if (contains_any(why, {"is not valid JSON"})) return !is_json(text);
  return contains_any(why, {
                               "comes twice",            // the oracle lets the last one win
                               "must be true or false",  // takes "true" for true
                               "must be a list",         // takes one value for a list of one
                               "]\" must be",            // and null and lists in a list
                               "must be one of",         // names in any case, numbers in strings
                               "must be a time",         // also as an object
                               "must be a number",       // takes "007"
                               "must be a whole number", // likewise
                           });
}

/// Names and kinds; the values are compared as messages. On purpose ours writes null for a message
/// that is not set, the oracle leaves it out.
void same_shape(const json::value& a, const json::value& b) {
  if (a.is_array()) {
    REQUIRE(b.is_array());
    REQUIRE(a.get_array().size() == b.get_array().size());
    for (std::size_t i = 0; i < a.get_array().size(); ++i) same_shape(a.at(i), b.at(i));
  } else if (a.is_object()) {
    REQUIRE(b.is_object());
    std::size_t nulls = 0;
    for (const auto& [name, value] : a.get_object()) {
      nulls += value.is_null() ? 1 : 0;
      if (!value.is_null()) same_shape(value, b.at(name));
    }
    REQUIRE(a.get_object().size() - nulls == b.get_object().size());
  } else {
    REQUIRE(a.is_number() == b.is_number());
    if (!a.is_number()) REQUIRE(a == b);
  }
}

/// And the other way round.
bool is_more_lenient(const std::string& why, const std::string& text) {
  if (contains_any(text, {R"("":)"})) return true; // the oracle takes "" for the message itself
  return contains_any(why, {
                               "TYPE_INT", "TYPE_UINT", "TYPE_SINT", // "1.0" like 1.0
                               "TYPE_FIXED",                         // likewise
                               "TYPE_BYTES",                         // bits beyond the last byte
                               "exceeds the range",                  // 1e999, which is infinite
                               "TYPE_DOUBLE", "TYPE_FLOAT",          // likewise in a string
                           });
}

} // namespace

TEST_CASE("every message comes out as the oracle writes it, and is read as the oracle reads it") {
  const auto seed = GENERATE(range(1u, 41u));
  CAPTURE(seed);
  random_message random(seed);
  for (const auto* type : all_types()) {
    const std::unique_ptr<any_message> message(type->New());
    random.fill(*message);
    const auto text = ours(*message);
    CAPTURE(message->GetTypeName(), text);
    same_shape(json::parse(text), json::parse(oracles(*message)));

    const std::unique_ptr<any_message> by_oracle(type->New()), by_us(type->New());
    REQUIRE(oracle_refuses(text, *by_oracle).empty());
    REQUIRE(same(*message, *by_oracle));
    REQUIRE(!read_json(text, *by_us));
    REQUIRE(same(*message, *by_us));
    by_us->Clear();
    REQUIRE(!read_json(oracles(*message), *by_us));
    REQUIRE(same(*message, *by_us));
  }
}

TEST_CASE("a damaged body is taken only where the oracle takes it, and as the same message") {
  const auto seed = GENERATE(range(1u, 201u));
  CAPTURE(seed);
  random_message random(seed);
  // No minus sign: the oracle reads -0 as 0.
  constexpr std::string_view scraps = "{}[]:,\"'\\/ 0123.eEtfnul_aA\x01\xc3\xa9\xff";
  for (const auto* type : all_types()) {
    const std::unique_ptr<any_message> message(type->New()), by_oracle(type->New()),
        by_us(type->New());
    random.fill(*message, 1);
    auto text = ours(*message);
    for (auto n = random.below(3); n < 3 && !text.empty(); ++n) {
      const auto at = random.below(text.size());
      const auto cut = random.below(3);
      text.replace(at, cut, random.below(2), scraps[random.below(scraps.size())]);
    }
    if (text.find_first_not_of(' ') == text.npos) continue; // for ours an empty object
    CAPTURE(message->GetTypeName(), text);
    const auto theirs = oracle_refuses(text, *by_oracle);
    if (const auto refused = read_json(text, *by_us)) {
      CAPTURE(refused->text);
      if (theirs.empty()) REQUIRE(is_stricter(refused->text, text));
    } else if (theirs.empty()) {
      REQUIRE(same(*by_oracle, *by_us));
    } else {
      CAPTURE(theirs);
      REQUIRE(is_more_lenient(theirs, text));
    }
  }
}
