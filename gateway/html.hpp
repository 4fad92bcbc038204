#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace reenact::gateway {

/// Markup. Plain text becomes it by `said` alone, which escapes; nothing else here takes text as it
/// is but names of elements and classes.
struct html {
  std::string text{};

  html& operator+=(const html& more) {
    text += more.text;
    return *this;
  }
  friend html operator+(html a, const html& b) { return a += b; }
  bool empty() const { return text.empty(); }
};

html said(std::string_view plain);
html element(std::string_view name, const html& inside);
/// Said, with a class that the stylesheet knows.
html mark(std::string_view of_class, std::string_view plain);
html code(std::string_view plain);
html link(std::string_view to, std::string_view plain);
html list(const std::vector<html>& items);

using cells = std::vector<html>;
/// Says that there is nothing when there are no rows.
html table(std::initializer_list<std::string_view> heads, const std::vector<cells>& rows);

/// A path in which a name may have any character: "/catalog/views/" and "a b" is
/// "/catalog/views/a%20b".
std::string path_to(std::string_view folder, std::string_view name);

} // namespace reenact::gateway
