#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

/// An empty directory, gone with everything in it when the test is over.
class temporary_directory {
public:
  temporary_directory() {
    auto name =
        (std::filesystem::temp_directory_path() / "reenact-").string() + std::string(6, 'X');
    path_ = ::mkdtemp(name.data());
  }
  ~temporary_directory() { std::filesystem::remove_all(path_); }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  const std::string& path() const { return path_; }

private:
  std::string path_;
};
