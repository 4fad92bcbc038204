#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace reenact::bench {

/// What HTTP costs with nothing behind it: Boost.Beast's own request and response types, one async
/// loop, an answer as long as a customer's. The bound of everything the gateway does.
class http_bound {
public:
  explicit http_bound(boost::asio::io_context& loop);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
};

/// What a contender runs: one such server.
void serve_bound(const std::function<void(std::uint16_t)>& listens_on,
                 const std::function<void()>& wait_for_end);

/// What it answers; who is compared with it answers the same.
inline constexpr const char* bound_answer =
    R"({"customer":{"id":"8f14e45f-ceea-467f-9575-1f8d5d1f2a3b","name":"Ada",)"
    R"("smsNumber":"5550100","enabled":true}})";

} // namespace reenact::bench
