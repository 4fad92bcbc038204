#include "actors/runtime/ids.hpp"

#include <algorithm>
#include <random>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

namespace reenact::runtime {
namespace {

// Drawn once for this project, so that our named ids never meet anybody else's.
constexpr uuid command_space{0x5b, 0x1c, 0x9d, 0x0e, 0x3f, 0x7a, 0x4c, 0x52,
                             0x9e, 0x61, 0xd0, 0x8b, 0x2a, 0x94, 0x77, 0xc3};
constexpr uuid entity_space{0xe2, 0x46, 0x0b, 0xd1, 0x88, 0x35, 0x4f, 0x0d,
                            0xa7, 0x1e, 0x6c, 0x59, 0xf4, 0x20, 0xbb, 0x18};

} // namespace

std::uint64_t system_entropy::draw() {
  thread_local std::mt19937_64 engine = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return engine();
}

uuid random_uuid(entropy& from) {
  uuid id{};
  for (std::size_t half = 0; half < 2; ++half) {
    auto bits = from.draw();
    for (std::size_t i = 0; i < 8; ++i, bits >>= 8)
      id[half * 8 + i] = static_cast<std::uint8_t>(bits & 0xff);
  }
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

uuid named_uuid(const uuid& space, std::string_view name) {
  boost::uuids::uuid s{};
  std::ranges::copy(space, s.begin());
  const auto made = boost::uuids::name_generator_sha1(s)(name.data(), name.size());
  uuid id{};
  std::ranges::copy(made, id.begin());
  return id;
}

std::string to_string(const uuid& id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[id[i] >> 4];
    text += digits[id[i] & 0x0f];
  }
  return text;
}

std::string_view bytes_of(const uuid& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

uuid uuid_of(std::string_view bytes) {
  uuid id{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), id.size()), id.begin());
  return id;
}

uuid command_id(std::string_view rpc, std::string_view key, std::string_view principal) {
  std::string name(rpc);
  // A zero byte cannot stand in a key or a principal, so no two triples make the same name.
  name.append(1, '\0').append(key).append(1, '\0').append(principal);
  return named_uuid(command_space, name);
}

uuid entity_id(const uuid& command) { return named_uuid(entity_space, bytes_of(command)); }

} // namespace reenact::runtime
