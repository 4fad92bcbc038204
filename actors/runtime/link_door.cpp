#include "actors/runtime/link_door.hpp"

#include <map>
#include <memory>
#include <utility>

#include <spdlog/spdlog.h>

namespace reenact::runtime {
namespace {

constexpr std::size_t remembered_max = 64;

struct verdict {
  caf::actor link; ///< whom it may speak with
  std::string why; ///< or why not
  bool passing = false;
};

verdict judge(const model::Hello& hello, const model::Introduction& me, const link_finder& find) {
  if (auto why = refusal_of(hello.from(), me); !why.empty()) return {nullptr, std::move(why)};
  if (hello.to() != me.incarnation()) return {nullptr, "who was meant lives here no more", true};
  if (hello.from().incarnation() >= me.incarnation())
    return {nullptr, "it is for the lower incarnation to dial"};
  auto link = find(hello.from().incarnation());
  if (!link) return {nullptr, "it is not known here yet", true};
  return {std::move(link), {}};
}

struct door_state {
  link_ground* ground;
  link_finder find;
  std::map<std::uint64_t, rare_warning> warnings; ///< by incarnation
};

void warn(door_state& s, const model::Introduction& of, const std::string& why) {
  if (s.warnings.size() >= remembered_max && !s.warnings.contains(of.incarnation()))
    s.warnings.clear();
  if (s.warnings[of.incarnation()].due(why, s.ground->time.now()))
    spdlog::warn("refused a link of {} ({:016x}): {}", of.node(), of.incarnation(), why);
}

void greet(caf::event_based_actor* self, door_state& s, const link_envelope& e) {
  const auto remote = caf::actor_cast<caf::actor>(self->current_sender());
  const auto frame = parse_frame(e.frame);
  if (!remote || !frame || !frame->has_hello() || frame->session() == 0) return;
  auto how = judge(frame->hello(), s.ground->me, s.find);
  if (how.link)
    return self->send(how.link, link_greeting{frame->session(), frame->hello().from(), remote});
  if (!how.passing) warn(s, frame->hello().from(), how.why);
  model::Frame answer;
  answer.set_session(frame->session());
  answer.mutable_refusal()->set_why(how.why);
  answer.mutable_refusal()->set_passing(how.passing);
  self->send(remote, link_envelope{answer.SerializeAsString()});
}

} // namespace

caf::behavior link_door(caf::event_based_actor* self, link_ground* ground, link_finder find) {
  const auto s = std::make_shared<door_state>(door_state{ground, std::move(find), {}});
  self->set_exit_handler([](caf::exit_msg&) {});
  self->set_default_handler(caf::drop);
  return {[=](const link_envelope& e) { greet(self, *s, e); },
          [=](const link_leave&) { self->quit(); }};
}

} // namespace reenact::runtime
