#include "actors/runtime/region_actor.hpp"

#include <utility>

#include "actors/runtime/entity_actor.hpp"

namespace reenact::runtime {
namespace {

/// A barrier behind the last appends of an ended entity. Deletes itself.
class settlement final : public persistence::pending {
public:
  settlement(caf::actor region, entity_key key)
    : region_(std::move(region)),
      key_(std::move(key)) {}

  void done(const persistence::outcome&) noexcept override {
    caf::anon_send(region_, settled_atom::value, key_);
    delete this;
  }

private:
  const caf::actor region_;
  const entity_key key_;
};

} // namespace

persistence::status claim_shards(surroundings& here) {
  for (persistence::shard_id s = 0; s < here.tokens.shards(); ++s) {
    const auto mine = here.journal.claim(s, here.tokens.incarnation());
    if (!mine) return mine.error();
    here.tokens.take(s, *mine);
  }
  return persistence::done{};
}

bool claim_anew(surroundings& here, directory& home,
                std::function<void(const std::string&)> give_up) {
  return here.writer.run([&here, &home, give_up = std::move(give_up)](persistence::journal&) {
    if (auto claimed = claim_shards(here); !claimed) return give_up(claimed.error().text);
    home.end_all();
  });
}

caf::behavior region_actor(caf::event_based_actor* self, surroundings* here, directory* home,
                           timers* clockwork) {
  return {[=](ended_atom, const entity_key& key) {
            if (!home->unsettled(key)) return home->settle(key);
            auto* barrier = new settlement(self, key);
            if (here->writer.push(barrier)) return;
            delete barrier;
            // The writer's queue is full: it is working it off, and may have answered by then. If
            // not even that can be waited for, a successor hears of the end again.
            const auto again = [me = caf::actor(self), key] {
              caf::anon_send(me, ended_atom::value, key);
            };
            if (!clockwork->after(full_queue_wait, again)) self->quit(caf::sec::runtime_error);
          },
          [=](settled_atom, const entity_key& key) { home->settle(key); },
          [=](sweep_atom) { home->make_room(); }};
}

} // namespace reenact::runtime
