#include "actors/runtime/port.hpp"

#include <utility>

namespace reenact::runtime {
namespace {

answer answer_of(port::outcome how, std::string why) {
  switch (how) {
    case port::outcome::delivered: return {.what = answer::kind::accepted};
    case port::outcome::refused: return answer::failed(answer::kind::broken, std::move(why));
    case port::outcome::failed: break;
  }
  return answer::failed(answer::kind::unavailable, std::move(why));
}

} // namespace

void deliver(const port_table& ports, const std::string& name, delivery what,
             std::function<void(answer)> home) {
  const auto to = ports.find(name);
  if (to == ports.end())
    return home(answer::failed(answer::kind::unavailable, "no port is called " + name));
  to->second->deliver(std::move(what), [home = std::move(home)](auto how, std::string why) {
    home(answer_of(how, std::move(why)));
  });
}

} // namespace reenact::runtime
