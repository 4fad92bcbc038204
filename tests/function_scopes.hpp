#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace reenact::tests {

/// Where a function's braces stand, in lines from 1.
struct function_scope {
  std::size_t first_line = 0;
  std::size_t last_line = 0;
};

/// The functions of a C++ text by counting braces, good enough for clang-formatted code. What nests
/// in a function (lambdas, loops) belongs to it.
std::vector<function_scope> function_scopes(std::string_view text);

} // namespace reenact::tests
