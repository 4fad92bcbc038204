#include "tests/cluster/proxy_link.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/write.hpp>

namespace reenact::tests {

using boost::system::error_code;
using clock = std::chrono::steady_clock;

proxy_link::proxy_link(boost::asio::io_context& io, protocol::socket client, proxy_weather& weather)
  : weather_(weather),
    client_(std::move(client)),
    server_(io),
    ways_{way{0, &client_, &server_, boost::asio::steady_timer(io)},
          way{1, &server_, &client_, boost::asio::steady_timer(io)}} {}

void proxy_link::start(const protocol::endpoint& server) {
  read(ways_[0]);
  lost_ = weather_.cut;
  if (lost_) return;
  server_.async_connect(server, [this, me = shared_from_this()](const error_code& how) {
    if (over_) return;
    if (how) return break_off();
    connected_ = true;
    read(ways_[1]);
    write(ways_[0]);
  });
}

void proxy_link::read(way& w) {
  if (w.is_reading || w.ended || over_ || w.buffered >= fault_proxy::buffered_bytes_max) return;
  w.is_reading = true;
  const auto room = std::min(w.reading.size(), fault_proxy::buffered_bytes_max - w.buffered);
  w.from->async_read_some(
      boost::asio::buffer(w.reading.data(), room),
      [this, &w, me = shared_from_this()](const error_code& how, std::size_t n) {
        w.is_reading = false;
        if (!over_) take(w, n, how.failed());
      });
}

void proxy_link::take(way& w, std::size_t bytes, bool end) {
  w.ended = end;
  weather_.count([&](fault_proxy::tally& all) {
    auto& to = counted(all, w);
    to.read += bytes;
    to.ends += end ? 1 : 0;
    if (weather_.cut || w.dead) to.vanished += bytes;
  });
  if (weather_.cut) {
    lost_ = true;
  } else if (!w.dead) {
    w.buffered += bytes;
    w.chunks.push_back({clock::now() + weather_.delay, std::string(w.reading.data(), bytes)});
    if (end && bytes > 0) w.chunks.push_back({w.chunks.back().due, {}});
  }
  write(w);
  read(w);
  end_if_done();
}

void proxy_link::write(way& w) {
  if (weather_.held[w.index] || w.is_writing || w.chunks.empty() || over_) return;
  if (weather_.cut) {
    lost_ = true;
    return drop(w);
  }
  const auto& next = w.chunks.front();
  if (!connected_ || w.is_waiting) return;
  if (next.due > clock::now()) {
    w.is_waiting = true;
    w.until_due.expires_at(next.due);
    w.until_due.async_wait([this, &w, me = shared_from_this()](const error_code&) {
      w.is_waiting = false;
      write(w);
    });
    return;
  }
  if (next.bytes.empty()) {
    error_code gone; // then it knows already
    w.to->shutdown(protocol::socket::shutdown_send, gone);
    w.closed = true;
    w.chunks.clear();
    return end_if_done();
  }
  w.is_writing = true;
  boost::asio::async_write(*w.to, boost::asio::buffer(next.bytes),
                           [this, &w, me = shared_from_this()](const error_code& how, std::size_t) {
                             w.is_writing = false;
                             if (!over_) wrote(w, how.failed());
                           });
}

void proxy_link::wrote(way& w, bool failed) {
  if (failed) {
    w.dead = true;
    drop(w);
  } else {
    const auto bytes = w.chunks.front().bytes.size();
    w.chunks.pop_front();
    w.buffered -= bytes;
    weather_.count([&](fault_proxy::tally& all) { counted(all, w).delivered += bytes; });
    write(w);
  }
  read(w);
  end_if_done();
}

void proxy_link::drop(way& w) {
  weather_.count([&](fault_proxy::tally& all) { counted(all, w).vanished += w.buffered; });
  w.buffered = 0;
  w.chunks.clear();
  read(w);
}

void proxy_link::end_if_done() {
  const auto done = [](const way& w) { return w.closed || (w.dead && w.ended); };
  if (!over_ && done(ways_[0]) && done(ways_[1])) break_off();
}

void proxy_link::break_off() {
  if (std::exchange(over_, true)) return;
  error_code ignored; // it ends, however
  for (auto* side : {&client_, &server_}) {
    if (!side->is_open()) continue;
    const auto& ways = ways_;
    const bool finished = ways[0].closed && ways[1].closed;
    if (!finished) side->set_option(boost::asio::socket_base::linger(true, 0), ignored);
    side->close(ignored);
  }
  for (auto& w : ways_) {
    w.until_due.cancel();
    weather_.count([&](fault_proxy::tally& all) { counted(all, w).vanished += w.buffered; });
  }
  weather_.count([](fault_proxy::tally& all) { --all.open; });
}

} // namespace reenact::tests
