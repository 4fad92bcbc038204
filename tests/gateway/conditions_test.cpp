#include "gateway/conditions.hpp"

#include <catch2/catch.hpp>

using namespace reenact::gateway;

TEST_CASE("a list of entity tags is read as versions", "[conditions]") {
  const auto tags = read_tags(" \"7\" ,W/\"8\",\t\"x\" ");
  CHECK_FALSE(tags.malformed);
  CHECK(tags.versions == std::vector<std::uint64_t>{7, no_version});
  CHECK(tags.weak == std::vector<std::uint64_t>{8});
  CHECK(read_tags("*").any);
  CHECK(read_tags("\"18446744073709551616\"").versions.front() == no_version);
}

TEST_CASE("what is no list of entity tags is malformed", "[conditions]") {
  for (const auto* header :
       {"", " ", "7", "\"7", "\"7\",", ",\"7\"", "\"7\"\"8\"", "*, \"7\"", "\"a b\"", "w/\"7\""})
    CHECK(read_tags(header).malformed);
}

TEST_CASE("a traceparent is taken as the standard writes it", "[conditions]") {
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  CHECK(is_traceparent(good));
  CHECK_FALSE(is_traceparent(good + "0"));
  for (const auto& [at, c] : {std::pair{0, 'f'}, {2, '0'}, {5, 'G'}, {35, '0'}, {54, '-'}}) {
    auto bad = good;
    bad[static_cast<std::size_t>(at)] = c;
    CHECK_FALSE(is_traceparent(bad));
  }
  CHECK_FALSE(is_traceparent("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"));
  CHECK_FALSE(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
}
