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

status compare(const std::optional<witness>& seen, const identity& who,
               const std::vector<sequence_t>& ends) {
  // The first witness is there before the first append, so there is none only in a new journal.
  if (!seen && ends == std::vector<sequence_t>(who.shards)) return done{};
  if (!seen || seen->lineage != who.lineage || seen->ends.size() != who.shards)
    return failure{failure::kind::corrupt,
                   std::string("the witness is ") + (seen ? "of another journal" : "missing") +
                       ": these files do not belong together. `mallbots journal repair` shows " +
                       "what can be read"};
  for (shard_id s = 0; s < who.shards; ++s)
    if (ends[s] < seen->ends[s])
      return failure{failure::kind::corrupt,
                     "shard " + std::to_string(s) + " is short: its log ends at " +
                         std::to_string(ends[s]) + ", and " + std::to_string(seen->ends[s]) +
                         " was on the disk: acknowledged events are lost. Restore a backup, or " +
                         "see what is left with `mallbots journal repair`"};
  return done{};
}

} // namespace reenact::persistence
