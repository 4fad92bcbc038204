#include "actors/runtime/supervisor.hpp"

#include <memory>
#include <utility>

namespace reenact::runtime {
namespace {

using restart_atom = caf::atom_constant<caf::atom("restart")>;

struct state {
  part* kept;
  std::function<persistence::result<caf::actor>()> start;
  timers* clockwork;
  caf::actor child;
};

void restart_later(caf::event_based_actor* self, state& s, const std::string& why) {
  s.clockwork->after(s.kept->failed(why), [me = caf::actor_cast<caf::actor_addr>(self)] {
    if (auto alive = caf::actor_cast<caf::actor>(me)) caf::anon_send(alive, restart_atom::value);
  });
}

void launch(caf::event_based_actor* self, state& s) {
  auto started = s.start();
  if (!started) return restart_later(self, s, started.error().text);
  s.child = std::move(*started);
  self->monitor(s.child);
}

} // namespace

caf::behavior supervisor(caf::event_based_actor* self, part* kept,
                         std::function<persistence::result<caf::actor>()> start,
                         timers* clockwork) {
  auto s = std::make_shared<state>(state{kept, std::move(start), clockwork, nullptr});
  self->set_down_handler([=](caf::down_msg& down) {
    if (down.source != s->child.address()) return;
    s->child = nullptr;
    restart_later(self, *s, self->system().render(down.reason));
  });
  self->set_exit_handler([=](caf::exit_msg& bye) {
    if (s->child) self->send_exit(s->child, bye.reason);
    s->child = nullptr;
    self->quit(bye.reason);
  });
  launch(self, *s);
  return {[=](restart_atom) { launch(self, *s); }};
}

} // namespace reenact::runtime
