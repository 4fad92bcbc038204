#include "tests/system/node_process.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

namespace reenact::tests {
namespace {

std::string new_directory() {
  auto path = (std::filesystem::temp_directory_path() / "mallbots.XXXXXX").string();
  REQUIRE(::mkdtemp(path.data()) != nullptr);
  return path;
}

std::vector<std::string> command(const std::string& data, const std::vector<std::string>& flags,
                                 std::vector<std::string> all) {
  for (const auto& word :
       mallbots({"node", "--data", data, "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"}))
    all.push_back(word);
  all.insert(all.end(), flags.begin(), flags.end());
  return all;
}

} // namespace

scratch::scratch() : path(new_directory()) {}
scratch::~scratch() { std::filesystem::remove_all(path); }

node_process::node_process(const std::string& data, const std::vector<std::string>& flags,
                           const std::vector<std::string>& under)
  : process(command(data, flags, under)),
    ready(line().value_or("")) {
  int said = 0;
  INFO(ready << "\n" << errors());
  REQUIRE(std::sscanf(ready.c_str(), "ready http=127.0.0.1:%hu admin=127.0.0.1:%hu pid=%d", &http,
                      &admin, &said) == 3);
  CHECK(said == pid());
}

} // namespace reenact::tests
