#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/json/value.hpp>

namespace reenact::tests {

/// One kept-alive connection to a node on this machine, with blocking calls. Throws
/// boost::system::system_error when the node goes away. One thread.
class http_client {
public:
  struct response {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
    boost::json::value json() const; ///< throws when the body is none
  };
  using headers = std::map<std::string, std::string>;

  explicit http_client(std::uint16_t port);

  response get(const std::string& path, const headers& with = {});
  response post(const std::string& path, const std::string& body, const headers& with = {});
  response send(const std::string& method, const std::string& path, const std::string& body,
                const headers& with = {});

  /// Bytes as they are, for noise; nothing is read.
  void write(const std::string& bytes);
  /// What comes until the node closes the connection, or breaks it off.
  std::string read_to_end();
  /// Says that nothing more will be written.
  void shut_writing();

private:
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::socket socket_{io_};
  boost::beast::flat_buffer read_;
};

} // namespace reenact::tests
