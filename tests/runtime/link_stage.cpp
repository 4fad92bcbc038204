#include "tests/runtime/link_stage.hpp"

namespace reenact::tests {

void ear::up(std::uint64_t peer) {
  change([&] {
    ++ups[peer];
    up_now[peer] = true;
  });
}

void ear::down(std::uint64_t peer, const std::string& why) {
  change([&] {
    ++downs[peer];
    up_now[peer] = false;
    whys.push_back(why);
  });
}

void ear::received(std::uint64_t from, std::string_view envelope) {
  if (answer) answer(from, envelope);
  std::unique_lock lock(mutex);
  if (!up_now[from]) ++strays;
  ++begun;
  changed.notify_all();
  changed.wait(lock, [&] { return !holding; });
  ++count;
  if (keeping) heard[from].emplace_back(envelope);
  changed.notify_all();
}

linked_node::linked_node(std::uint64_t incarnation, const how_made& how, const how_heard& hears) {
  runtime::caf_links_options options;
  options.incarnation = incarnation;
  options.cluster = "mall";
  options.lineage = {1, 2, 3};
  options.node = "n" + std::to_string(incarnation);
  // A machine that builds beside the test may well not run a thread for a second.
  options.silent_after = 10s;
  if (how) how(options);
  if (hears) hears(heard);
  auto made = runtime::caf_links::listen(options, heard);
  if (!made) FAIL(made.error().text);
  links = std::move(*made);
  me = {incarnation, "127.0.0.1:" + std::to_string(links->port())};
}

void linked_node::send(std::uint64_t to, const std::string& envelope) {
  REQUIRE(links->send(to, envelope));
}

void introduce(std::initializer_list<linked_node*> all) {
  std::vector<runtime::peer> everybody;
  for (const auto* one : all) everybody.push_back(one->me);
  for (auto* one : all) one->links->follow(everybody);
}

void link(linked_node& a, linked_node& b) {
  introduce({&a, &b});
  REQUIRE(a.heard.wait_up(b.me.incarnation));
  REQUIRE(b.heard.wait_up(a.me.incarnation));
}

bool exchange(linked_node& a, linked_node& b) {
  static std::atomic<int> number = 0;
  const auto text = "exchange " + std::to_string(++number);
  const auto crosses = [&](linked_node& from, linked_node& to) {
    auto& heard = to.heard.heard[from.me.incarnation];
    return from.links->send(to.me.incarnation, text) &&
           to.heard.wait([&] { return std::ranges::find(heard, text) != heard.end(); });
  };
  return crosses(a, b) && crosses(b, a);
}

} // namespace reenact::tests
