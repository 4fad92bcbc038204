#include "actors/runtime/supervisor.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include <spdlog/spdlog.h>

namespace reenact::runtime {
namespace {

using restart_atom = caf::atom_constant<caf::atom("restart")>;

struct state {
  part what;
  restart_policy policy;
  timers* clockwork;
  const clock* time;
  std::function<void(std::string)> give_up;
  caf::actor child;
  std::deque<instant> restarts;
  duration wait{};
};

void launch(caf::event_based_actor* self, state& s) {
  s.child = s.what.start();
  self->monitor(s.child);
}

void restart_later(caf::event_based_actor* self, state& s, const std::string& why) {
  const auto now = s.time->now();
  std::erase_if(s.restarts, [&](instant t) { return now - t > s.policy.within; });
  if (s.restarts.size() >= s.policy.most) {
    s.give_up(s.what.name + " failed " + std::to_string(s.policy.most) + " times: " + why);
    return self->quit();
  }
  s.wait = s.restarts.empty() ? s.policy.first : std::min(s.wait * 2, s.policy.longest);
  s.restarts.push_back(now);
  spdlog::warn("{} failed ({}); restarting it in {} ms", s.what.name, why,
               std::chrono::duration_cast<std::chrono::milliseconds>(s.wait).count());
  s.clockwork->after(s.wait, [me = caf::actor_cast<caf::actor_addr>(self)] {
    if (auto alive = caf::actor_cast<caf::actor>(me)) caf::anon_send(alive, restart_atom::value);
  });
}

} // namespace

caf::behavior supervisor(caf::event_based_actor* self, part what, restart_policy policy,
                         timers* clockwork, const clock* time,
                         std::function<void(std::string)> give_up) {
  auto s =
      std::make_shared<state>(state{std::move(what), policy, clockwork, time, std::move(give_up)});
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
