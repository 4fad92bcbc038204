#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/spdlog.h>

#include "actors/runtime/caf_links.hpp"

/// A node that has links and nothing else, as a process that can be stopped and killed: echoes what
/// it is sent and says on stdout what it hears of.
///
///   link_peer INCARNATION [PEER HOST:PORT]...     (until SIGTERM)
namespace {

using namespace reenact::runtime;
using namespace std::chrono_literals;

std::uint64_t number(std::string_view digits) {
  std::uint64_t n = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return n;
}

void say(const std::string& line) { std::puts(line.c_str()); }

class echo final : public link_listener {
public:
  void up(std::uint64_t peer) override { say("up " + std::to_string(peer)); }
  void down(std::uint64_t peer, const std::string& /*why*/) override {
    say("down " + std::to_string(peer));
  }
  void received(std::uint64_t from, std::string_view envelope) override {
    (void)links_->send(from, std::string(envelope));
  }

  links* links_ = nullptr;
};

} // namespace

int main(int argc, char** argv) {
  sigset_t end; // blocked in all threads, waited for below
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &end, nullptr);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  spdlog::set_level(spdlog::level::off); // it would go to stdout
  echo heard;
  caf_links_options how;
  how.incarnation = number(argv[1]);
  how.cluster = "mall";
  how.lineage = {1, 2, 3};
  how.beat = 50ms;
  how.silent_after = 500ms;
  auto made = caf_links::listen(how, heard);
  if (!made) {
    std::fprintf(stderr, "link_peer: %s\n", made.error().text.c_str());
    return 1;
  }
  heard.links_ = made->get();
  std::vector<peer> all;
  for (int i = 2; i + 1 < argc; i += 2) all.push_back({number(argv[i]), argv[i + 1]});
  say("port " + std::to_string((*made)->port()));
  (*made)->follow(all);
  int which = 0;
  ::sigwait(&end, &which);
  (*made)->stop();
  say("stopped");
}
