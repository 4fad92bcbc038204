#include "persistence/rocksdb/rocksdb_journal.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "persistence/rocksdb/checksum.hpp"
#include "persistence/rocksdb/keys.hpp"
#include "tests/persistence/temporary_directory.hpp"

using namespace reenact::persistence;
using Catch::Contains;

namespace {

constexpr std::uint32_t shards = 4;

auto open_at(const std::string& path) {
  return rocksdb_journal::open(path, {.shards = shards}, {.witness_period = {}});
}

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

/// Why a start is refused, which must leave the witness as it is: the next would be less careful.
failure refusal(const std::string& directory) {
  const auto witness = read_file(directory + "/witness");
  const auto opened = open_at(directory);
  REQUIRE(!opened);
  CHECK(read_file(directory + "/witness") == witness);
  return opened.error();
}

/// An open journal in a directory of its own.
struct opened {
  temporary_directory directory;
  std::unique_ptr<rocksdb_journal> j = std::move(*open_at(directory.path()));
  std::vector<token> owners = claim();

  std::vector<token> claim() {
    std::vector<token> all;
    for (shard_id s = 0; s < shards; ++s) all.push_back(*j->claim(s, 1));
    return all;
  }
  outcome add(const std::string& entity, version_t expected, std::size_t records = 1) {
    const auto shard = shard_of(entity, shards);
    const append a{shard,  owners[shard], "t",
                   entity, expected,      std::vector<std::string>(records, "record")};
    const append* group[] = {&a};
    return j->commit(group).at(0);
  }
  void put(const std::string& key, const std::string& value) {
    REQUIRE(j->database().Put(synced(), key, value).ok());
  }
  failure close_and_fail_to_open() {
    j.reset();
    return refusal(directory.path());
  }
};

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4U];
    out += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
  }
  return out;
}

} // namespace

TEST_CASE("keys lie as KEYS.md says, to the byte", "[rocksdb]") {
  CHECK(hex(keys::of_body("t", "abc", 258)) ==
        "65"
        "03616263"
        "0174"
        "0000000000000102");
  CHECK(hex(keys::of_pointer(513, 7)) ==
        "6c"
        "0201"
        "0000000000000007");
  CHECK(hex(keys::of_shard(keys::owner, 3)) ==
        "74"
        "0003");
  CHECK(hex(keys::of_timer(3, "t", "abc", {"late", 2, 258})) ==
        "64"
        "0003"
        "0000000000000102"
        "03616263"
        "0174"
        "046c617465"
        "0000000000000002");
  CHECK(hex(keys::of_consumer(keys::position, "v", 3)) ==
        "70"
        "0176"
        "0003");
  CHECK(hex(keys::of_consumed(keys::parked, "v", 3, 258)) ==
        "71"
        "0176"
        "0003"
        "0000000000000102");
  CHECK(hex(keys::of_consumed(keys::dead_letter, "v", 3, 258)) ==
        "78"
        "0176"
        "0003"
        "0000000000000102");
  CHECK(hex(keys::of_stream(keys::snapshot, "t", "abc")) ==
        "73"
        "03616263"
        "0174");
  std::string value;
  keys::begin_value(value);
  value += "56789";
  keys::seal("1234", value);
  CHECK(hex(value) == "e3069283" + hex("56789")); // the check value of CRC-32C
  CHECK(keys::unseal("1234", value) == "56789");
  CHECK(keys::unseal("1235", value) == std::nullopt);
  CHECK(keys::unseal("1234", value.substr(0, 3)) == std::nullopt);
}

TEST_CASE("the checksum is the same with and without the processor's instruction", "[rocksdb]") {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    CHECK(crc32c(bytes) == crc32c_by_table(bytes));
    CHECK(crc32c(bytes, 7) == crc32c_by_table(bytes, 7));
    bytes += static_cast<char>(i * 37);
  }
}

TEST_CASE("a journal cannot be opened with another number of shards", "[rocksdb]") {
  opened o;
  o.j.reset();
  const auto again = rocksdb_journal::open(o.directory.path(), {.shards = 8});
  REQUIRE(!again);
  CHECK(again.error().what == failure::kind::refused);
  CHECK_THAT(again.error().text, Contains("made with 4 shards") && Contains("with 8"));
  CHECK(open_at(o.directory.path()));
}

TEST_CASE("a directory that is open is refused, and says by whom", "[rocksdb]") {
  opened o;
  const auto second = open_at(o.directory.path());
  REQUIRE(!second);
  CHECK(second.error().what == failure::kind::refused);
  CHECK_THAT(second.error().text, Contains("process " + std::to_string(::getpid())));
  CHECK(o.add("a", 0).what == outcome::kind::appended);
}

TEST_CASE("a directory that cannot be made is refused, and says why", "[rocksdb]") {
  temporary_directory d;
  write_file(d.path() + "/file", "");
  const auto refused = open_at(d.path() + "/file/journal");
  REQUIRE(!refused);
  CHECK(refused.error().what == failure::kind::refused);
  CHECK_THAT(refused.error().text, Contains("Not a directory"));
}

TEST_CASE("a log that is shorter than its witness refuses to open and names the shard",
          "[rocksdb]") {
  opened o;
  const auto shard = shard_of("a", shards);
  o.add("a", 0, 3);
  REQUIRE(o.j->witness_now());
  REQUIRE(o.j->database().Delete(synced(), keys::of_pointer(shard, 3)).ok());
  o.j.reset();
  for (int start = 0; start < 2; ++start) {
    const auto why = refusal(o.directory.path());
    CHECK(why.what == failure::kind::corrupt);
    CHECK_THAT(why.text, Contains("shard " + std::to_string(shard) + " is short") &&
                             Contains("ends at 2, and 3") && Contains("journal repair"));
  }
}

TEST_CASE("a witness that is damaged, of another journal or gone refuses to open", "[rocksdb]") {
  opened o;
  opened other;
  o.add("a", 0, 3);
  other.j.reset();
  o.j.reset();
  const auto path = o.directory.path() + "/witness";
  const auto foreign = read_file(other.directory.path() + "/witness");
  for (const auto& [text, why] :
       {std::pair(foreign, "do not belong together"),
        std::pair(foreign.substr(0, foreign.size() - 1), "witness is damaged")}) {
    write_file(path, text);
    for (int start = 0; start < 2; ++start)
      CHECK_THAT(refusal(o.directory.path()).text, Contains(why));
  }
  std::filesystem::remove(path);
  for (int start = 0; start < 2; ++start) {
    CHECK_THAT(open_at(o.directory.path()).error().text, Contains("witness is missing"));
    CHECK(!std::filesystem::exists(path));
  }
}

TEST_CASE("the log ends are witnessed by themselves, off the commit path", "[rocksdb]") {
  opened o;
  o.j.reset();
  o.j = std::move(*rocksdb_journal::open(o.directory.path(), {.shards = shards},
                                         {.witness_period = std::chrono::milliseconds(1)}));
  o.owners = o.claim();
  const auto before = read_file(o.directory.path() + "/witness");
  o.add("a", 0, 3);
  while (read_file(o.directory.path() + "/witness") == before) std::this_thread::yield();
  CHECK_THAT(read_file(o.directory.path() + "/witness"), Contains(" 3"));
}

TEST_CASE("a record that was changed or is missing is not read, and says which", "[rocksdb]") {
  opened o;
  const auto shard = shard_of("a", shards);
  o.add("a", 0, 5);
  const auto body = keys::of_body("t", "a", 3);
  std::string value;
  REQUIRE(o.j->database().Get(rocksdb::ReadOptions(), body, &value).ok());
  int seen = 0;
  const visitor count = [&](const stored&) { return ++seen > 0; };
  const auto read = [&] {
    seen = 0;
    return o.j->read_stream({"t", "a"}, 1, count).error();
  };
  const auto read_log = [&] {
    seen = 0;
    return o.j->read_log(shard, 1, 10, count).error();
  };

  for (std::size_t i = 0; i < value.size(); ++i) {
    auto flipped = value;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    o.put(body, flipped);
    CHECK(read().what == failure::kind::corrupt);
    CHECK(seen == 2);
    CHECK(read_log().what == failure::kind::corrupt);
    CHECK(seen == 2);
  }
  CHECK_THAT(read().text, Contains("t a version 3 is damaged"));
  std::string next;
  REQUIRE(o.j->database().Get(rocksdb::ReadOptions(), keys::of_body("t", "a", 4), &next).ok());
  o.put(body, next); // whole, but under another key
  CHECK_THAT(read().text, Contains("t a version 3 is damaged"));
  REQUIRE(o.j->database().Delete(synced(), body).ok());
  CHECK_THAT(read().text, Contains("t a version 3 is missing"));
  CHECK_THAT(read_log().text,
             Contains("shard " + std::to_string(shard) + " sequence 3 is missing"));
  o.put(body, value);
  o.put(keys::of_pointer(shard, 2), "nonsense");
  CHECK_THAT(read_log().text,
             Contains("pointer of shard " + std::to_string(shard) + " sequence 2 is damaged"));
  REQUIRE(o.j->database().Delete(synced(), keys::of_pointer(shard, 2)).ok());
  CHECK_THAT(read_log().text, Contains("sequence 2 is missing"));
}

TEST_CASE("a snapshot that was changed is as if there were none", "[rocksdb]") {
  opened o;
  o.add("a", 0);
  REQUIRE(o.j->store_snapshot(o.owners[shard_of("a", shards)], {"t", "a"}, {1, "state"}));
  REQUIRE(o.j->load_snapshot({"t", "a"})->version == 1);
  const auto key = keys::of_stream(keys::snapshot, "t", "a");
  std::string value;
  REQUIRE(o.j->database().Get(rocksdb::ReadOptions(), key, &value).ok());
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto flipped = value;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    o.put(key, flipped);
    CHECK(o.j->load_snapshot({"t", "a"})->version == 0);
  }
  o.put(key, "");
  CHECK(o.j->load_snapshot({"t", "a"})->version == 0);
}

TEST_CASE("a timer that was changed is not read, and says of which shard", "[rocksdb]") {
  opened o;
  const auto shard = shard_of("a", shards);
  append a{shard, o.owners[shard], "t", "a", 0, {"record"}};
  a.set = {{"late", 1, 500}, {"remind", 1, 600}};
  const append* group[] = {&a};
  REQUIRE(o.j->commit(group).at(0).what == outcome::kind::appended);
  int seen = 0;
  const auto read = [&] {
    seen = 0;
    return o.j->read_timers(shard, 600, 10, [&](const due_timer&) { return ++seen > 0; });
  };
  REQUIRE(read());
  CHECK(seen == 2);
  const auto key = keys::of_timer(shard, "t", "a", a.set[1]);
  std::string value;
  REQUIRE(o.j->database().Get(rocksdb::ReadOptions(), key, &value).ok());
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto flipped = value;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    o.put(key, flipped);
    CHECK(read().error().what == failure::kind::corrupt);
    CHECK(seen == 1);
  }
  CHECK_THAT(read().error().text, Contains("a timer of shard " + std::to_string(shard)));
  o.put(key, value);
  keys::seal(key + "x", value);
  o.put(key + "x", value);
  CHECK(read().error().what == failure::kind::corrupt);
}

TEST_CASE("a position, a parked sequence or a letter that was changed is not read", "[rocksdb]") {
  opened o;
  const auto shard = shard_of("a", shards);
  o.add("a", 0, 3);
  REQUIRE(o.j->store_progress(o.owners[shard], "views", shard,
                              {.at = 3, .parked = {2}, .dead = {{1, "why", 4, 500}}}));
  const auto read = [&](char kind) {
    if (kind == keys::parked) return o.j->parked("views", shard).error();
    if (kind == keys::dead_letter)
      return o.j->read_dead_letters("views", shard, [](const dead_letter&) { return true; })
          .error();
    CHECK(o.j->consumers().error().what == failure::kind::corrupt);
    CHECK(o.j->store_progress(o.owners[shard], "views", shard, {.at = 1}).error().what ==
          failure::kind::corrupt);
    return o.j->positions("views").error();
  };
  for (const auto& [kind, key] :
       {std::pair(keys::position, keys::of_consumer(keys::position, "views", shard)),
        std::pair(keys::parked, keys::of_consumed(keys::parked, "views", shard, 2)),
        std::pair(keys::dead_letter, keys::of_consumed(keys::dead_letter, "views", shard, 1))}) {
    std::string value;
    REQUIRE(o.j->database().Get(rocksdb::ReadOptions(), key, &value).ok());
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto flipped = value;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      o.put(key, flipped);
      CHECK(read(kind).what == failure::kind::corrupt);
      CHECK_THAT(read(kind).text, Contains("of views is damaged"));
    }
    o.put(key, value);
    CHECK(o.j->parked("views", shard));
    CHECK(o.j->positions("views"));
  }
}

TEST_CASE("a damaged identity or owner refuses to open", "[rocksdb]") {
  const auto key = GENERATE(std::string(1, keys::identity), keys::of_shard(keys::owner, 2));
  opened o;
  o.put(key, "nonsense");
  CHECK(o.close_and_fail_to_open().what == failure::kind::corrupt);
}
