#include "persistence/redis/shard_writer.hpp"

#include <algorithm>
#include <utility>

#include "persistence/refusals.hpp"

namespace reenact::persistence::redis {
namespace {

using namespace std::chrono_literals;

constexpr auto attempt_max = 2'000ms; ///< to connect once
constexpr auto backoff_first = 5ms, backoff_max = 200ms;

} // namespace

shard_writer::shard_writer(site& at) : site_(at), holdings_(at.shards()) {}

bool shard_writer::holds(const holding& of, const token& writer) const {
  return of.sure && of.losses == site_.losses() && owns(writer, of.owner);
}

result<session*> shard_writer::ensure(std::size_t wire, deadline until) {
  auto& held = sessions_[wire];
  if (held && held->alive()) return &*held;
  // Who has been waited for once is not waited for again by everybody that comes.
  if (outage_) until = std::min(until, *outage_ + site_.patience());
  for (auto backoff = std::chrono::milliseconds(backoff_first);;
       backoff = std::min(2 * backoff, std::chrono::milliseconds(backoff_max))) {
    auto made = site_.connect(clock::now() + attempt_max);
    if (made) {
      outage_.reset();
      held.emplace(std::move(*made));
      return &*held;
    }
    if (!outage_) outage_ = clock::now();
    const bool hopeless = made.error().what != failure::kind::unreachable;
    if (hopeless || site_.ended() || clock::now() + backoff >= until) return made.error();
    site_.pause(backoff);
  }
}

void shard_writer::drop(std::size_t wire, const failure& why) {
  sessions_[wire].reset();
  site_.lost(why);
}

void shard_writer::doubt(shard_id shard) {
  holdings_[shard].sure = false;
  site_.owned(shard, false);
}

result<token> shard_writer::claim(shard_id shard, std::uint64_t incarnation) {
  if (shard >= holdings_.size()) return no_such_shard(shard, site_.shards());
  const auto& keys = site_.keys();
  request take(script::claim);
  take.keys.add(keys.owner(shard)).add(keys.log(shard)).add(keys.members());
  take.arguments.add(incarnation);
  const auto until = clock::now() + site_.patience();
  for (;;) {
    auto at = ensure(wire_of(shard), until);
    if (!at) return at.error();
    const auto losses = site_.losses();
    const auto said = (*at)->ask(take, until);
    if (!said) { // one that arrives late only raises the epoch again
      drop(wire_of(shard), said.error());
      if (clock::now() >= until) return said.error();
      continue;
    }
    if (said->view().is_error()) return refused_by(said->view());
    const token owner{(*said)[1].number(), incarnation};
    if ((*said)[0].integer() == 0) return fenced_by(owner);
    const auto end = (*said)[2].number();
    if ((*said)[4].text() != "0-" + std::to_string(end))
      return failure{failure::kind::corrupt, "the log of shard " + std::to_string(shard) +
                                                 " has gaps: it has " + std::to_string(end) +
                                                 " entries and ends with " +
                                                 std::string((*said)[4].text())};
    holdings_[shard] = {owner, true, losses, end, (*said)[3].integer()};
    site_.saw(shard, end, losses);
    site_.owned(shard, true);
    return owner;
  }
}

status shard_writer::release(shard_id shard, const token& writer) {
  if (shard >= holdings_.size()) return no_such_shard(shard, site_.shards());
  request give(script::release);
  give.keys.add(site_.keys().owner(shard));
  const auto said = write(shard, writer, give);
  if (!said) return said.error();
  if (holdings_[shard].owner == writer) {
    doubt(shard);
    holdings_[shard].owner.incarnation = 0;
  }
  return done{};
}

result<answer> shard_writer::write(shard_id shard, const token& writer, const request& what) {
  const auto& held = holdings_[shard];
  if (writer.incarnation == 0 || (writer == held.owner && !holds(held, writer)))
    return fenced_by(held.owner);
  request whole(*what.which);
  whole.keys = what.keys;
  whole.arguments.add(writer.epoch).add(writer.incarnation).add(what.arguments);
  const auto until = clock::now() + site_.patience();
  const auto wire = wire_of(shard);
  auto at = ensure(wire, until);
  if (!at) return at.error();
  auto said = (*at)->ask(whole, clock::now() + site_.patience() / 2);
  if (said) {
    if (said->view().is_error()) return refused_by(said->view());
    if ((*said)[0].integer() == 0) return fenced_by({(*said)[1].number(), 0});
    return said;
  }
  drop(wire, said.error());
  if (writer == held.owner) doubt(shard);
  request raise(script::raise);
  raise.keys.add(site_.keys().owner(shard));
  raise.arguments.add(writer.epoch).add(writer.incarnation);
  for (;;) {
    at = ensure(wire, until);
    if (!at) return failure{failure::kind::unknown, said.error().text};
    const auto raised = (*at)->ask(raise, until);
    if (raised && !raised->view().is_error()) return fenced_by({(*raised)[0].number(), 0});
    if (raised) return failure{failure::kind::unknown, said.error().text};
    drop(wire, raised.error());
  }
}

} // namespace reenact::persistence::redis
