#include "tests/cluster/fault_proxy.hpp"

#include <exception>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include "tests/cluster/proxy_link.hpp"

namespace reenact::tests {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// The loop, its thread, and what is open on it.
class fault_proxy::network {
public:
  explicit network(proxy_link::protocol::endpoint server) : server_(std::move(server)) {
    bind({boost::asio::ip::address_v4::loopback(), 0});
    listen();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~network() {
    run([this] {
      error_code ignored;
      acceptor_.close(ignored);
      break_off([](const proxy_link&) { return true; });
    });
    alive_.reset(); // the loop ends when all handlers have seen the end
    thread_.join();
  }
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  std::uint16_t port() const { return at_.port(); }
  const proxy_weather& weather() const { return weather_; }

  /// On the network's thread; returns when it is done.
  void run(const std::function<void()>& what) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      try {
        what();
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    });
    done.get_future().get();
  }

  void change(const std::function<void(proxy_weather&)>& how) {
    run([&] {
      how(weather_);
      for (const auto& link : links_) link->look();
      forget();
    });
  }

  void refuse() {
    run([this] {
      if (std::exchange(refusing_, true)) return;
      acceptor_.close();
      bind(at_); // without listening: so the port stays ours, and refuses
      break_off([](const proxy_link&) { return true; });
    });
  }

  void heal() {
    run([this] {
      weather_.cut = false;
      break_off([](const proxy_link& link) { return link.lost(); });
      for (const auto& link : links_) link->look();
      if (std::exchange(refusing_, false)) listen();
    });
  }

private:
  void bind(const tcp::endpoint& where) {
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    at_ = acceptor_.local_endpoint();
  }

  void listen() {
    acceptor_.listen();
    accept();
  }

  void accept() {
    acceptor_.async_accept([this](const error_code& how, tcp::socket client) {
      if (how == boost::asio::error::operation_aborted || refusing_) return;
      if (!how) take(std::move(client));
      accept();
    });
  }

  void take(tcp::socket client) {
    error_code ignored; // only a matter of speed
    client.set_option(tcp::no_delay(true), ignored);
    forget();
    weather_.count([](tally& all) { ++all.accepted, ++all.open; });
    links_.push_back(std::make_shared<proxy_link>(io_, std::move(client), weather_));
    links_.back()->start(server_);
  }

  void break_off(const std::function<bool(const proxy_link&)>& whom) {
    for (const auto& link : links_)
      if (whom(*link)) link->break_off();
    forget();
  }

  void forget() {
    std::erase_if(links_, [](const auto& link) { return link->over(); });
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> alive_{
      io_.get_executor()};
  const proxy_link::protocol::endpoint server_;
  tcp::acceptor acceptor_{io_};
  tcp::endpoint at_;
  bool refusing_ = false;
  proxy_weather weather_;
  std::vector<std::shared_ptr<proxy_link>> links_;
  std::thread thread_;
};

fault_proxy::fault_proxy(std::uint16_t server)
  : network_(
        std::make_unique<network>(tcp::endpoint(boost::asio::ip::address_v4::loopback(), server))) {
}
fault_proxy::fault_proxy(const std::string& server)
  : network_(std::make_unique<network>(boost::asio::local::stream_protocol::endpoint(server))) {}
fault_proxy::~fault_proxy() = default;

std::uint16_t fault_proxy::port() const { return network_->port(); }

void fault_proxy::cut() {
  network_->change([](proxy_weather& w) { w.cut = true; });
}
void fault_proxy::refuse() { network_->refuse(); }
void fault_proxy::heal() { network_->heal(); }

void fault_proxy::hold(direction which) {
  network_->change([&](proxy_weather& w) { w.held[static_cast<std::size_t>(which)] = true; });
}
void fault_proxy::release(direction which) {
  network_->change([&](proxy_weather& w) { w.held[static_cast<std::size_t>(which)] = false; });
}

void fault_proxy::delay(std::chrono::milliseconds each_way) {
  network_->change([&](proxy_weather& w) { w.delay = each_way; });
}

fault_proxy::tally fault_proxy::seen() const {
  const std::lock_guard lock(network_->weather().mutex);
  return network_->weather().tally;
}

bool fault_proxy::await(const std::function<bool(const tally&)>& so) const {
  const auto& weather = network_->weather();
  std::unique_lock lock(weather.mutex);
  return weather.changed.wait_for(lock, std::chrono::minutes(1), [&] { return so(weather.tally); });
}

} // namespace reenact::tests
