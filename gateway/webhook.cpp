#include "gateway/webhook.hpp"

#include <deque>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "gateway/transcode.hpp"

namespace reenact::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using request = http::request<http::string_body>;

constexpr std::uint64_t answer_bytes_max = 64U << 10U; ///< nobody reads it

bool may_come_right(unsigned status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

} // namespace

/// Told its end once, also when it is dropped.
struct webhook::job {
  job(webhook& at, runtime::delivery d, way_home h)
    : of(&at.waiting_),
      what(std::move(d)),
      home(std::move(h)) {}
  job(job&& other) noexcept
    : of(std::exchange(other.of, nullptr)),
      what(std::move(other.what)),
      home(std::move(other.home)) {}
  job& operator=(job&&) = delete;
  ~job() { end(outcome::failed, "the node is ending"); }

  void end(outcome how, std::string why) {
    if (of == nullptr) return;
    --*std::exchange(of, nullptr);
    home(how, std::move(why));
  }

  std::atomic<std::size_t>* of; ///< null: it has ended
  runtime::delivery what;
  way_home home;
};

/// Its loop, and what waits there.
struct webhook::running {
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
  asio::steady_timer news{loop, asio::steady_timer::time_point::max()}; ///< cancelled for a job
  std::deque<job> jobs;
};

/// Kept alive from one attempt to the next, opened when it is needed.
class webhook::connection {
public:
  explicit connection(webhook& of) : of_(of), stream_(of.running_->loop) {}

  /// The status of the answer; 0: `ec` says why there is none.
  asio::awaitable<unsigned> exchange(const request& what, error_code& ec) {
    stream_.expires_after(of_.how_.patience);
    const bool reused = open_;
    auto status = co_await once(what, ec);
    // One that the other side has closed meanwhile says nothing about the request.
    if (status == 0 && reused && ec != beast::error::timeout) status = co_await once(what, ec);
    co_return status;
  }

private:
  asio::awaitable<unsigned> once(const request& what, error_code& ec) {
    auto told = asio::redirect_error(asio::use_awaitable, ec);
    if (!open_) co_await open(ec);
    if (!ec) co_await http::async_write(stream_, what, told);
    http::response_parser<http::string_body> answer;
    answer.body_limit(answer_bytes_max);
    if (!ec) co_await http::async_read(stream_, read_, answer, told);
    if (ec || !answer.get().keep_alive()) close();
    co_return ec ? 0 : answer.get().result_int();
  }

  asio::awaitable<void> open(error_code& ec) {
    auto told = asio::redirect_error(asio::use_awaitable, ec);
    asio::ip::tcp::resolver names(of_.running_->loop);
    const auto found =
        co_await names.async_resolve(of_.how_.host, std::to_string(of_.how_.port), told);
    if (!ec) co_await stream_.async_connect(found, told);
    open_ = !ec;
  }

  void close() {
    error_code ignored; // whatever it says, the next attempt opens a new one
    stream_.socket().close(ignored);
    read_.clear();
    open_ = false;
  }

  webhook& of_;
  beast::tcp_stream stream_;
  beast::flat_buffer read_;
  bool open_ = false;
};

webhook::webhook(options how, const runtime::clock& time)
  : how_(std::move(how)),
    part_("the webhook's thread", time, how_.restart),
    running_(std::make_unique<running>()) {
  for (std::size_t i = 0; i < how_.connections; ++i)
    asio::co_spawn(running_->loop, work(), asio::detached);
  thread_ = std::thread([this] { part_.keep_at([this] { running_->loop.run(); }); });
}

webhook::~webhook() { close(); }

void webhook::close() {
  if (running_ == nullptr) return;
  running_->loop.stop();
  part_.hurry();
  thread_.join();
  running_.reset(); // with all that was under way, which hears of it
}

void webhook::deliver(runtime::delivery what, way_home home) {
  if (waiting_.fetch_add(1) >= how_.waiting_max) {
    --waiting_;
    return home(outcome::failed, "too many wait for the webhook");
  }
  auto next = std::make_shared<job>(*this, std::move(what), std::move(home));
  asio::post(running_->loop, [this, next] {
    running_->jobs.push_back(std::move(*next));
    running_->news.cancel_one();
  });
}

/// The life of one connection.
asio::awaitable<void> webhook::work() {
  connection over(*this);
  auto& jobs = running_->jobs;
  for (;;) {
    while (jobs.empty()) {
      error_code woken;
      co_await running_->news.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    auto next = std::move(jobs.front());
    jobs.pop_front();
    auto how = co_await attempt(over, next.what);
    next.end(how.how, std::move(how.why));
  }
}

asio::awaitable<webhook::answered> webhook::attempt(connection& over,
                                                    const runtime::delivery& what) {
  request r(http::verb::post, how_.target, 11);
  r.set(http::field::host, how_.name);
  r.set(http::field::content_type, "application/json");
  r.set("Idempotency-Key", runtime::to_string(what.id));
  if (!what.traceparent.empty()) r.set("traceparent", what.traceparent);
  append_json(r.body(), *what.message);
  r.prepare_payload();
  error_code ec;
  const auto status = co_await over.exchange(r, ec);
  if (status == 0) co_return answered{outcome::failed, "the webhook: " + ec.message()};
  if (status >= 200 && status < 300) co_return answered{outcome::delivered, {}};
  co_return answered{may_come_right(status) ? outcome::failed : outcome::refused,
                     "the webhook answers " + std::to_string(status)};
}

} // namespace reenact::gateway
