#include "gateway/event_place.hpp"

#include <cstdint>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/strutil.h>

namespace reenact::gateway {
namespace {

std::string_view half_of(const runtime::uuid& lineage) {
  return runtime::bytes_of(lineage).substr(0, 8);
}

} // namespace

std::string place_token(const runtime::uuid& lineage, const runtime::log_places& at) {
  std::string bytes(half_of(lineage));
  {
    google::protobuf::io::StringOutputStream behind(&bytes);
    google::protobuf::io::CodedOutputStream out(&behind);
    for (const auto& [shard, sequence] : at) out.WriteVarint64(sequence);
  }
  std::string token;
  google::protobuf::WebSafeBase64Escape(bytes, &token);
  return token;
}

bool read_place_token(std::string_view token, const runtime::uuid& lineage,
                      runtime::log_places& to) {
  std::string bytes;
  if (!google::protobuf::WebSafeBase64Unescape(std::string(token), &bytes)) return false;
  if (!bytes.starts_with(half_of(lineage))) return false;
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const std::uint8_t*>(bytes.data()) + half_of(lineage).size(),
      static_cast<int>(bytes.size() - half_of(lineage).size()));
  for (auto& [shard, sequence] : to)
    if (!in.ReadVarint64(&sequence)) return false;
  return in.CurrentPosition() + 8 == static_cast<int>(bytes.size());
}

} // namespace reenact::gateway
