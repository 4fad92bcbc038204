#include "tools/units.hpp"

#include <catch2/catch.hpp>

using namespace reenact::tools;
using namespace std::chrono_literals;

TEST_CASE("a duration is numbers with units") {
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("1m30s") == 90s);
  CHECK(parse_duration("24h") == 24h);
  for (const auto* wrong : {"", "30", "s", "30 s", "-1s", "30sec", "1.5s", "9999999999999999h"})
    CHECK_FALSE(parse_duration(wrong));
}

TEST_CASE("a size is a number of bytes with or without a unit") {
  CHECK(parse_size("4096") == 4096);
  CHECK(parse_size("1MiB") == 1'048'576);
  CHECK(parse_size("16KiB") == 16'384);
  CHECK(parse_size("7B") == 7);
  for (const auto* wrong : {"", "MiB", "1MB", "1 MiB", "-1", "99999999999GiB"})
    CHECK_FALSE(parse_size(wrong));
}

TEST_CASE("an address is a host and a port") {
  CHECK(parse_address("127.0.0.1:8080") == endpoint{"127.0.0.1", 8080});
  CHECK(parse_address("[::1]:0") == endpoint{"::1", 0});
  CHECK(parse_address("localhost:65535") == endpoint{"localhost", 65535});
  for (const auto* wrong : {"", "8080", ":8080", "localhost", "localhost:", "::1:80", "a:65536",
                            "a:-1", "http://a:80", "a b:80"})
    CHECK_FALSE(parse_address(wrong));
}

TEST_CASE("an address reads back as it is written") {
  for (const auto* text : {"127.0.0.1:8080", "[::1]:0", "localhost:1"})
    CHECK(to_string(*parse_address(text)) == text);
}

TEST_CASE("only this machine is loopback") {
  for (const auto* text : {"127.0.0.1:1", "127.0.1.1:1", "[::1]:1", "localhost:1"})
    CHECK(is_loopback(*parse_address(text)));
  for (const auto* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1"})
    CHECK_FALSE(is_loopback(*parse_address(text)));
}

TEST_CASE("a list is separated by commas") {
  CHECK(parse_list("").empty());
  CHECK(parse_list("a") == std::vector<std::string>{"a"});
  CHECK(parse_list("a,b") == std::vector<std::string>{"a", "b"});
  CHECK(parse_list("a,,b").size() == 3);
}

TEST_CASE("a URL that messages are sent to", "[units]") {
  CHECK(parse_http_url("http://127.0.0.1:9000/sms?of=mall") ==
        http_url{{"127.0.0.1", 9000}, "/sms?of=mall"});
  CHECK(parse_http_url("http://hooks.example") == http_url{{"hooks.example", 80}, "/"});
  CHECK(parse_http_url("http://[::1]?x") == http_url{{"::1", 80}, "/?x"});
  CHECK(parse_http_url("http://[::1]:81/a") == http_url{{"::1", 81}, "/a"});
  for (const auto* wrong :
       {"", "http://", "https://a/b", "a:80", "http://a:0/", "http://a:x/", "http://a b/",
        "http://a/b c", "http://a/#b", "http://u:p@a/", "http://u@a/"})
    CHECK_FALSE(parse_http_url(wrong));
}
