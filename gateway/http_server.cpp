#include "gateway/http_server.hpp"

#include <algorithm>
#include <latch>

#include <sys/resource.h>

#include "gateway/session.hpp"

namespace reenact::gateway {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t other_descriptors = 256; // files of the journal, other listeners, logs
constexpr std::size_t turned_away_max = 64;    // connections beyond the bound that are told so

/// Connections that the system's limit on descriptors allows, after raising it as far as it goes: a
/// journal of many files takes its share of them.
std::size_t raise_descriptors(std::size_t connections) {
  const auto wanted = connections + turned_away_max + other_descriptors;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  auto raised = limit;
  raised.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  if (limit.rlim_cur >= wanted) return connections;
  const auto spare = turned_away_max + other_descriptors;
  return limit.rlim_cur > spare ? limit.rlim_cur - spare : 1;
}

} // namespace

std::variant<std::unique_ptr<http_server>, std::string> http_server::start(http_options options,
                                                                           handler handle) {
  std::unique_ptr<http_server> made(new http_server(std::move(options), std::move(handle)));
  if (auto wrong = made->listen(); !wrong.empty()) return wrong;
  made->accept();
  for (const auto& t : made->threads_) t->start();
  return made;
}

http_server::http_server(http_options options, handler handle)
  : shared_(std::make_shared<http_shared>()) {
  options.connections_max = raise_descriptors(options.connections_max);
  if (options.threads == 0) options.threads = std::max(2U, std::thread::hardware_concurrency()) - 1;
  shared_->options = std::move(options);
  shared_->handler = std::move(handle);
  shared_->last_closed = [this] {
    const std::lock_guard lock(mutex_);
    all_closed_.notify_all();
  };
  for (unsigned i = 0; i < shared_->options.threads; ++i)
    threads_.push_back(std::make_shared<io_thread>(i, shared_));
}

http_server::~http_server() { stop(); }

/// Returns what went wrong, or nothing.
std::string http_server::listen() {
  const auto& options = shared_->options;
  auto& loop = threads_.front()->loop();
  const auto port = std::to_string(options.port);
  error_code ec;
  const auto found = tcp::resolver(loop).resolve(
      options.host, port, tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  const auto refused = [&] {
    return "cannot listen on " + options.host + ":" + port + ": " + ec.message();
  };
  if (ec) return refused();
  const auto endpoint = found.begin()->endpoint();
  acceptor_.emplace(loop);
  retry_.emplace(loop);
  acceptor_->open(endpoint.protocol(), ec);
  if (!ec) acceptor_->set_option(acceptor::reuse_address(true), ec);
  if (!ec) acceptor_->bind(endpoint, ec);
  if (!ec) acceptor_->listen(acceptor::max_listen_connections, ec);
  if (!ec) port_ = acceptor_->local_endpoint(ec).port();
  return ec ? refused() : std::string();
}

void http_server::accept() {
  const auto& home = threads_[next_++ % threads_.size()];
  acceptor_->async_accept(home->loop(), [this, &home](const error_code& ec, stream_socket s) {
    if (!acceptor_->is_open()) return;
    if (ec == boost::asio::error::no_descriptors)
      accept_later();
    else
      accept();
    if (!ec) take(std::move(s), home); // last, as one that fails must not be the last
  });
}

void http_server::accept_later() {
  retry_->expires_after(shared_->options.tick);
  retry_->async_wait([this](const error_code& ec) {
    if (!ec && acceptor_->is_open()) accept();
  });
}

void http_server::take(stream_socket s, const std::shared_ptr<io_thread>& home) {
  const auto open = shared_->connections.fetch_add(1);
  if (open >= connections_max() + turned_away_max) {
    shared_->connections.fetch_sub(1);
    return;
  }
  const boost::intrusive_ptr<session> made(new session(std::move(s), home));
  if (open >= connections_max())
    home->post([made] { made->turn_away(); });
  else
    home->post([made] { made->start(); });
}

std::uint64_t http_server::requests() const {
  std::uint64_t sum = 0;
  for (const auto& t : threads_) sum += t->requests;
  return sum;
}

std::uint64_t http_server::bytes_in() const {
  std::uint64_t sum = 0;
  for (const auto& t : threads_) sum += t->bytes_in;
  return sum;
}

std::uint64_t http_server::answers(std::size_t hundreds) const {
  std::uint64_t sum = 0;
  for (const auto& t : threads_) sum += t->answers.at(hundreds);
  return sum;
}

void http_server::tick() {
  everywhere([](io_thread& t) { t.tick(); });
}

bool http_server::drain(std::chrono::milliseconds patience) {
  if (stopped_) return true;
  everywhere([this](io_thread& t) {
    error_code ignored; // closing a listening socket loses nothing
    if (&t == threads_.front().get()) acceptor_->close(ignored);
    t.drain();
  });
  std::unique_lock lock(mutex_);
  const bool whole = all_closed_.wait_for(lock, patience, [this] { return connections() == 0; });
  lock.unlock();
  stop();
  return whole;
}

void http_server::everywhere(const std::function<void(io_thread&)>& f) {
  std::latch done(static_cast<std::ptrdiff_t>(threads_.size()));
  for (const auto& t : threads_)
    t->post([&] {
      io_thread::survives([&] { f(*t); });
      done.count_down();
    });
  done.wait();
}

void http_server::stop() {
  if (std::exchange(stopped_, true)) return;
  threads_.front()->post([this] {
    error_code ignored; // as above
    if (acceptor_) acceptor_->close(ignored);
    if (retry_) retry_->cancel();
  });
  for (const auto& t : threads_) t->join();
  shared_->handler = nullptr; // it may hold an exchange, which holds its session, which holds this
}

} // namespace reenact::gateway
