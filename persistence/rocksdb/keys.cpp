#include "persistence/rocksdb/keys.hpp"

#include "persistence/rocksdb/checksum.hpp"

namespace reenact::persistence::keys {
namespace {

template <std::size_t Bytes>
void put_number(char* to, std::uint64_t n) {
  for (std::size_t i = 0; i < Bytes; ++i) to[i] = static_cast<char>(n >> (8 * (Bytes - 1 - i)));
}

template <std::size_t Bytes>
void append_number(std::string& to, std::uint64_t n) {
  char bytes[Bytes];
  put_number<Bytes>(bytes, n);
  to.append(bytes, Bytes);
}

} // namespace

void put16(std::string& to, std::uint16_t n) { append_number<2>(to, n); }
void put32(std::string& to, std::uint32_t n) { append_number<4>(to, n); }
void put64(std::string& to, std::uint64_t n) { append_number<8>(to, n); }

void put_name(std::string& to, std::string_view name) {
  to += static_cast<char>(name.size());
  to += name;
}

std::string_view reader::bytes(std::size_t n) {
  if (n > left_.size()) {
    bad_ = true;
    left_ = {};
    return {};
  }
  const auto taken = left_.substr(0, n);
  left_.remove_prefix(n);
  return taken;
}

std::uint64_t reader::number(std::size_t n) {
  std::uint64_t value = 0;
  for (const char byte : bytes(n)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

std::string of_stream(char kind, std::string_view type, std::string_view entity) {
  std::string key;
  key.reserve(3 + type.size() + entity.size() + version_bytes);
  key += kind;
  put_name(key, entity);
  put_name(key, type);
  return key;
}

std::string of_shard(char kind, shard_id shard) {
  std::string key(1, kind);
  put16(key, static_cast<std::uint16_t>(shard));
  return key;
}

std::string of_body(std::string_view type, std::string_view entity, version_t version) {
  auto key = of_stream(body, type, entity);
  put64(key, version);
  return key;
}

std::string of_pointer(shard_id shard, sequence_t sequence) {
  auto key = of_shard(pointer, shard);
  put64(key, sequence);
  return key;
}

std::string of_due(shard_id shard, stamp_t due) {
  auto key = of_shard(timer, shard);
  put64(key, static_cast<std::uint64_t>(due));
  return key;
}

std::string of_timer(shard_id shard, std::string_view type, std::string_view entity,
                     const persistence::timer& what) {
  auto key = of_due(shard, what.due);
  put_name(key, entity);
  put_name(key, type);
  put_name(key, what.name);
  put64(key, what.generation);
  return key;
}

std::string of_consumer(char kind, std::string_view consumer, shard_id shard) {
  std::string key(1, kind);
  put_name(key, consumer);
  put16(key, static_cast<std::uint16_t>(shard));
  return key;
}

std::string of_consumed(char kind, std::string_view consumer, shard_id shard, sequence_t sequence) {
  auto key = of_consumer(kind, consumer, shard);
  put64(key, sequence);
  return key;
}

void seal(std::string_view key, std::string& value) {
  const auto rest = std::string_view(value).substr(checksum_bytes);
  put_number<checksum_bytes>(value.data(), crc32c(rest, crc32c(key)));
}

std::optional<std::string_view> unseal(std::string_view key, std::string_view value) {
  reader in(value);
  const auto expected = in.get32();
  if (in.bad() || crc32c(in.rest(), crc32c(key)) != expected) return std::nullopt;
  return in.rest();
}

} // namespace reenact::persistence::keys
