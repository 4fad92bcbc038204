#include "gateway/router.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <google/protobuf/stubs/common.h>

namespace reenact::gateway {
namespace {

using messages::verb;

std::optional<verb> verb_of(std::string_view method) {
  if (method == "GET" || method == "HEAD") return verb::get;
  if (method == "POST") return verb::post;
  if (method == "PUT") return verb::put;
  if (method == "DELETE") return verb::del;
  return std::nullopt;
}

/// "/api/stores/{id}" -> the segment up to the next slash; takes it off `rest`.
std::string_view next_segment(std::string_view& rest) {
  const auto end = std::min(rest.find('/', 1), rest.size());
  const auto segment = rest.substr(1, end - 1);
  rest.remove_prefix(end);
  return segment;
}

bool is_capture(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// False if the segment is no percent-encoded UTF-8.
bool decode(std::string_view segment, std::string& into) {
  into.reserve(segment.size());
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      into.push_back(segment[i]);
      continue;
    }
    if (segment.size() - i < 3) return false;
    const int high = hex_digit(segment[i + 1]);
    const int low = hex_digit(segment[i + 2]);
    if (high < 0 || low < 0) return false;
    into.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return google::protobuf::internal::IsStructurallyValidUTF8(into);
}

std::string allowed(const std::array<std::uint16_t, 4>& routes) {
  std::string allow;
  for (const auto v : {verb::get, verb::post, verb::put, verb::del}) {
    if (routes[static_cast<std::size_t>(v)] == 0) continue;
    if (!allow.empty()) allow += ", ";
    allow += v == verb::get ? "GET, HEAD" : messages::to_string(v);
  }
  return allow;
}

} // namespace

std::variant<router, std::string> router::make(std::vector<messages::route> table) {
  router made;
  for (auto& r : table) {
    std::string line(messages::to_string(r.what));
    line.append(" ").append(r.path).append(": ");
    if (auto wrong = made.add(std::move(r)); !wrong.empty()) return line + wrong;
  }
  return made;
}

/// Returns what is wrong with the route, or nothing.
std::string router::add(messages::route r) {
  if (nodes_.size() + r.path.size() > std::numeric_limits<index>::max()) return "too many routes";
  if (!r.path.starts_with('/')) return "a path starts with '/'";
  target t{std::move(r), {}};
  index at = 0;
  for (std::string_view rest = t.route.path; !rest.empty();) {
    const auto segment = next_segment(rest);
    if (segment.empty()) return "a segment of the path is empty";
    if (!is_capture(segment)) {
      if (segment.find_first_of("{}%?#") != segment.npos) return "a literal with one of {}%?#";
      at = child(at, segment);
      continue;
    }
    const std::string name(segment.substr(1, segment.size() - 2));
    const auto* f = t.route.rpc->input_type()->FindFieldByName(name);
    if (f == nullptr || f->is_repeated() || f->cpp_type() != messages::field::CPPTYPE_STRING)
      return t.route.rpc->input_type()->full_name() + " has no string field " + name;
    if (std::ranges::find(t.captures, f) != t.captures.end()) return name + " is captured twice";
    if (t.captures.size() == captures_max) return "too many captures";
    t.captures.push_back(f);
    at = capture_child(at);
  }
  auto& taken = nodes_[at].routes[static_cast<std::size_t>(t.route.what)];
  if (taken != none)
    return "is both " + targets_[taken - 1].route.rpc->full_name() + " and " +
           t.route.rpc->full_name();
  targets_.push_back(std::move(t));
  taken = static_cast<index>(targets_.size());
  nodes_[at].allow = allowed(nodes_[at].routes);
  return {};
}

router::index router::child(index at, std::string_view literal) {
  for (const auto& [name, there] : nodes_[at].literals)
    if (name == literal) return there;
  const auto made = static_cast<index>(nodes_.size());
  nodes_.emplace_back();
  nodes_[at].literals.emplace_back(literal, made);
  return made;
}

router::index router::capture_child(index at) {
  if (nodes_[at].captured == none) {
    nodes_.emplace_back();
    nodes_[at].captured = static_cast<index>(nodes_.size() - 1);
  }
  return nodes_[at].captured;
}

match router::find(std::string_view method, std::string_view path) const {
  match m;
  segments captured;
  const node* at = path.starts_with('/') ? walk(nodes_.front(), path, captured) : nullptr;
  if (at == nullptr) return m;
  m.allow = at->allow;
  m.what = match::kind::other_method;
  const auto v = verb_of(method);
  const auto found = v ? at->routes[static_cast<std::size_t>(*v)] : none;
  if (found == none) return m;
  const auto& t = targets_[found - 1];
  m.to = &t.route;
  m.what = match::kind::found;
  for (std::size_t i = 0; i < captured.size(); ++i) {
    auto& c = m.captures.emplace_back(capture{t.captures[i], {}});
    if (!decode(captured[i], c.value)) m.what = match::kind::malformed;
  }
  return m;
}

/// The node where the path ends, literals first. Depth is bounded by the table, not by the path.
const router::node* router::walk(const node& at, std::string_view rest, segments& captured) const {
  if (rest.empty()) return at.allow.empty() ? nullptr : &at;
  const auto segment = next_segment(rest);
  for (const auto& [literal, there] : at.literals)
    if (literal == segment)
      if (const auto* end = walk(nodes_[there], rest, captured)) return end;
  if (at.captured == none || segment.empty()) return nullptr;
  captured.push_back(segment);
  if (const auto* end = walk(nodes_[at.captured], rest, captured)) return end;
  captured.pop_back();
  return nullptr;
}

} // namespace reenact::gateway
