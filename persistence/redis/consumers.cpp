#include "persistence/redis/consumers.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "persistence/admission.hpp"

namespace reenact::persistence::redis {
namespace {

constexpr std::size_t page_max = 1'000;

failure damaged(const std::string& what, std::string_view consumer, shard_id shard) {
  return {failure::kind::corrupt, what + " of " + std::string(consumer) + " in shard " +
                                      std::to_string(shard) +
                                      " in the Redis journal is not what was written"};
}

/// Every member of a sorted set, in order; `take` says false when it has enough.
status read_members(reading& by, const std::string& key,
                    const std::function<result<bool>(std::string_view)>& take) {
  std::string from = "-";
  for (;;) {
    const request range(
        command("ZRANGEBYLEX").add(key).add(from).add("+").add("LIMIT").add("0").add(page_max));
    const auto said = by.ask(range);
    if (!said) return said.error();
    const auto found = said->view();
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto more = take(found[i].text());
      if (!more) return more.error();
      if (!*more) return done{};
    }
    if (found.size() < page_max) return done{};
    from = "(" + std::string(found[found.size() - 1].text());
  }
}

sequence_t highest(const progress& what) {
  auto most = what.at;
  for (const auto* sequences : {&what.parked, &what.resumed})
    for (const auto s : *sequences) most = std::max(most, s);
  for (const auto& letter : what.dead) most = std::max(most, letter.at);
  return most;
}

request stored(const layout& keys, std::string_view consumer, shard_id shard,
               const progress& what) {
  request store(script::store_progress);
  store.keys.add(keys.owner(shard))
      .add(keys.log(shard))
      .add(keys.positions(shard))
      .add(keys.parked(shard, consumer))
      .add(keys.dead_letters(shard, consumer));
  auto& arguments = store.arguments;
  arguments.add(consumer)
      .add(highest(what))
      .add(what.at)
      .add(seal_position(shard, consumer, what.at))
      .add(what.parked.size())
      .add(what.resumed.size())
      .add(what.dead.size());
  for (const auto* sequences : {&what.parked, &what.resumed})
    for (const auto s : *sequences) arguments.add(seal_parked(shard, consumer, s));
  for (const auto& letter : what.dead)
    arguments.add(big_endian(letter.at))
        .add(big_endian(letter.at + 1))
        .add(seal_letter(shard, consumer, letter));
  return store;
}

} // namespace

result<positions_by_shard> read_positions(reading& by, const layout& keys, std::uint32_t shards,
                                          std::string_view consumer) {
  std::vector<request> asked;
  for (shard_id s = 0; s < shards; ++s)
    asked.emplace_back(command("HGET").add(keys.positions(s)).add(consumer));
  const auto said = by.ask(asked);
  if (!said) return said.error();
  positions_by_shard all(shards);
  for (shard_id s = 0; s < shards; ++s) {
    const auto value = (*said)[s].view();
    if (value.is_nil()) continue;
    all[s] = unseal_position(s, consumer, value.text());
    if (!all[s]) return damaged("the position", consumer, s);
  }
  return all;
}

result<std::vector<sequence_t>> read_parked(reading& by, const layout& keys,
                                            std::string_view consumer, shard_id shard) {
  std::vector<sequence_t> all;
  auto read =
      read_members(by, keys.parked(shard, consumer), [&](std::string_view member) -> result<bool> {
        const auto at = unseal_parked(shard, consumer, member);
        if (!at) return damaged("what is parked", consumer, shard);
        all.push_back(*at);
        return true;
      });
  if (!read) return read.error();
  return all;
}

status read_letters(reading& by, const layout& keys, std::string_view consumer, shard_id shard,
                    const dead_letter_visitor& visit) {
  return read_members(by, keys.dead_letters(shard, consumer),
                      [&](std::string_view member) -> result<bool> {
                        const auto letter = unseal_letter(shard, consumer, member);
                        if (!letter) return damaged("a dead letter", consumer, shard);
                        return visit(*letter);
                      });
}

result<std::vector<std::string>> read_consumers(reading& by, const layout& keys,
                                                std::uint32_t shards) {
  std::vector<request> asked;
  for (shard_id s = 0; s < shards; ++s) asked.emplace_back(command("HKEYS").add(keys.positions(s)));
  const auto said = by.ask(asked);
  if (!said) return said.error();
  std::set<std::string> names;
  for (const auto& one : *said)
    for (std::size_t i = 0; i < one.view().size(); ++i) names.emplace(one[i].text());
  return std::vector<std::string>(names.begin(), names.end());
}

status store_progress(shard_writer& by, const layout& keys, const token& writer,
                      std::string_view consumer, shard_id shard, const progress& what) {
  // What passes a bound of its own is not sent; where the log ends the server knows.
  if (auto fits = admit(what, shard, highest(what)); !fits) return fits;
  const auto said = by.write(shard, writer, stored(keys, consumer, shard, what));
  if (!said) return said.error();
  if ((*said)[0].integer() == 1) return done{};
  return admit(what, shard, (*said)[1].number());
}

status drop_letter(shard_writer& by, const layout& keys, const token& writer,
                   std::string_view consumer, shard_id shard, sequence_t at) {
  request drop(script::drop_letter);
  drop.keys.add(keys.owner(shard)).add(keys.dead_letters(shard, consumer));
  drop.arguments.add(big_endian(at)).add(big_endian(at + 1));
  const auto said = by.write(shard, writer, drop);
  if (!said) return said.error();
  return done{};
}

} // namespace reenact::persistence::redis
