#include "persistence/redis/leases.hpp"

#include <utility>

#include "persistence/rocksdb/keys.hpp"

namespace reenact::persistence::redis {
namespace {

constexpr std::size_t text_max = 1'024; ///< of each text that a member says of itself

void put_text(std::string& to, std::string_view text) {
  text = text.substr(0, text_max);
  keys::put16(to, static_cast<std::uint16_t>(text.size()));
  to += text;
}

std::string get_text(keys::reader& from) { return std::string(from.bytes(from.get16())); }

std::string packed(const member& m) {
  std::string bytes;
  for (const auto* text : {&m.name, &m.address, &m.http, &m.admin, &m.roles})
    put_text(bytes, *text);
  keys::put64(bytes, m.schema);
  bytes += m.leaving ? '\1' : '\0';
  return bytes;
}

std::optional<member> unpacked(std::uint64_t incarnation, std::string_view bytes) {
  keys::reader in(bytes);
  member m{.incarnation = incarnation};
  for (auto* text : {&m.name, &m.address, &m.http, &m.admin, &m.roles}) *text = get_text(in);
  m.schema = in.get64();
  m.leaving = in.bytes(1) == std::string_view("\1", 1);
  return in.bad() ? std::nullopt : std::optional(std::move(m));
}

} // namespace

leases::leases(address where, layout keys, std::uint32_t shards, std::chrono::milliseconds lease)
  : where_(std::move(where)),
    keys_(std::move(keys)),
    shards_(shards),
    lease_(lease) {}

result<answer> leases::ask(const request& what) {
  const auto until = clock::now() + lease_ / 2;
  if (!session_ || !session_->alive()) {
    session_.reset();
    auto made = session::open(where_, until);
    if (!made) return made.error();
    session_.emplace(std::move(*made));
  }
  auto said = session_->ask(what, until);
  if (!said) session_.reset();
  if (said && said->view().is_error()) return refused_by(said->view());
  return said;
}

result<roster> leases::beat(const member& me) {
  request beat(script::beat);
  beat.keys.add(keys_.members());
  for (shard_id s = 0; s < shards_; ++s) beat.keys.add(keys_.owner(s));
  const auto lasts = std::chrono::duration_cast<std::chrono::microseconds>(lease_);
  beat.arguments.add(me.incarnation)
      .add(static_cast<std::uint64_t>(lasts.count()))
      .add(packed(me))
      .add(members_max);
  const auto said = ask(beat);
  if (!said) return said.error();
  if (!said->view().is_array())
    return failure{failure::kind::refused, "the cluster has " + std::to_string(members_max) +
                                               " members already; no more are taken"};
  roster seen;
  const auto others = (*said)[0], owners = (*said)[1];
  for (std::size_t i = 0; i + 2 < others.size(); i += 3) {
    auto who = unpacked(others[i].number(), others[i + 2].text());
    if (!who) continue; // of a version that says other things: it is nobody to this one
    seen.members.push_back({std::move(*who), std::chrono::milliseconds(others[i + 1].integer())});
  }
  for (std::size_t i = 0; i + 1 < owners.size(); i += 2)
    seen.owners.push_back({owners[i].number(), owners[i + 1].number()});
  return seen;
}

status leases::leave(std::uint64_t incarnation) {
  const auto said = ask(request(command("HDEL").add(keys_.members()).add(incarnation)));
  if (!said) return said.error();
  return done{};
}

} // namespace reenact::persistence::redis
