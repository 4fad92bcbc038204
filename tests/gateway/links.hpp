#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What a page refers to: every href and src in it.
inline std::vector<std::string> links_in(std::string_view html) {
  std::vector<std::string> found;
  for (const std::string_view quote : {"src=\"", "href=\""})
    for (auto i = html.find(quote); i != html.npos; i = html.find(quote, i + 1)) {
      const auto start = i + quote.size();
      found.emplace_back(html.substr(start, html.find('"', start) - start));
    }
  return found;
}
