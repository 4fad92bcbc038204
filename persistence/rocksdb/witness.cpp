#include "persistence/rocksdb/witness.hpp"

#include <cstdio>
#include <memory>
#include <sstream>

#include "persistence/rocksdb/checksum.hpp"
#include "persistence/rocksdb/database.hpp"

namespace reenact::persistence {
namespace {

constexpr auto first_line = "reenact witness 1";

std::string checksum_of(std::string_view text) {
  char hex[9];
  std::snprintf(hex, sizeof hex, "%08x", crc32c(text));
  return hex;
}

std::string text_of(const witness& w) {
  std::string text = std::string(first_line) + "\nlineage " + to_hex(w.lineage) + "\nends";
  for (const auto end : w.ends) text += ' ' + std::to_string(end);
  text += '\n';
  return text + "crc32c " + checksum_of(text) + '\n';
}

/// Nothing if the text is not one that text_of made.
std::optional<witness> parse(const std::string& text) {
  witness w;
  std::istringstream in(text);
  std::string line;
  std::string word;
  std::string lineage;
  std::getline(in, line);
  in >> word >> lineage >> word;
  for (std::size_t i = 0; i < w.lineage.size() && lineage.size() == 2 * w.lineage.size(); ++i)
    w.lineage[i] =
        static_cast<std::uint8_t>(std::strtoul(lineage.substr(2 * i, 2).c_str(), nullptr, 16));
  for (sequence_t end = 0; in >> end;) w.ends.push_back(end);
  if (text_of(w) != text) return std::nullopt;
  return w;
}

} // namespace

std::string to_hex(const uuid& id) {
  std::string hex;
  for (const auto byte : id) {
    hex += "0123456789abcdef"[byte >> 4U];
    hex += "0123456789abcdef"[byte & 15U];
  }
  return hex;
}

status write_witness(rocksdb::Env& env, const std::string& directory, const witness& what) {
  const auto path = directory + "/witness";
  std::unique_ptr<rocksdb::WritableFile> file;
  std::unique_ptr<rocksdb::Directory> folder;
  auto did = env.NewWritableFile(path + ".new", &file, rocksdb::EnvOptions());
  if (did.ok()) did = file->Append(text_of(what));
  if (did.ok()) did = file->Sync();
  if (did.ok()) did = file->Close();
  if (did.ok()) did = env.RenameFile(path + ".new", path);
  if (did.ok()) did = env.NewDirectory(directory, &folder);
  if (did.ok()) did = folder->Fsync();
  if (!did.ok()) return failed(did, "write " + path);
  return done{};
}

result<std::optional<witness>> read_witness(rocksdb::Env& env, const std::string& directory) {
  const auto path = directory + "/witness";
  if (env.FileExists(path).IsNotFound()) return std::optional<witness>();
  std::string text;
  if (const auto did = rocksdb::ReadFileToString(&env, path, &text); !did.ok())
    return failed(did, "read " + path);
  if (auto w = parse(text)) return w;
  return failure{failure::kind::corrupt,
                 path + " is damaged; `mallbots journal repair` shows what can be read"};
}

} // namespace reenact::persistence
