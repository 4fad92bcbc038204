#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include "tests/gateway/raw_client.hpp"

/// A client of GET /api/events, as a browser's EventSource is one.
class event_reader {
public:
  struct event {
    std::string name, id; ///< the id that stood with it, or empty
    boost::json::value data;
  };

  explicit event_reader(std::uint16_t port, std::string_view query = {}, std::string_view last = {},
                        int receive_bytes = 0)
    : client_(port, receive_bytes) {
    std::string request = "GET /api/events" + std::string(query) + " HTTP/1.1\r\nHost: test\r\n";
    if (!last.empty()) request += "Last-Event-ID: " + std::string(last) + "\r\n";
    client_.send(request + "\r\n");
    head_ = client_.receive(true);
  }

  const raw_client::reply& head() const { return head_; }
  /// The last place that came, which a client would resume from.
  const std::string& place() const { return place_; }
  raw_client& client() { return client_; }

  /// The next events; fewer: the stream has ended.
  std::vector<event> next(std::size_t n = 1) {
    std::vector<event> all;
    while (all.size() < n && take_block(all)) {
    }
    return all;
  }
  /// Waits for a place, which comes also when nothing happens.
  void next_place() {
    std::vector<event> none;
    const bool came = take_block(none);
    CHECK(came);
    CHECK(none.empty());
  }

private:
  bool take_block(std::vector<event>& all) {
    while (text_.find("\n\n") == text_.npos) {
      const auto piece = client_.chunk();
      if (!piece || piece->empty()) return false;
      text_ += *piece;
    }
    const auto end = text_.find("\n\n");
    take(text_.substr(0, end), all);
    text_.erase(0, end + 2);
    return true;
  }

  void take(std::string_view block, std::vector<event>& all) {
    event e;
    std::string data;
    while (!block.empty()) {
      const auto line = block.substr(0, block.find('\n'));
      block.remove_prefix(std::min(line.size() + 1, block.size()));
      if (line.starts_with("event: ")) e.name = line.substr(7);
      if (line.starts_with("data: ")) data += line.substr(6);
      if (line.starts_with("id: ")) place_ = e.id = line.substr(4);
    }
    if (data.empty()) return;
    e.data = boost::json::parse(data);
    all.push_back(std::move(e));
  }

  raw_client client_;
  raw_client::reply head_;
  std::string place_, text_;
};
