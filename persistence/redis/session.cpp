#include "persistence/redis/session.hpp"

#include <utility>

namespace reenact::persistence::redis {

failure refused_by(answer_view error) {
  const auto text = error.text();
  if (text.starts_with("LOADING"))
    return {failure::kind::unreachable, "Redis still loads its data"};
  const bool passes = text.starts_with("BUSY ") || text.starts_with("MASTERDOWN");
  return {passes ? failure::kind::unreachable : failure::kind::refused,
          "Redis refuses: " + std::string(text)};
}

result<session> session::open(const address& to, deadline until) {
  auto wire = connection::open(to, until);
  if (!wire) return wire.error();
  session made(std::move(*wire));
  auto ready = made.introduce(to, until);
  if (ready) ready = made.bring_scripts(until);
  if (ready) return made;
  // Nothing of ours was sent yet, whatever happened.
  const auto kind = ready.error().what == failure::kind::unknown ? failure::kind::unreachable
                                                                 : ready.error().what;
  return failure{kind, "cannot use " + to.shown() + ": " + ready.error().text};
}

status session::introduce(const address& to, deadline until) {
  if (!to.password.empty()) {
    const auto said = wire_.ask(command("AUTH").add(to.password), until);
    if (!said) return said.error();
    // What the server says of it may hold what was sent: only the first word is passed on.
    if (const auto text = said->view().text(); said->view().is_error())
      return failure{failure::kind::refused,
                     "the password was not accepted (" +
                         std::string(text.substr(0, text.find(' '))) +
                         "): see to redis.password and to requirepass of the server"};
  }
  const auto said = wire_.ask(command("SELECT").add(to.db), until);
  if (!said) return said.error();
  if (!said->view().is_error()) return done{};
  const auto text = said->view().text();
  if (text.starts_with("NOAUTH"))
    return failure{failure::kind::refused, "it asks for a password: set redis.password"};
  return refused_by(said->view());
}

status session::bring_scripts(deadline until) {
  for (std::size_t i = 0; i < script_count; ++i)
    wire_.put(command("SCRIPT").add("LOAD").add(text_of(static_cast<script>(i))));
  for (auto& name : names_) {
    const auto said = wire_.receive(until);
    if (!said) return said.error();
    if (said->view().is_error()) return refused_by(said->view());
    name = said->view().text();
  }
  return done{};
}

void session::put(const request& what) {
  if (!what.which) return wire_.put(what.arguments);
  command whole("EVALSHA");
  whole.add(names_[static_cast<std::size_t>(*what.which)]).add(what.keys.parts());
  wire_.put(whole.add(what.keys).add(what.arguments));
}

result<std::vector<answer>> session::ask(std::span<const request> all, deadline until) {
  for (int attempt = 0;; ++attempt) {
    for (const auto& one : all) put(one);
    std::vector<answer> answers;
    bool forgotten = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto said = receive(until);
      if (!said) return said.error();
      forgotten = forgotten || is_forgotten(said->view());
      answers.push_back(std::move(*said));
    }
    if (!forgotten || attempt > 0) return answers;
    if (auto brought = bring_scripts(until); !brought) return brought.error();
  }
}

result<answer> session::ask(const request& one, deadline until) {
  auto all = ask(std::span(&one, 1), until);
  if (!all) return all.error();
  return std::move(all->front());
}

} // namespace reenact::persistence::redis
