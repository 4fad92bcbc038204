#include "tests/function_scopes.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

/// The house rules as a test: every complaint names the file, the line and what to do instead.
/// A rule looks at one file at a time, so that each can be shown a bad one below.
namespace {

namespace fs = std::filesystem;
using std::string;
using std::string_view;

struct source {
  string path; ///< in the repository
  std::vector<string> lines;
  string text;
};

using complaints = std::vector<string>;

void complain(complaints& to, const source& in, std::size_t line, const string& what) {
  to.push_back(in.path + ":" + std::to_string(line) + ": " + what);
}

bool ends_in(const source& f, std::initializer_list<string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](string_view e) { return string_view(f.path).ends_with(e); });
}
bool is_cpp(const source& f) { return ends_in(f, {".hpp", ".cpp"}); }
bool below(string_view path, string_view folder) {
  return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

source make_source(string path, string text) {
  source made{std::move(path), {}, std::move(text)};
  std::istringstream in(made.text);
  for (string line; std::getline(in, line);) made.lines.push_back(line);
  return made;
}

// -- arrows: who may include whom ----------------------------------------------------------------

struct room {
  string_view folder;
  std::vector<string_view> sees;
};

const std::vector<room> rooms = {
    {"messages", {"messages"}},
    {"persistence", {"persistence", "messages"}},
    {"actors/model", {"actors/model", "messages"}},
    {"actors/mallbots", {"actors/mallbots", "actors/model", "messages"}},
    {"actors/runtime", {"actors/runtime", "actors/model", "persistence", "messages"}},
    {"gateway", {"gateway", "actors/runtime", "actors/model", "messages"}},
    {"tools", {"tools", "gateway", "actors", "persistence", "messages"}},
    {"tests", {"tests", "tools", "gateway", "actors", "persistence", "messages"}},
};

struct library {
  string_view prefix;
  std::vector<string_view> rooms;
};

const std::vector<library> libraries = {
    {"caf/", {"actors/runtime", "gateway", "tools", "tests"}},
    {"boost/beast", {"gateway", "tools", "tests"}},
    {"boost/asio", {"gateway", "tools", "tests"}},
    {"rocksdb/", {"persistence/rocksdb", "tools/bench", "tests"}},
    {"hiredis/", {"persistence/redis", "tests"}},
    {"sqlite3.h", {"persistence/views", "tools/bench", "tests"}},
    {"CLI/", {"tools"}},
    {"toml.hpp", {"tools"}},
};

string join(const std::vector<string_view>& names) {
  string all;
  for (auto n : names) all += (all.empty() ? "" : ", ") + string(n);
  return all;
}

/// "stores" of "actors/mallbots/stores/store.hpp"; empty for what all modules share.
string_view module_of(string_view path) {
  constexpr string_view shop = "actors/mallbots/";
  if (!path.starts_with(shop)) return {};
  path.remove_prefix(shop.size());
  const auto slash = path.find('/');
  return slash == string_view::npos ? string_view() : path.substr(0, slash);
}

void own_arrows(const source& f, std::size_t line, string_view target, complaints& to) {
  const auto from = std::find_if(rooms.begin(), rooms.end(),
                                 [&](const room& r) { return below(f.path, r.folder); });
  if (from == rooms.end()) return complain(to, f, line, "C++ lives in one of the rooms of house");
  const bool seen = std::any_of(from->sees.begin(), from->sees.end(),
                                [&](string_view folder) { return below(target, folder); });
  if (!seen)
    complain(to, f, line,
             string(from->folder) + " must not include " + string(target) + "; it sees only " +
                 join(from->sees) + " (paths start at the repository)");
  if (const auto theirs = module_of(target); !theirs.empty() && below(f.path, "actors/mallbots"))
    if (theirs != module_of(f.path))
      complain(to, f, line, "another module's code: include its messages/mallbots/... instead");
}

void library_arrows(const source& f, std::size_t line, string_view target, complaints& to) {
  for (const auto& lib : libraries)
    if (target.starts_with(lib.prefix) &&
        std::none_of(lib.rooms.begin(), lib.rooms.end(),
                     [&](string_view folder) { return below(f.path, folder); }))
      complain(to, f, line,
               "<" + string(target) + "> is only for " + join(lib.rooms) + "; go through them");
}

void arrows(const source& f, complaints& to) {
  if (!is_cpp(f)) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    string_view rest = f.lines[i];
    if (!rest.starts_with("#include ")) continue;
    rest.remove_prefix(9);
    const auto target = rest.substr(1, rest.find_first_of("\">", 1) - 1);
    if (rest.starts_with('"'))
      own_arrows(f, i + 1, target, to);
    else
      library_arrows(f, i + 1, target, to);
  }
}

// -- sizes ---------------------------------------------------------------------------------------

constexpr std::size_t file_lines_max = 400;
constexpr std::size_t function_lines_max = 60;
constexpr std::size_t columns_max = 100;

void sizes(const source& f, complaints& to) {
  if (ends_in(f, {".hpp"}) && (f.lines.empty() || f.lines[0] != "#pragma once"))
    complain(to, f, 1, "a header begins with #pragma once");
  if (!is_cpp(f) && !ends_in(f, {".proto", ".cmake", "CMakeLists.txt"})) return;
  if (f.lines.size() > file_lines_max)
    complain(to, f, file_lines_max + 1, "more than 400 lines; find the second thing in it");
  // An rpc is one line in its .proto, however long its path.
  if (ends_in(f, {".proto"})) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const auto columns = std::count_if(f.lines[i].begin(), f.lines[i].end(),
                                       [](char c) { return (c & 0xC0) != 0x80; });
    if (static_cast<std::size_t>(columns) > columns_max)
      complain(to, f, i + 1, "more than 100 columns; break the line");
  }
}

void functions(const source& f, complaints& to) {
  if (!is_cpp(f)) return;
  for (const auto& scope : reenact::tests::function_scopes(f.text))
    if (scope.last_line - scope.first_line > function_lines_max)
      complain(to, f, scope.first_line, "a function of more than 60 lines; name its parts");
}

// -- words and names -----------------------------------------------------------------------------

struct banned_word {
  string word;
  string instead;
  std::vector<string_view> folders; ///< empty: everywhere
  string_view seam{};               ///< the one file there that may, because all others ask it
};

// Written in two halves, so that this file may be checked too.
const std::vector<banned_word> banned = {
    {string("TO") + "DO", "open an issue", {}},
    {string("FIX") + "ME", "open an issue", {}},
    {string("// X") + "XX", "open an issue", {}},
    {string("sleep_") + "for", "advance the time, or wait for the thing itself", {"tests"}},
    {string("sleep_") + "until", "advance the time, or wait for the thing itself", {"tests"}},
    {string("_clock") + "::now",
     "time arrives in the command",
     {"actors/model", "actors/mallbots"}},
    {string("random_") + "device",
     "ids arrive in the command",
     {"actors/model", "actors/mallbots"}},
    {string("_clock") + "::now", "ask the clock", {"actors/runtime"}, "actors/runtime/clock.cpp"},
    {string("clock_") + "gettime", "ask the clock", {"actors/runtime"}, "actors/runtime/clock.cpp"},
    {string("random_") + "device",
     "draw from entropy",
     {"actors/runtime"},
     "actors/runtime/ids.cpp"},
    {string("fst") + "ream", "files are persistence's", {"actors/runtime"}},
    {string("fop") + "en", "files are persistence's", {"actors/runtime"}},
    {string("sys/so") + "cket",
     "sockets are the gateway's; whether anybody listens, the dialer asks",
     {"actors/runtime"},
     "actors/runtime/dialer.cpp"},
    {string("using namespace std") + ";", "name what is used", {}},
    {string("/ho") + "me/", "a path of one machine", {}},
    {string("/ro") + "ot/", "a path of one machine", {}},
    {string("/wo") + "rk/", "a path of one machine", {}},
    {string("/t") + "mp/", "a path of one machine; ask for a temporary directory", {}},
};

void words(const source& f, complaints& to) {
  for (std::size_t i = 0; i < f.lines.size(); ++i)
    for (const auto& b : banned) {
      const bool here = b.folders.empty() ||
                        std::any_of(b.folders.begin(), b.folders.end(),
                                    [&](string_view folder) { return below(f.path, folder); });
      if (here && f.path != b.seam && f.lines[i].find(b.word) != string::npos)
        complain(to, f, i + 1, "'" + b.word + "' is not for here: " + b.instead);
    }
}

void names(const source& f, complaints& to) {
  if (f.path.find(".pb.") != string::npos)
    complain(to, f, 1, "generated code lives in the build tree only");
  if (!is_cpp(f) && !ends_in(f, {".proto"})) return;
  const auto stem = fs::path(f.path).stem().string();
  if (stem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != string::npos)
    complain(to, f, 1, "file names are snake_case");
  static const std::set<string> empty_words = {"util",    "utils", "common", "helper", "helpers",
                                               "manager", "impl",  "base",   "misc"};
  static const std::set<string> layers = {"handler", "controller", "service"};
  std::istringstream parts(stem);
  for (string part, all; std::getline(parts, part, '_');) {
    if (empty_words.contains(part))
      complain(to, f, 1, "'" + part + "' says nothing; name the file as its one main thing");
    if (layers.contains(part) && part != stem && stem.ends_with(part))
      complain(to, f, 1, "no *_" + part + " files: a module is values, the runtime hosts it");
  }
}

// -- the tree ------------------------------------------------------------------------------------

const fs::path root = REENACT_SOURCE_DIR;

string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Whether a CMakeLists.txt says that word, not only as a part of another.
bool lists(string_view list, string_view word) {
  constexpr string_view around = " \t\n()\"";
  for (auto at = list.find(word); at != string::npos; at = list.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || around.find(list[at - 1]) != string::npos) &&
        (end == list.size() || around.find(list[end]) != string::npos))
      return true;
  }
  return false;
}

std::vector<source> tree() {
  static const std::set<string> skipped = {".git", "build", "var", "node_modules"};
  static const std::set<string> text = {".hpp",  ".cpp",  ".proto", ".cmake", ".txt", ".md", ".sh",
                                        ".toml", ".json", ".yml",   "",       ".js",  ".ts"};
  std::vector<source> all;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    const auto name = at->path().filename().string();
    if (at->is_directory() && skipped.contains(name)) at.disable_recursion_pending();
    if (!at->is_regular_file() || name == ".git" || name == "package-lock.json") continue;
    if (!text.contains(at->path().extension().string()) && name.find(".pb.") == string::npos)
      continue;
    all.push_back(make_source(fs::relative(at->path(), root).string(), contents(at->path())));
  }
  return all;
}

string join(const complaints& all) {
  string text;
  for (const auto& c : all) text += c + "\n";
  return text;
}

const std::vector<std::function<void(const source&, complaints&)>> rules = {
    arrows, sizes, functions, words, names};

complaints check(const string& path, const string& text) {
  complaints found;
  for (const auto& rule : rules) rule(make_source(path, text), found);
  return found;
}

} // namespace

TEST_CASE("the tree keeps the rules of the house") {
  complaints found;
  for (const auto& f : tree())
    for (const auto& rule : rules) rule(f, found);
  INFO(join(found));
  CHECK(found.empty());
}

TEST_CASE("every source belongs to a target and every header to a source") {
  const auto files = tree();
  const auto compiled = contents(REENACT_COMPILE_COMMANDS);
  string includes;
  std::map<string, string> targets; // folder -> its CMakeLists.txt
  for (const auto& f : files) {
    if (is_cpp(f)) includes += f.text;
    if (f.path.ends_with("CMakeLists.txt")) targets[fs::path(f.path).parent_path()] = f.text;
  }
  const auto listed = [&](const string& path) {
    for (fs::path folder = fs::path(path).parent_path();; folder = folder.parent_path()) {
      const auto list = targets.find(folder);
      const auto name = fs::path(path).lexically_relative(folder.empty() ? "." : folder).string();
      if (list != targets.end() && lists(list->second, name)) return true;
      if (folder.empty()) return false;
    }
  };
  complaints found;
  for (const auto& f : files) {
    if (ends_in(f, {".hpp"}) && includes.find("\"" + f.path + "\"") == string::npos)
      complain(found, f, 1, "nobody includes this header; delete it or use it");
    if (ends_in(f, {".cpp", ".proto"}) && !listed(f.path) &&
        compiled.find("/" + f.path + "\"") == string::npos)
      complain(found, f, 1, "in no target; list it in a CMakeLists.txt or delete it");
  }
  INFO(join(found));
  CHECK(found.empty());
}

TEST_CASE("each rule finds its offender and says what to do") {
  const auto finds = [](const string& path, const string& text, const string& complaint) {
    CHECK_THAT(join(check(path, text)), Catch::Contains(complaint));
  };
  finds("gateway/a.cpp", "\n#include \"persistence/journal.hpp\"\n",
        "gateway/a.cpp:2: gateway must not include persistence/journal.hpp; it sees only gateway, "
        "actors/runtime, actors/model, messages");
  finds("actors/model/a.cpp", "#include <caf/all.hpp>\n", "only for actors/runtime, gateway");
  finds("actors/mallbots/stores/a.cpp", "#include \"actors/mallbots/customers/customer.hpp\"\n",
        "another module's code");
  finds("gateway/a.hpp", "int a;\n", "gateway/a.hpp:1: a header begins with #pragma once");
  finds("gateway/a.cpp", string(401, '\n'), "gateway/a.cpp:401: more than 400 lines");
  finds("gateway/a.cpp", "//" + string(99, '-') + "\n", "more than 100 columns");
  finds("gateway/a.cpp", "namespace a {\nint f(int x) {\n" + string(60, '\n') + "}\n}\n",
        "gateway/a.cpp:2: a function of more than 60 lines");
  for (const auto& b : banned)
    finds(b.folders.empty() ? "README.md" : string(b.folders[0]) + "/a.cpp", b.word, b.instead);
  for (const auto& b : banned)
    if (!b.seam.empty()) CHECK(check(string(b.seam), b.word).empty());
  finds("gateway/json_utils.cpp", "", "'utils' says nothing");
  finds("gateway/order_handler.cpp", "", "no *_handler files");
  finds("gateway/Order.cpp", "", "snake_case");
  finds("messages/a.pb.h", "", "build tree only");
}

TEST_CASE("a target lists a source by its whole name") {
  CHECK(lists("add_library(a call.cpp)", "call.cpp"));
  CHECK(lists("  web/call.cpp\n", "web/call.cpp"));
  CHECK_FALSE(lists("add_library(a http_call.cpp call.cpp.in web/call.cpp)", "call.cpp"));
}

TEST_CASE("what is in order is left alone") {
  CHECK(check("gateway/a.hpp", "#pragma once\n\n#include \"messages/schema.hpp\"\n").empty());
  const string literals = "auto a = \"{\" R\"x({{)x\"; char b = '{'; int c = 65'536; // {\n";
  CHECK(check("gateway/a.cpp", "int f(int x) {\n" + literals + "}\n" + string(61, '\n')).empty());
  CHECK(check("gateway/a.cpp", "class a {\n" + string(61, '\n') + "int f() { return 1; }\n};\n")
            .empty());
}
