#include "gateway/html.hpp"

#include <cctype>

namespace reenact::gateway {
namespace {

std::string escaped(std::string_view plain) {
  std::string text;
  for (const char c : plain) switch (c) {
      case '&': text += "&amp;"; break;
      case '<': text += "&lt;"; break;
      case '>': text += "&gt;"; break;
      case '"': text += "&quot;"; break;
      case '\'': text += "&#39;"; break;
      default: text += c;
    }
  return text;
}

html enclosed(std::string_view name, std::string_view attribute, std::string_view value,
              const html& inside) {
  std::string text("<");
  text.append(name);
  if (!attribute.empty())
    text.append(" ").append(attribute).append("=\"").append(escaped(value)).append("\"");
  text.append(">").append(inside.text).append("</").append(name).append(">");
  return {std::move(text)};
}

html row(std::string_view cell, const cells& all) {
  html inside;
  for (const auto& c : all) inside += element(cell, c);
  return element("tr", inside) + html{"\n"};
}

} // namespace

html said(std::string_view plain) { return {escaped(plain)}; }
html element(std::string_view name, const html& inside) { return enclosed(name, {}, {}, inside); }
html mark(std::string_view of_class, std::string_view plain) {
  return enclosed("span", "class", of_class, said(plain));
}
html code(std::string_view plain) { return element("code", said(plain)); }
html link(std::string_view to, std::string_view plain) {
  return enclosed("a", "href", to, said(plain));
}

html list(const std::vector<html>& items) {
  html inside;
  for (const auto& i : items) inside += element("li", i) + html{"\n"};
  return element("ul", inside);
}

html table(std::initializer_list<std::string_view> heads, const std::vector<cells>& rows) {
  if (rows.empty()) return element("p", said("None."));
  cells head;
  for (const auto h : heads) head.push_back(said(h));
  html inside = row("th", head);
  for (const auto& r : rows) inside += row("td", r);
  return element("table", inside);
}

std::string path_to(std::string_view folder, std::string_view name) {
  constexpr std::string_view hex = "0123456789ABCDEF", plain = "-._~";
  std::string path(folder);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x80 && std::isalnum(byte) != 0) || plain.find(c) != plain.npos)
      path += c;
    else
      path.append("%") += {hex[byte >> 4U], hex[byte & 15U]};
  }
  return path;
}

} // namespace reenact::gateway
