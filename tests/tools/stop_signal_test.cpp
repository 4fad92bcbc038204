#include "tools/node/stop_signal.hpp"

#include <string>
#include <thread>

#include <unistd.h>

#include <catch2/catch.hpp>

using reenact::tools::stop_signal;

TEST_CASE("a signal that comes before anybody waits is not lost, nor taken by another thread") {
  stop_signal stop;
  std::thread other([] { ::kill(::getpid(), SIGTERM); });
  other.join();
  CHECK(std::string(stop.wait()) == "SIGTERM");
}

TEST_CASE("an interrupt ends the wait, and one that comes too late ends nothing") {
  stop_signal stop;
  stop.interrupt();
  stop.interrupt();
  CHECK(std::string(stop.wait()) == "SIGTERM");
  stop.interrupt(); // would end this process
}
