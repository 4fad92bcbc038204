#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <google/protobuf/stubs/common.h>
#include <boost/json/basic_parser_impl.hpp>

#include "gateway/json_plan.hpp"
#include "gateway/json_value.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {
namespace {

using boost::json::error_code;
using boost::json::string_view;
using messages::field;

std::string_view plain(string_view s) { return {s.data(), s.size()}; }

/// A message on its way in, and the member that the parser stands in.
struct frame {
  any_message* message;
  const json_plan* plan;
  const json_field* member; ///< null: a name that nobody knows
  std::uint64_t seen;       ///< bit by field index
  bool in_array;
};

/// Takes the parser's events straight into the message: no tree is built. Lives for one body.
class laying_in {
public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  explicit laying_in(any_message& request) : request_(request) {}

  const std::string& refusal() const { return refusal_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    if (depth_ == 0) return push(request_, json_plan_of(request_.GetDescriptor()));
    if (skipping()) return ++skipped_, true;
    const auto* member = top().member;
    if (member->message == nullptr || !takes_value()) return wrong(ec);
    const auto* r = top().message->GetReflection();
    return push(member->what->is_repeated() ? *r->AddMessage(top().message, member->what)
                                            : *r->MutableMessage(top().message, member->what),
                *member->message);
  }
  bool on_object_end(std::size_t, error_code&) {
    if (skipped_ > 0) return --skipped_, true;
    return --depth_, true;
  }

  bool on_array_begin(error_code& ec) {
    if (depth_ == 0) return wrong(ec);
    if (skipping()) return ++skipped_, true;
    if (!top().member->what->is_repeated() || top().in_array) return wrong(ec);
    return top().in_array = true;
  }
  bool on_array_end(std::size_t, error_code&) {
    if (skipped_ > 0) return --skipped_, true;
    top().in_array = false;
    return true;
  }

  bool on_key_part(string_view s, std::size_t, error_code&) { return gather(s); }
  bool on_key(string_view s, std::size_t, error_code& ec) {
    const auto name = gathered(s);
    if (skipped_ > 0) return true;
    auto& f = top();
    f.member = f.plan->find(name);
    if (f.member == nullptr) return true;
    const auto bit = std::uint64_t{1} << f.member->index;
    if ((f.seen & bit) != 0) return fail(ec, "comes twice");
    f.seen |= bit;
    const auto* choice = f.member->what->real_containing_oneof();
    return choice == nullptr || !f.message->GetReflection()->HasOneof(*f.message, choice) ||
           fail(ec, "excludes one that came before");
  }

  bool on_string_part(string_view s, std::size_t, error_code&) { return gather(s); }
  bool on_string(string_view s, std::size_t, error_code& ec) {
    const auto text = gathered(s);
    return value(ec, [&](auto& m, const field* f) { return store_string(m, f, text); });
  }

  // The body is given in one piece, so each number comes in one piece too.
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, string_view s, error_code& ec) { return number(s, ec); }
  bool on_uint64(std::uint64_t, string_view s, error_code& ec) { return number(s, ec); }
  bool on_double(double, string_view s, error_code& ec) { return number(s, ec); }

  bool on_bool(bool b, error_code& ec) {
    return value(ec, [b](auto& m, const field* f) { return store_bool(m, f, b); });
  }
  bool on_null(error_code& ec) {
    // The field keeps its default; an element of a list has none.
    return depth_ > 0 && (skipping() || !top().in_array) ? true : wrong(ec);
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

private:
  frame& top() { return frames_[depth_ - 1]; }
  bool skipping() { return skipped_ > 0 || top().member == nullptr; }
  bool takes_value() { return top().in_array == top().member->what->is_repeated(); }

  bool push(any_message& message, const json_plan& plan) {
    frames_[depth_++] = {&message, &plan, nullptr, 0, false};
    return true;
  }

  bool gather(string_view part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  /// The whole string: in place when the parser did not have to cut it.
  std::string_view gathered(string_view last) {
    if (parts_.empty()) return plain(last);
    whole_ = std::exchange(parts_, {}).append(last.data(), last.size());
    return whole_;
  }

  /// The text, not the parser's number, which it has already rounded.
  bool number(string_view s, error_code& ec) {
    return value(ec, [&](auto& m, const field* f) { return store_number(m, f, plain(s)); });
  }

  template <class Store>
  bool value(error_code& ec, Store store) {
    if (depth_ == 0) return wrong(ec);
    if (skipping()) return true;
    return (takes_value() && store(*top().message, top().member->what)) || wrong(ec);
  }

  bool wrong(error_code& ec) {
    if (depth_ == 0) {
      refusal_ = "the body must be a JSON object";
      return fail(ec);
    }
    const auto* f = top().member->what;
    const bool list = f->is_repeated() && !top().in_array;
    return fail(ec, "must be " + (list ? "a list" : expected(f)));
  }
  bool fail(error_code& ec, const std::string& why) {
    refusal_ = "the field \"" + path() + "\" " + why;
    return fail(ec);
  }
  bool fail(error_code& ec) {
    // Any error stops the parser; the reason is in refusal_.
    ec = make_error_code(boost::system::errc::invalid_argument);
    return false;
  }

  /// `store.products[2].price`
  std::string path() {
    std::string names;
    for (std::size_t i = 0; i < depth_; ++i) {
      const auto& f = frames_[i];
      const auto* member = f.member->what;
      names += (i == 0 ? "" : ".") + member->json_name();
      if (!f.in_array) continue;
      // Messages are in the list already, the value that is refused is not.
      const auto size = f.message->GetReflection()->FieldSize(*f.message, member);
      names += '[' + std::to_string(i + 1 < depth_ ? size - 1 : size) + ']';
    }
    return names;
  }

  any_message& request_;
  std::array<frame, json_depth_max> frames_; // depth_ of them; the parser bounds it
  std::size_t depth_ = 0;
  std::size_t skipped_ = 0; ///< open objects and arrays in a value that nobody reads
  std::string parts_, whole_, refusal_;
};

bool is_blank(std::string_view body) {
  return body.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

std::optional<bad_input> read_json(std::string_view body, any_message& request) {
  if (is_blank(body)) return std::nullopt;
  boost::json::parse_options strict;
  strict.max_depth = json_depth_max;
  boost::json::basic_parser<laying_in> parser(strict, request);
  error_code ec;
  const auto used = parser.write_some(false, body.data(), body.size(), ec);
  if (!parser.handler().refusal().empty()) return bad_input{parser.handler().refusal()};
  if (ec.failed()) return bad_input{"the body is not valid JSON: " + ec.message()};
  if (used != body.size()) return bad_input{"the body is not valid JSON: more follows its end"};
  return std::nullopt;
}

const field* field_named(const messages::descriptor* type, std::string_view name) {
  const auto* known = json_plan_of(type).find(name);
  return known != nullptr ? known->what : nullptr;
}

std::optional<bad_input> read_text(std::string_view text, any_message& request, const field* to) {
  using google::protobuf::internal::IsStructurallyValidUTF8;
  const bool fine =
      IsStructurallyValidUTF8(text.data(), static_cast<int>(text.size())) &&
      (to->cpp_type() == field::CPPTYPE_BOOL
           ? (text == "true" || text == "false") && store_bool(request, to, text == "true")
           : store_string(request, to, text));
  if (fine) return std::nullopt;
  return bad_input{"the parameter \"" + to->json_name() + "\" must be " + expected(to)};
}

} // namespace reenact::gateway
