#include "tests/function_scopes.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace reenact::tests {
namespace {

using std::string;
using std::string_view;

/// The text with comments and literals blanked out, line breaks kept.
string code_only(string_view text) {
  string out(text);
  const auto blank = [&](std::size_t from, std::size_t until) {
    for (; from < until && from < out.size(); ++from)
      if (out[from] != '\n') out[from] = ' ';
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (text.substr(i, 2) == "//") {
      end = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i, 2) == "/*") {
      end = std::min(text.find("*/", i), text.size() - 2) + 2;
    } else if (text.substr(i, 2) == "R\"") {
      const auto open = text.find('(', i);
      const auto close = ")" + string(text.substr(i + 2, open - i - 2)) + "\"";
      end = std::min(text.find(close, open), text.size() - close.size()) + close.size();
    } else if (text[i] == '"' ||
               (text[i] == '\'' &&
                (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))) {
      while (end < text.size() && text[end] != text[i]) end += text[end] == '\\' ? 2 : 1;
      ++end;
    } else {
      ++i;
      continue;
    }
    blank(i, end);
    i = end;
  }
  return out;
}

/// Whether what stands before a '{' opens a function: it has parameters and is no control word.
bool opens_function(string_view before) {
  const auto start = before.find_first_not_of(" \n\t");
  if (start == string_view::npos || before.find('(') == string_view::npos) return false;
  before.remove_prefix(start);
  const auto word = before.substr(0, before.find_first_of(" (\n<"));
  return word != "namespace" && word != "enum" && word != "#define";
}

} // namespace

std::vector<function_scope> function_scopes(string_view text) {
  const auto code = code_only(text);
  std::vector<function_scope> found;
  std::size_t line = 1, since = 0, depth = 0, function_depth = 0, function_line = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '\n') ++line;
    if (c == '{') {
      ++depth;
      if (function_depth == 0 && opens_function(string_view(code).substr(since, i - since))) {
        function_depth = depth;
        function_line = line;
      }
    }
    if (c == '}') {
      if (depth == function_depth && function_depth != 0) {
        found.push_back({function_line, line});
        function_depth = 0;
      }
      if (depth > 0) --depth;
    }
    if (c == '{' || c == '}' || c == ';') since = i + 1;
  }
  return found;
}

} // namespace reenact::tests
