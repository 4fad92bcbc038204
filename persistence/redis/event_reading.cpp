#include "persistence/redis/event_reading.hpp"

#include <algorithm>
#include <array>

#include "persistence/refusals.hpp"

namespace reenact::persistence::redis {
namespace {

constexpr std::size_t page_max = 1'000;       ///< records, timers
constexpr std::size_t first_page = 64;        ///< records, before their size is known
constexpr std::size_t page_bytes = 4U << 20U; ///< about

failure damaged(const std::string& what) {
  return {failure::kind::corrupt, what + " in the Redis journal is not what was written"};
}

failure damaged(const stream& of, version_t version) {
  return damaged("version " + std::to_string(version) + " of " + of.type + " " + of.entity);
}

std::string id_of(sequence_t sequence) { return "0-" + std::to_string(sequence); }

/// Shows a page; the last sequence it has shown, 0: the visitor has enough.
result<sequence_t> show_log(shard_id shard, sequence_t next, answer_view page,
                            const visitor& visit) {
  for (std::size_t i = 0; i + 4 < page.size(); i += 5, ++next) {
    const auto what = "sequence " + std::to_string(next) + " of shard " + std::to_string(shard);
    if (page[i].text() != id_of(next)) return damaged("a gap: " + what);
    const auto name = parse_name(page[i + 1].text());
    if (!name) return damaged(what);
    const auto version = page[i + 2].number();
    const auto found = unseal_event(page[i + 4].text(), name->first, name->second, version);
    if (!found || found->sequence != next || found->stamp != page[i + 3].integer())
      return damaged(what);
    if (!visit({version, shard, next, found->stamp, name->first, name->second, found->record}))
      return sequence_t{0};
  }
  return next - 1;
}

/// Whether the page may have ended for its bytes, and not with the log.
bool is_heavy(answer_view page) {
  std::size_t bytes = 0;
  for (std::size_t i = 4; i < page.size(); i += 5) bytes += page[i].text().size();
  return bytes >= page_bytes;
}

} // namespace

result<version_t> read_head(reading& by, const layout& keys, std::uint32_t shards,
                            const stream& of) {
  const auto shard = shard_of(of.entity, shards);
  const request length(command("LLEN").add(keys.streams(shard) + name_of(of.type, of.entity)));
  const auto said = by.ask(length);
  if (!said) return said.error();
  return said->view().number();
}

status read_stream(reading& by, const layout& keys, std::uint32_t shards, const stream& of,
                   version_t from, const visitor& visit) {
  const auto shard = shard_of(of.entity, shards);
  const auto key = keys.streams(shard) + name_of(of.type, of.entity);
  auto next = std::max<version_t>(from, 1);
  sequence_t before = 0;
  for (std::size_t page = first_page;;) {
    const request range(command("LRANGE").add(key).add(next - 1).add(next + page - 2));
    const auto said = by.ask(range);
    if (!said) return said.error();
    const auto found = said->view();
    std::size_t largest = 1;
    for (std::size_t i = 0; i < found.size(); ++i, ++next) {
      const auto element = found[i].text();
      largest = std::max(largest, element.size());
      const auto e = unseal_event(element, of.type, of.entity, next);
      if (!e || e->sequence <= before) return damaged(of, next);
      before = e->sequence;
      if (!visit({next, shard, e->sequence, e->stamp, of.type, of.entity, e->record}))
        return done{};
    }
    if (found.size() < page) return done{};
    page = std::clamp<std::size_t>(page_bytes / largest, 1, page_max);
  }
}

status read_log(reading& by, const layout& keys, shard_id shard, sequence_t from, std::size_t most,
                const visitor& visit) {
  auto next = std::max<sequence_t>(from, 1);
  while (most > 0) {
    const auto page = std::min(most, page_max);
    request range(script::log_page);
    range.keys.add(keys.log(shard));
    range.arguments.add(id_of(next)).add(id_of(next + page - 1)).add(keys.streams(shard));
    range.arguments.add(page_bytes);
    const auto said = by.ask(range);
    if (!said) return said.error();
    const auto count = said->view().size() / 5;
    if (count == 0) return done{};
    const auto shown = show_log(shard, next, said->view(), visit);
    if (!shown) return shown.error();
    if (*shown == 0 || (count < page && !is_heavy(said->view()))) return done{};
    next = *shown + 1;
    most -= std::min(most, count);
  }
  return done{};
}

status read_timers(reading& by, const layout& keys, shard_id shard, stamp_t until, std::size_t most,
                   const timer_visitor& visit) {
  if (until < 0) return done{};
  const auto past = "(" + big_endian(static_cast<std::uint64_t>(until) + 1);
  std::string from = "-";
  while (most > 0) {
    const auto page = std::min(most, page_max);
    const request range(command("ZRANGEBYLEX")
                            .add(keys.timers(shard))
                            .add(from)
                            .add(past)
                            .add("LIMIT")
                            .add("0")
                            .add(page));
    const auto said = by.ask(range);
    if (!said) return said.error();
    const auto found = said->view();
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto t = unseal_timer(shard, found[i].text());
      if (!t) return damaged("a timer of shard " + std::to_string(shard));
      if (!visit(*t)) return done{};
    }
    if (found.size() < page) return done{};
    from = "(" + std::string(found[found.size() - 1].text());
    most -= found.size();
  }
  return done{};
}

result<snapshot> load_snapshot(reading& by, const layout& keys, std::uint32_t shards,
                               const stream& of) {
  const auto shard = shard_of(of.entity, shards);
  const auto name = name_of(of.type, of.entity);
  const std::array<request, 2> asked{request(command("GET").add(keys.snapshots(shard) + name)),
                                     request(command("LLEN").add(keys.streams(shard) + name))};
  const auto said = by.ask(asked);
  if (!said) return said.error();
  const auto found = unseal_snapshot(of, (*said)[0].view().text());
  if (!found || found->version > (*said)[1].view().number()) return snapshot{};
  return *found;
}

} // namespace reenact::persistence::redis
