#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

/// The key layout of KEYS.md, to the byte: keys are built and values sealed here and nowhere else.
namespace reenact::persistence::keys {

inline constexpr char identity = 'i', body = 'e', pointer = 'l', owner = 't', position = 'p',
                      snapshot = 's', timer = 'd', parked = 'q', dead_letter = 'x';
inline constexpr std::size_t checksum_bytes = 4;
inline constexpr std::size_t version_bytes = 8;

void put16(std::string& to, std::uint16_t n);
void put32(std::string& to, std::uint32_t n);
void put64(std::string& to, std::uint64_t n);
void put_name(std::string& to, std::string_view name);

/// Takes numbers and names off the front of bytes; after the first that is not there, `bad`.
class reader {
public:
  explicit reader(std::string_view bytes) : left_(bytes) {}
  std::uint16_t get16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t get32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t get64() { return number(8); }
  std::string_view name() { return bytes(static_cast<std::uint8_t>(number(1))); }
  std::string_view bytes(std::size_t n);
  std::string_view rest() const { return left_; }
  bool bad() const { return bad_; }

private:
  std::uint64_t number(std::size_t n);

  std::string_view left_;
  bool bad_ = false;
};

std::string of_stream(char kind, std::string_view type, std::string_view entity);
std::string of_shard(char kind, shard_id shard);
std::string of_body(std::string_view type, std::string_view entity, version_t version);
std::string of_pointer(shard_id shard, sequence_t sequence);
/// The first key of a shard's timers that are due at `due`.
std::string of_due(shard_id shard, stamp_t due);
std::string of_timer(shard_id shard, std::string_view type, std::string_view entity,
                     const persistence::timer& what);
/// Of a consumer in a shard: its position, or what its parked and dead ones begin with.
std::string of_consumer(char kind, std::string_view consumer, shard_id shard);
std::string of_consumed(char kind, std::string_view consumer, shard_id shard, sequence_t sequence);

/// Begins a value: room for the checksum that seal() puts there.
inline void begin_value(std::string& value) { value.assign(checksum_bytes, '\0'); }
void seal(std::string_view key, std::string& value);
/// What follows the checksum, if it is right.
std::optional<std::string_view> unseal(std::string_view key, std::string_view value);

} // namespace reenact::persistence::keys
