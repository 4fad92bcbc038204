#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

#include "messages/model/record.pb.h"
#include "persistence/open.hpp"
#include "tools/bench/contender.hpp"
#include "tools/bench/http_bound.hpp"
#include "tools/bench/shop_server.hpp"

// Purchases over HTTP: start a basket, put an item into it, authorise a payment, check out, and the
// order is approved by the saga. The latency from checkout to approved is that between the commits
// of the two events, read from the journal afterwards. CPU is that of the whole server process.
// Beside it: what the same four requests cost a bare Beast server.
using namespace reenact;
using namespace reenact::bench;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using steady = std::chrono::steady_clock;

/// A kept-alive connection.
class connection {
public:
  connection(asio::io_context& loop, std::uint16_t port) : socket_(loop) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  /// The body of the answer, which is to be 200; what is not there yet may be asked for.
  asio::awaitable<std::string> ask(http::verb verb, std::string target, std::string body) {
    http::request<http::string_body> request(verb, target, 11);
    request.set(http::field::host, "bench");
    request.body() = std::move(body);
    request.prepare_payload();
    co_await http::async_write(socket_, request, asio::use_awaitable);
    http::response<http::string_body> response;
    co_await http::async_read(socket_, buffer_, response, asio::use_awaitable);
    const bool absent = verb == http::verb::get && response.result() == http::status::not_found;
    if (response.result_int() != 200 && !absent)
      throw std::runtime_error(target + ": " + response.body());
    co_return std::move(response.body());
  }

private:
  asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

/// What is bought, by whom.
struct goods {
  std::string product = "p", customer = "c";
  bool real = false; ///< else the answers are the bound's: there are no ids in them
};

std::string id_in(const std::string& answer) {
  return std::string(boost::json::parse(answer).at("id").as_string());
}

/// The basket, whose id is the order's.
asio::awaitable<std::string> purchase(connection& over, const goods& of) {
  const auto id_of = [&](const std::string& answer) { return of.real ? id_in(answer) : "b-1"; };
  const auto basket = id_of(co_await over.ask(http::verb::post, "/api/baskets",
                                              R"({"customerId":")" + of.customer + "\"}"));
  co_await over.ask(http::verb::put, "/api/baskets/" + basket + "/addItem",
                    R"({"productId":")" + of.product + R"(","quantity":2})");
  const auto payment = id_of(co_await over.ask(
      http::verb::post, "/api/payments", R"({"customerId":")" + of.customer + R"(","amount":20})"));
  co_await over.ask(http::verb::put, "/api/baskets/" + basket + "/checkout",
                    R"({"paymentId":")" + payment + "\"}");
  co_return basket;
}

asio::awaitable<void> await_approval(connection& over, std::string order) {
  asio::steady_timer again(co_await asio::this_coro::executor);
  while ((co_await over.ask(http::verb::get, "/api/ordering/" + order, ""))
             .find(R"("status":"approved")") == std::string::npos) {
    again.expires_after(5ms);
    co_await again.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> stock(connection& over, goods& with) {
  const auto store =
      id_in(co_await over.ask(http::verb::post, "/api/stores", R"({"name":"W","location":"1"})"));
  with.product = id_in(co_await over.ask(http::verb::post, "/api/stores/" + store + "/products",
                                         R"({"name":"Book","price":9.99})"));
  with.customer = id_in(co_await over.ask(http::verb::post, "/api/customers",
                                          R"({"name":"Ada","smsNumber":"5550100"})"));
  with.real = true;
}

/// How a load is made: by so many clients, each one purchase after the other as fast as it can, or
/// all of them together so many a second.
struct pace {
  const char* name;
  std::size_t clients;
  double per_second; ///< 0: as fast as they can
  std::chrono::seconds time;
};

struct outcome {
  std::size_t flows = 0;
  double seconds = 0, cpu_ms = 0;
};

asio::awaitable<void> buy(std::uint16_t port, const goods& of, const pace& how, std::size_t number,
                          steady::time_point begin, std::size_t& flows) {
  asio::steady_timer until(co_await asio::this_coro::executor);
  auto& loop = static_cast<asio::io_context&>(until.get_executor().context());
  connection over(loop, port);
  const auto gap = how.per_second > 0 ? std::chrono::duration_cast<steady::duration>(
                                            std::chrono::duration<double>(1 / how.per_second))
                                      : steady::duration::zero();
  std::string last;
  for (auto turn = number;; turn += how.clients) {
    const auto due = std::max(begin + gap * static_cast<std::int64_t>(turn), steady::now());
    if (due >= begin + how.time) break;
    if (gap > steady::duration::zero()) {
      until.expires_at(due);
      co_await until.async_wait(asio::use_awaitable);
    }
    last = co_await purchase(over, of);
    ++flows;
  }
  if (of.real && !last.empty()) co_await await_approval(over, std::move(last));
}

void complain(const std::exception_ptr& failed) {
  if (failed == nullptr) return;
  try {
    std::rethrow_exception(failed);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "flows_bench: %s\n", e.what());
    std::exit(1);
  }
}

outcome run(const contender& server, const goods& of, const pace& how) {
  outcome seen;
  asio::io_context loop(1);
  const auto cpu = server.cpu_seconds();
  const auto begin = steady::now();
  for (std::size_t i = 0; i < how.clients; ++i)
    asio::co_spawn(loop, buy(server.port(), of, how, i, begin, seen.flows), complain);
  loop.run();
  seen.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  seen.cpu_ms = (server.cpu_seconds() - cpu) * 1e3;
  return seen;
}

/// Milliseconds from the commit of a checkout to that of its approval, by when the checkout was.
struct approvals {
  std::multimap<std::int64_t, double> all;
  std::size_t records = 0, unapproved = 0;
};

approvals read_journal(const std::string& directory) {
  approvals seen;
  const auto journal = persistence::open("rocksdb:" + directory + "/journal");
  if (!journal) return seen;
  std::map<std::string, std::int64_t> checked_out, approved;
  const auto ends = (*journal)->log_ends();
  for (persistence::shard_id s = 0; s < ends.size(); ++s)
    (void)(*journal)->read_log(s, 1, SIZE_MAX, [&](const persistence::stored& at) {
      ::model::Record r;
      ++seen.records;
      if (!r.ParseFromArray(at.record.data(), static_cast<int>(at.record.size()))) return false;
      if (r.type() == "mallbots.baskets.BasketCheckedOut") checked_out.emplace(at.entity, at.stamp);
      if (r.type() == "mallbots.ordering.OrderApproved") approved.emplace(at.entity, at.stamp);
      return true;
    });
  for (const auto& [order, begun] : checked_out) {
    const auto end = approved.find(order);
    if (end == approved.end())
      ++seen.unapproved;
    else
      seen.all.emplace(begun, static_cast<double>(end->second - begun) * 1e-3);
  }
  (void)(*journal)->close();
  return seen;
}

double percentile(std::vector<double>& of, double part) {
  if (of.empty()) return 0;
  std::ranges::sort(of);
  return of[static_cast<std::size_t>(static_cast<double>(of.size() - 1) * part)];
}

std::int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

} // namespace

/// flows_bench [SECONDS A LOAD] [DIRECTORY] [PURCHASES A SECOND]: with the last, that load alone.
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::chrono::seconds time(argc > 1 ? std::atoi(argv[1]) : 10);
  const std::string directory = argc > 2 ? argv[2] : "./flows_bench.data";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const contender bound(serve_bound);
  std::optional<contender> shop(std::in_place, [&](auto listens_on, auto wait) {
    serve_shop(directory, {"search.orders", "notifications.sent"}, listens_on, wait);
  });
  goods with;
  {
    asio::io_context loop(1);
    connection first(loop, shop->port());
    asio::co_spawn(loop, stock(first, with), complain);
    loop.run();
  }
  std::vector<pace> paces = {{"one client", 1, 0, time},
                             {"200 a second", 32, 200, time},
                             {"32 clients, as fast as they can", 32, 0, time}};
  if (argc > 3) paces = {{"as many a second as were asked for", 32, std::atof(argv[3]), time}};
  struct row {
    const pace* how;
    outcome seen, bound;
    std::int64_t begun, ended;
  };
  std::vector<row> rows;
  run(*shop, with, {"", 8, argc > 3 ? std::atof(argv[3]) : 0, 2s}); // until it is warm
  for (const auto& how : paces) {
    const auto bare = run(bound, {}, {how.name, how.clients, how.per_second, 2s});
    const auto begun = wall_us();
    const auto seen = run(*shop, with, how);
    rows.push_back({&how, seen, bare, begun, wall_us()});
  }
  shop.reset(); // which lets it finish and close its journal
  const auto all = read_journal(directory);
  std::printf("%-34s %8s %10s %10s %10s %10s\n", "purchases", "per s", "p50 ms", "p99 ms", "CPU ms",
              "bare HTTP");
  for (const auto& r : rows) {
    std::vector<double> ms;
    for (auto it = all.all.lower_bound(r.begun); it != all.all.end() && it->first < r.ended; ++it)
      ms.push_back(it->second);
    const auto flows = static_cast<double>(std::max<std::size_t>(r.seen.flows, 1));
    const auto bare = static_cast<double>(std::max<std::size_t>(r.bound.flows, 1));
    std::printf("%-34s %8.0f %10.2f %10.2f %10.3f %10.3f\n", r.how->name, flows / r.seen.seconds,
                percentile(ms, 0.5), percentile(ms, 0.99), r.seen.cpu_ms / flows,
                r.bound.cpu_ms / bare);
  }
  std::printf("%.1f durable events a purchase; %zu not approved at the end\n",
              static_cast<double>(all.records) / static_cast<double>(all.all.size()),
              all.unapproved);
  std::filesystem::remove_all(directory);
  return all.unapproved == 0 ? 0 : 1;
}
