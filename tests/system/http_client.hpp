#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/json/value.hpp>

namespace reenact::tests {

/// One kept-alive connection to a node on this machine, with blocking calls. Throws
/// boost::system::system_error when the node goes away, or is silent for too long; then the
/// connection is of no use any more. One thread.
class http_client {
public:
  struct response {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
    boost::json::value json() const; ///< throws when the body is none
  };
  using headers = std::map<std::string, std::string>;

  /// `patience`: for how long connecting, sending and each answer may take.
  explicit http_client(std::uint16_t port,
                       std::chrono::milliseconds patience = std::chrono::hours(1));

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
  /// Begins what ends with an error code, and waits for it.
  template <class Begin>
  void wait_for(Begin begin);

  boost::asio::io_context io_{1};
  boost::beast::tcp_stream stream_{io_};
  std::chrono::milliseconds patience_;
  boost::beast::flat_buffer read_;
};

} // namespace reenact::tests
