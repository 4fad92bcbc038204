#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

#include "gateway/http_server.hpp"
#include "tools/bench/contender.hpp"
#include "tools/bench/http_bound.hpp"
#include "tools/bench/shop_server.hpp"

// Durable commands and queries over HTTP beside their bound, a bare Beast echo, in alternating
// rounds of one run. CPU is that of the whole server process, a request.
using namespace reenact;
using namespace reenact::bench;

namespace {

constexpr std::size_t customers = 10'000;
constexpr std::size_t rounds = 3;
constexpr const char* registration = R"({"name":"Ada","smsNumber":"5550100"})";

void serve_http(const std::function<void(std::uint16_t)>& listens_on,
                const std::function<void()>& wait_for_end) {
  gateway::http_options options;
  options.port = 0;
  options.threads = 1;
  const auto server = gateway::http_server::start(
      options, [](gateway::exchange e) { std::move(e).answer({.body = bound_answer}); });
  listens_on(std::get<0>(server)->port());
  wait_for_end();
}

/// Registers customers over some connections at once; their ids.
std::vector<std::string> register_customers(std::uint16_t port) {
  namespace http = boost::beast::http;
  using boost::asio::ip::tcp;
  boost::asio::io_context loop;
  std::vector<tcp::socket> connections;
  for (int i = 0; i < 64; ++i) {
    connections.emplace_back(loop);
    connections.back().connect({boost::asio::ip::address_v4::loopback(), port});
  }
  http::request<http::string_body> request(http::verb::post, "/api/customers", 11);
  request.set(http::field::host, "bench");
  request.body() = registration;
  request.prepare_payload();
  std::vector<std::string> ids;
  while (ids.size() < customers) {
    for (auto& c : connections) http::write(c, request);
    for (auto& c : connections) {
      boost::beast::flat_buffer buffer;
      http::response<http::string_body> response;
      http::read(c, buffer, response);
      ids.emplace_back(boost::json::parse(response.body()).at("id").as_string());
    }
  }
  return ids;
}

/// One line of the table.
struct row {
  const char* name;
  const contender& server;
  load with;
  std::vector<figures> seen = {};
};

void print(const row& r, const figures& bound) {
  const auto f = median(r.seen);
  std::printf("%-34s %9.0f %8.0f %8.0f %8.1f %8.2f %8.2f", r.name, f.per_second, f.p50_us, f.p99_us,
              f.cpu_us, f.per_second / bound.per_second, f.cpu_us / bound.cpu_us);
  if (f.failed > 0) std::printf("  %.0f failed", f.failed);
  std::printf("\n");
}

void run(const std::string& directory, int seconds) {
  const contender bound(serve_bound), http(serve_http);
  const contender shop([&](auto listens_on, auto wait) {
    serve_shop(directory, {"customers.clientele"}, listens_on, wait);
  });
  std::vector<asked> gets, puts;
  for (const auto& id : register_customers(shop.port())) {
    gets.push_back({"GET", "/api/customers/" + id, ""});
    puts.push_back({"PUT", "/api/customers/" + id + "/change-sms", R"({"smsNumber":"5550101"})"});
  }
  write_script(directory + "/get.lua", gets);
  write_script(directory + "/put.lua", puts);
  write_script(directory + "/post.lua", {{"POST", "/api/customers", registration}});
  const auto many = [&](const char* script) { return load{64, seconds, directory + script}; };
  const auto alone = [&](const char* script) { return load{1, seconds, directory + script}; };
  std::vector<row> rows = {{"bare Beast echo", bound, many("/get.lua")},
                           {"our HTTP, answered at once", http, many("/get.lua")},
                           {"query of an entity", shop, many("/get.lua")},
                           {"durable change", shop, many("/put.lua")},
                           {"durable create", shop, many("/post.lua")},
                           {"durable change, 1 connection", shop, alone("/put.lua")}};
  for (std::size_t i = 0; i < rounds; ++i)
    for (auto& r : rows) r.seen.push_back(measure(r.server, r.with));
  std::printf("%-34s %9s %8s %8s %8s %8s %8s\n", "64 connections, medians", "req/s", "p50 us",
              "p99 us", "CPU us", "x req/s", "x CPU");
  for (const auto& r : rows) print(r, median(rows.front().seen));
}

} // namespace

/// http_bench [SECONDS A ROUND] [DIRECTORY]
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (!has_wrk()) {
    std::fprintf(stderr, "http_bench: wrk makes the load: install it (apt-get install wrk)\n");
    return 1;
  }
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 2;
  const std::string directory = argc > 2 ? argv[2] : "./http_bench.data";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  run(directory, seconds);
  std::filesystem::remove_all(directory);
}
