#include "tools/bench/http_bound.hpp"

#include <memory>
#include <string>
#include <thread>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace reenact::bench {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::beast::error_code;

class bare_session : public std::enable_shared_from_this<bare_session> {
public:
  explicit bare_session(tcp::socket s) : socket_(std::move(s)) {}

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](error_code ec, std::size_t) {
                       if (!ec) self->answer();
                     });
  }

private:
  void answer() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = bound_answer;
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (!ec && self->response_.keep_alive()) self->read();
    });
  }

  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

} // namespace

http_bound::http_bound(boost::asio::io_context& loop)
  : acceptor_(loop, {boost::asio::ip::address_v4::loopback(), 0}) {
  accept();
}

void http_bound::accept() {
  acceptor_.async_accept([this](error_code ec, tcp::socket s) {
    if (ec) return;
    s.set_option(tcp::no_delay(true));
    std::make_shared<bare_session>(std::move(s))->read();
    accept();
  });
}

void serve_bound(const std::function<void(std::uint16_t)>& listens_on,
                 const std::function<void()>& wait_for_end) {
  boost::asio::io_context loop(1);
  http_bound server(loop);
  std::thread thread([&] { loop.run(); });
  listens_on(server.port());
  wait_for_end();
  loop.stop();
  thread.join();
}

} // namespace reenact::bench
