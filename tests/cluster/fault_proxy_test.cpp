#include "tests/cluster/fault_proxy.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "tests/persistence/temporary_directory.hpp"

using namespace reenact::tests;
using boost::asio::ip::tcp;
using boost::system::error_code;
using way = fault_proxy::direction;

namespace {

/// Answers what it is sent with the same, a thread a connection.
template <class Protocol>
class echo_server {
public:
  explicit echo_server(const typename Protocol::endpoint& at) : acceptor_(io_, at) {
    accepting_ = std::thread([this] {
      for (auto next = acceptor_.accept(); !stopping_; next = acceptor_.accept())
        serving_.emplace_back([this, with = std::move(next)]() mutable { serve(with); });
    });
  }
  ~echo_server() { stop(); }
  echo_server(const echo_server&) = delete;
  echo_server& operator=(const echo_server&) = delete;

  auto endpoint() const { return acceptor_.local_endpoint(); }

  /// What it has heard, when all connections have ended.
  std::string heard() {
    stop();
    return heard_;
  }

private:
  void serve(typename Protocol::socket& with) {
    std::string bytes(4096, 0);
    error_code how;
    while (!how) {
      const auto n = with.read_some(boost::asio::buffer(bytes), how);
      {
        const std::lock_guard lock(mutex_);
        heard_.append(bytes, 0, n);
      }
      if (!how) boost::asio::write(with, boost::asio::buffer(bytes, n), how);
    }
  }

  void stop() {
    if (stopping_.exchange(true)) return;
    typename Protocol::socket last(io_);
    last.connect(endpoint());
    accepting_.join();
    for (auto& thread : serving_) thread.join();
  }

  boost::asio::io_context io_{1};
  typename Protocol::acceptor acceptor_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::string heard_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

struct tcp_echo : echo_server<tcp> {
  tcp_echo() : echo_server({boost::asio::ip::address_v4::loopback(), 0}) {}
  std::uint16_t port() const { return endpoint().port(); }
};

/// A client of whoever listens on a port; blocks.
struct caller {
  explicit caller(std::uint16_t port) {
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  void says(const std::string& text) { boost::asio::write(socket, boost::asio::buffer(text)); }
  /// So many bytes, fewer when the connection has ended.
  std::string hears(std::size_t bytes) {
    std::string text(bytes, 0);
    error_code how;
    text.resize(boost::asio::read(socket, boost::asio::buffer(text), how));
    return text;
  }
  std::string asks(const std::string& text) {
    says(text);
    return hears(text.size());
  }

  boost::asio::io_context io{1};
  tcp::socket socket{io};
};

} // namespace

TEST_CASE("a proxy forwards everything both ways, and ends") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  const std::string much(3U << 20U, 'x');
  {
    caller client(proxy.port());
    CHECK(client.asks("hello") == "hello");
    std::thread other([&] { client.says(much); });
    CHECK(client.hears(much.size()) == much);
    other.join();
  }
  CHECK(proxy.await([](const auto& t) { return t.open == 0; }));
  const auto all = proxy.seen();
  CHECK(all.accepted == 1);
  CHECK(all.to_server.delivered == much.size() + 5);
  CHECK(all.to_client.delivered == much.size() + 5);
  CHECK(server.heard() == "hello" + much);
}

TEST_CASE("a proxy leads to a unix socket") {
  const temporary_directory directory;
  const auto path = directory.path() + "/socket";
  echo_server<boost::asio::local::stream_protocol> server(path);
  fault_proxy proxy(path);
  caller client(proxy.port());
  CHECK(client.asks("hello") == "hello");
}

TEST_CASE("in a cut network bytes vanish, and nobody is told before it heals") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  caller spoke(proxy.port()), quiet(proxy.port());
  CHECK(spoke.asks("before") == "before");
  proxy.cut();
  spoke.says("lost");
  CHECK(proxy.await([](const auto& t) { return t.to_server.vanished == 4; }));
  caller late(proxy.port());
  late.says("lost too");
  CHECK(proxy.await([](const auto& t) { return t.to_server.vanished == 12; }));
  CHECK(proxy.seen().open == 3);
  CHECK(spoke.socket.available() == 0);
  proxy.heal();
  CHECK(spoke.hears(1).empty());
  CHECK(late.hears(1).empty());
  CHECK(quiet.asks("after") == "after");
  CHECK(caller(proxy.port()).asks("anew") == "anew");
}

TEST_CASE("an end vanishes as bytes do") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  {
    caller client(proxy.port());
    CHECK(client.asks("before") == "before");
    proxy.cut();
  }
  CHECK(proxy.await([](const auto& t) { return t.to_server.ends == 1; }));
  CHECK(proxy.seen().open == 1);
  proxy.heal();
  CHECK(proxy.await([](const auto& t) { return t.open == 0; }));
}

TEST_CASE("a proxy that refuses breaks off what is open and takes nothing new until it heals") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  caller client(proxy.port());
  CHECK(client.asks("before") == "before");
  const auto port = proxy.port();
  proxy.refuse();
  CHECK(client.hears(1).empty());
  CHECK_THROWS(caller(port));
  proxy.refuse();
  proxy.heal();
  CHECK(proxy.port() == port);
  CHECK(caller(port).asks("after") == "after");
}

TEST_CASE("a server that is not there is an end for the client") {
  std::uint16_t nobody = 0;
  {
    boost::asio::io_context io;
    nobody =
        tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
  }
  fault_proxy proxy(nobody);
  CHECK(caller(proxy.port()).hears(1).empty());
}

TEST_CASE("bytes that are held arrive late and in order, though their sender is long gone") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  {
    caller gone(proxy.port());
    CHECK(gone.asks("one,") == "one,");
    proxy.hold(way::to_server);
    gone.says("two,");
    CHECK(proxy.await([](const auto& t) { return t.to_server.held() == 4; }));
    gone.says("three,");
  }
  CHECK(proxy.await([](const auto& t) { return t.to_server.ends == 1; }));
  CHECK(proxy.seen().to_server.delivered == 4);
  proxy.release(way::to_server);
  CHECK(proxy.await([](const auto& t) { return t.open == 0; }));
  CHECK(server.heard() == "one,two,three,");
}

TEST_CASE("answers are held while requests arrive") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  caller client(proxy.port());
  proxy.hold(way::to_client);
  client.says("hello");
  CHECK(proxy.await([](const auto& t) { return t.to_client.held() == 5; }));
  CHECK(client.socket.available() == 0);
  proxy.release(way::to_client);
  CHECK(client.hears(5) == "hello");
}

TEST_CASE("a sender waits when more is held than is kept") {
  tcp_echo server;
  fault_proxy proxy(server.port());
  proxy.hold(way::to_server);
  caller client(proxy.port());
  const std::string most(fault_proxy::buffered_bytes_max, 'x'), more(16U << 20U, 'y');
  std::thread sender([&] { client.says(most + more); });
  CHECK(proxy.await([&](const auto& t) { return t.to_server.held() == most.size(); }));
  std::thread receiver([&] { CHECK(client.hears(most.size() + more.size()).back() == 'y'); });
  CHECK(proxy.seen().to_server.read == most.size());
  proxy.release(way::to_server);
  sender.join();
  receiver.join();
}

TEST_CASE("a delayed answer takes its time") {
  using namespace std::chrono;
  tcp_echo server;
  fault_proxy proxy(server.port());
  caller client(proxy.port());
  proxy.delay(milliseconds(20));
  const auto begun = steady_clock::now();
  CHECK(client.asks("hello") == "hello");
  CHECK(steady_clock::now() - begun >= milliseconds(40));
  proxy.delay(milliseconds(0));
  CHECK(client.asks("again") == "again");
}

TEST_CASE("a proxy that ends breaks off what it holds") {
  tcp_echo server;
  auto proxy = std::make_unique<fault_proxy>(server.port());
  caller client(proxy->port());
  proxy->hold(way::to_server);
  proxy->delay(std::chrono::hours(1));
  client.says("hello");
  CHECK(proxy->await([](const auto& t) { return t.to_server.held() == 5; }));
  proxy.reset();
  CHECK(client.hears(1).empty());
}
