#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

/// Code in documents is quoted from compiled files: each ```cpp block stands after a line
/// `<!-- path -->` and is, to the letter, part of that file.
namespace {

namespace fs = std::filesystem;
using std::string;

const fs::path root = REENACT_SOURCE_DIR;

string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct quote {
  string source; ///< path in the repository; empty: not said
  string code;
};

std::vector<quote> quotes_in(const string& text) {
  std::vector<quote> all;
  const string fence = "\n```cpp\n";
  for (auto at = text.find(fence); at != string::npos; at = text.find(fence, at + 1)) {
    const auto code = at + fence.size();
    const auto line = text.rfind('\n', at - 1) + 1;
    const auto above = text.substr(line, at - line);
    quote found{"", text.substr(code, text.find("```", code) - code)};
    if (above.starts_with("<!-- ") && above.ends_with(" -->"))
      found.source = above.substr(5, above.size() - 9);
    all.push_back(std::move(found));
  }
  return all;
}

} // namespace

TEST_CASE("code in documents is quoted from compiled files") {
  std::vector<fs::path> documents = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs"))
    if (entry.path().extension() == ".md")
      documents.push_back(entry.path().lexically_relative(root));
  for (const auto& document : documents)
    for (const auto& quote : quotes_in(contents(root / document))) {
      INFO(document << " quotes '" << quote.source << "':\n" << quote.code);
      CHECK(!quote.source.empty());
      CHECK(contents(root / quote.source).find(quote.code) != string::npos);
    }
}

TEST_CASE("a quote is what stands between the fences, and knows its source") {
  const auto found = quotes_in("a\n<!-- b.hpp -->\n```cpp\nint b;\n```\nc\n```cpp\nint d;\n```\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].source == "b.hpp");
  CHECK(found[0].code == "int b;\n");
  CHECK(found[1].source.empty());
}
