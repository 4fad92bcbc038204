#include <csignal>
#include <optional>

#include "tests/runtime/link_stage.hpp"
#include "tests/system/process.hpp"

using namespace reenact::tests;

namespace {

constexpr std::uint64_t ours = 10;

/// Another process with an end of a link to `to`, which follows it.
struct other_process {
  other_process(std::uint64_t incarnation, linked_node& to)
    : program({LINK_PEER_PROGRAM, std::to_string(incarnation), std::to_string(to.me.incarnation),
               to.me.address}) {
    const auto said = program.line();
    REQUIRE(said.has_value());
    REQUIRE(said->starts_with("port "));
    me = {incarnation, "127.0.0.1:" + said->substr(5)};
    to.links->follow({me});
    REQUIRE(to.heard.wait_up(incarnation));
    CHECK(program.line() == "up 10");
  }

  process program;
  reenact::runtime::peer me;
};

void soon(reenact::runtime::caf_links_options& how) {
  how.beat = 50ms;
  how.silent_after = 500ms;
}

} // namespace

TEST_CASE("a process that is killed is down at once, and its next life is linked", "[links]") {
  linked_node here(ours); // silent only after 10 s: what is noticed is the lost connection
  // The lower incarnation dials: once the other process, then this one.
  for (const std::uint64_t incarnation : {1, 20, 2, 21}) {
    other_process other(incarnation, here);
    here.send(incarnation, "echo");
    CHECK(here.heard.wait([&] { return here.heard.heard[incarnation].size() == 1; }));
    const auto began = std::chrono::steady_clock::now();
    other.program.signal(SIGKILL);
    CHECK(here.heard.wait_down(incarnation));
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK_FALSE(here.links->send(incarnation, "echo"));
  }
}

TEST_CASE("a process that is stopped is down after a while, notices, and is linked anew",
          "[links]") {
  linked_node here(ours, soon);
  for (const std::uint64_t incarnation : {1, 20}) {
    other_process other(incarnation, here);
    other.program.signal(SIGSTOP);
    CHECK(here.heard.wait_down(incarnation));
    other.program.signal(SIGCONT);
    CHECK(here.heard.wait_up(incarnation));
    CHECK(other.program.line() == "down 10");
    CHECK(other.program.line() == "up 10");
    CHECK(here.heard.wait([&] {
      // It may be down again meanwhile where the machine is slow; then it is up again.
      return here.heard.up_now[incarnation] && here.heard.strays == 0;
    }));
    here.send(incarnation, "echo");
    CHECK(here.heard.wait([&] { return here.heard.heard[incarnation].size() == 1; }));
  }
}

TEST_CASE("a process that is told to end stops its links and ends", "[links]") {
  linked_node here(ours);
  other_process other(20, here);
  other.program.signal(SIGTERM);
  CHECK(here.heard.wait_down(20));
  CHECK(other.program.line() == "down 10");
  CHECK(other.program.line() == "stopped");
  CHECK(other.program.wait() == 0);
}
