#include "tools/busywork/options.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace reenact::tools;
using namespace reenact::tools::busywork;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr std::uint64_t drawn = 4711;

/// The one mistake that is made by saying `text` for a flag; empty if it is none.
std::string mistake(std::string words_given::*flag, const std::string& text) {
  words_given given;
  given.*flag = text;
  const auto all = read(given, drawn);
  CHECK(all.mistakes.size() <= 1);
  return all.mistakes.empty() ? "" : all.mistakes[0];
}

} // namespace

TEST_CASE("nothing said is five clients at localhost, until somebody stops them") {
  const auto all = read({}, drawn);
  CHECK(all.mistakes.empty());
  CHECK(all.how.clients == 5);
  CHECK(all.how.host == endpoint{"localhost", 8080});
  CHECK_FALSE(all.how.duration);
  CHECK(all.how.rate == 0);
  CHECK(all.how.seed == drawn);
  CHECK(all.how.pause == 1);
  CHECK(all.how.stores == 100);
  CHECK_FALSE(all.how.restarts_expected);
  CHECK(all.how.as == output::text);
}

TEST_CASE("what is said is what is done") {
  words_given given{.clients = "1000",
                    .host = "[::1]:80",
                    .duration = "1m30s",
                    .rate = "250",
                    .seed = "18446744073709551615",
                    .pause = "0.25",
                    .stores = "7",
                    .format = "json",
                    .restarts_expected = true};
  const auto all = read(given, drawn);
  CHECK(all.mistakes.empty());
  CHECK(all.how.clients == 1000);
  CHECK(all.how.host == endpoint{"::1", 80});
  CHECK(all.how.duration == 90s);
  CHECK(all.how.rate == 250);
  CHECK(all.how.seed == 18446744073709551615U);
  CHECK(all.how.pause == 0.25);
  CHECK(all.how.stores == 7);
  CHECK(all.how.restarts_expected);
  CHECK(all.how.as == output::json);
}

TEST_CASE("what is out of range is told the range") {
  for (const auto* wrong : {"0", "1001", "-1", "many", ""})
    CHECK_THAT(mistake(&words_given::clients, wrong),
               Contains("--clients: ") && Contains("a number from 1 to 1000"));
  for (const auto* wrong : {"0", "1001"})
    CHECK_THAT(mistake(&words_given::stores, wrong), Contains("a number from 1 to 1000"));
  CHECK_THAT(mistake(&words_given::rate, "1000001"), Contains("a number from 0 to 1000000"));
  for (const auto* wrong : {"-0.1", "100.5", "nan", "inf", "1x", ""})
    CHECK_THAT(mistake(&words_given::pause, wrong), Contains("a factor from 0 to 100"));
  for (const auto* right : {"0", "1.5", "100"}) CHECK(mistake(&words_given::pause, right).empty());
}

TEST_CASE("what cannot be read is told what can") {
  for (const auto* wrong : {"localhost", "localhost:0", ":8080"})
    CHECK_THAT(mistake(&words_given::host, wrong), Contains("is not HOST:PORT"));
  for (const auto* wrong : {"0s", "10", "soon"})
    CHECK_THAT(mistake(&words_given::duration, wrong), Contains("as 30s, 10m or 1h30m"));
  CHECK_THAT(mistake(&words_given::seed, "x"), Contains("--seed: x is not a number from 0 to"));
  CHECK_THAT(mistake(&words_given::format, "xml"), Contains("xml is not text or json"));
}

TEST_CASE("every mistake is found at once") {
  CHECK(read({.clients = "0", .host = "x", .pause = "y"}, drawn).mistakes.size() == 3);
}
