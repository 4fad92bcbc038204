#include "tests/system/http_client.hpp"

#include <algorithm>
#include <cctype>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>

namespace reenact::tests {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

boost::json::value http_client::response::json() const { return boost::json::parse(body); }

template <class Begin>
void http_client::wait_for(Begin begin) {
  boost::system::error_code how;
  stream_.expires_after(patience_);
  begin([&how](const boost::system::error_code& ended, auto&&...) { how = ended; });
  io_.restart();
  io_.run();
  if (how) throw boost::system::system_error(how);
}

http_client::http_client(std::uint16_t port, std::chrono::milliseconds patience)
  : patience_(patience) {
  const tcp::endpoint node(boost::asio::ip::address_v4::loopback(), port);
  wait_for([&](auto done) { stream_.async_connect(node, done); });
  stream_.socket().set_option(tcp::no_delay(true));
}

http_client::response http_client::get(const std::string& path, const headers& with) {
  return send("GET", path, "", with);
}

http_client::response http_client::post(const std::string& path, const std::string& body,
                                        const headers& with) {
  return send("POST", path, body, with);
}

http_client::response http_client::send(const std::string& method, const std::string& path,
                                        const std::string& body, const headers& with) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(method);
  request.target(path);
  request.set(http::field::host, "localhost");
  for (const auto& [name, value] : with) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  wait_for([&](auto done) { http::async_write(stream_, request, done); });

  http::response_parser<http::string_body> parser;
  parser.body_limit(64U << 20U);
  if (method == "HEAD") parser.skip(true);
  wait_for([&](auto done) { http::async_read(stream_, read_, parser, done); });
  response answer{static_cast<int>(parser.get().result_int()), {}, parser.get().body()};
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = std::string(field.value());
  }
  return answer;
}

void http_client::write(const std::string& bytes) {
  boost::asio::write(stream_.socket(), boost::asio::buffer(bytes));
}

std::string http_client::read_to_end() {
  std::string all;
  boost::system::error_code how;
  boost::asio::read(stream_.socket(), boost::asio::dynamic_buffer(all), how);
  return all;
}

void http_client::shut_writing() { stream_.socket().shutdown(tcp::socket::shutdown_send); }

} // namespace reenact::tests
