#include "gateway/conditions.hpp"

#include <algorithm>
#include <charconv>

namespace reenact::gateway {
namespace {

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_visible_text(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::ranges::all_of(text, is_visible);
}

void skip_space(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

/// The version that a tag stands for: only what strong_tag would write is one.
std::uint64_t version_of(std::string_view tag) {
  std::uint64_t version = 0;
  const auto* end = tag.data() + tag.size();
  const auto read = std::from_chars(tag.data(), end, version);
  const bool exact = read.ec == std::errc() && read.ptr == end && tag.front() != '0';
  return exact ? version : no_version;
}

/// Takes one tag off `text`; false if there is none.
bool read_tag(std::string_view& text, tag_list& into) {
  const bool weak = text.starts_with("W/");
  if (weak) text.remove_prefix(2);
  if (!text.starts_with('"')) return false;
  const auto end = text.find('"', 1);
  if (end == text.npos) return false;
  const auto tag = text.substr(1, end - 1);
  // A tag may hold any visible character and those above ASCII.
  if (std::ranges::any_of(tag, [](char c) { return (c >= 0 && c <= 0x20) || c == 0x7f; }))
    return false;
  (weak ? into.weak : into.versions).push_back(tag.empty() ? no_version : version_of(tag));
  text.remove_prefix(end + 1);
  return true;
}

} // namespace

tag_list read_tags(std::string_view header) {
  tag_list tags;
  skip_space(header);
  if (header == "*") {
    tags.any = true;
    return tags;
  }
  while (!header.empty()) {
    if (!read_tag(header, tags)) return {.malformed = true};
    skip_space(header);
    if (header.empty()) break;
    if (header.front() != ',') return {.malformed = true};
    header.remove_prefix(1);
    skip_space(header);
    if (header.empty()) return {.malformed = true};
  }
  if (tags.versions.empty() && tags.weak.empty()) tags.malformed = true;
  return tags;
}

std::string strong_tag(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

bool is_idempotency_key(std::string_view header) {
  return is_visible_text(header, idempotency_key_max);
}

bool is_request_id(std::string_view header) { return is_visible_text(header, request_id_max); }

bool is_traceparent(std::string_view header) {
  // "00-" trace id, 32 digits "-" parent id, 16 digits "-" flags, 2 digits
  if (header.size() != 55 || !header.starts_with("00-")) return false;
  for (std::size_t i = 3; i < header.size(); ++i)
    if (const bool dash = i == 35 || i == 52; dash ? header[i] != '-' : !is_hex(header[i]))
      return false;
  const auto zeros = [&](std::size_t from, std::size_t n) {
    return header.substr(from, n).find_first_not_of('0') == header.npos;
  };
  return !zeros(3, 32) && !zeros(36, 16);
}

} // namespace reenact::gateway
