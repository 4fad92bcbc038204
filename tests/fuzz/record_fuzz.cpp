#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <google/protobuf/stubs/logging.h>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/recovery.hpp"
#include "persistence/open.hpp"

/// Stored records and snapshots from a journal that somebody else wrote: an entity is re-enacted
/// from them or refused in words, and a snapshot that is odd changes nothing.
namespace {

using namespace reenact;

struct shop {
  shop() {
    google::protobuf::SetLogHandler(nullptr); // it reports every message that does not parse
    mallbots::install(types);
  }
  reenact::model::registry types;
};

void must(bool held) {
  if (!held) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const shop hosted;
  if (size < 2) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto& type = *hosted.types.aggregates()[data[0] % hosted.types.aggregates().size()];
  const auto journal = std::move(*persistence::open("memory:"));
  const persistence::stream of{type.name, "it"};
  const auto shard = persistence::shard_of(of.entity, journal->about().shards);
  const auto writer = *journal->claim(shard, 1);
  const persistence::append odd{
      .shard = shard, .writer = writer, .type = of.type, .entity = of.entity, .records = {bytes}};
  const persistence::append* group[] = {&odd};
  if (journal->commit(group).front().what != persistence::outcome::kind::appended) return 0;

  const auto plain = runtime::recover(*journal, type, of.entity, 0);
  if (!plain) must(plain.error().text.starts_with("cannot load: "));
  if (plain) must(plain->records == 1);
  (void)journal->store_snapshot(writer, of, {1, bytes});
  const auto with_snapshot = runtime::recover(*journal, type, of.entity, 0);
  if (plain && with_snapshot && with_snapshot->snapshot == 0)
    must(with_snapshot->state->SerializeAsString() == plain->state->SerializeAsString());
  return 0;
}
