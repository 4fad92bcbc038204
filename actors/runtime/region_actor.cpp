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

caf::behavior region_actor(caf::event_based_actor* self, surroundings* here, directory* home) {
  return {[=](ended_atom, const entity_key& key) {
            if (!home->unsettled(key)) return home->settle(key);
            auto* barrier = new settlement(self, key);
            if (here->writer.push(barrier)) return;
            delete barrier;
            // The writer's queue is full: it is working it off, and may have answered by then.
            self->send(self, ended_atom::value, key);
          },
          [=](settled_atom, const entity_key& key) { home->settle(key); },
          [=](sweep_atom) { home->make_room(); }};
}

} // namespace reenact::runtime
