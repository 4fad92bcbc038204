#include "tools/busywork/connection.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "gateway/http_server.hpp"

using namespace reenact::tools::busywork;
using reenact::gateway::exchange;
using reenact::gateway::http_server;

namespace {

enum class act { answer, push_back, busy, too_slow, refuse, break_off };

void perform(act what, exchange e) {
  constexpr std::array retry = {reenact::gateway::http_header{"Retry-After", "0"}};
  switch (what) {
    case act::answer: return std::move(e).answer({.body = R"({"id":"x"})"});
    case act::push_back: return std::move(e).answer({.status = 429, .headers = retry});
    case act::busy: return std::move(e).answer({.status = 503});
    case act::too_slow: return std::move(e).answer({.status = 504});
    case act::refuse:
      return std::move(e).answer({.status = 400, .body = R"({"code":3,"message":"no, thanks"})"});
    case act::break_off: return std::move(e).stream({}, [](auto) {}); // drops what it should write
  }
}

/// An HTTP server that does one thing after the other, then answers; and one who asks it.
class script {
public:
  explicit script(std::vector<act> acts) : acts_(std::move(acts)) {
    reenact::gateway::http_options options;
    options.port = 0;
    options.threads = 1;
    server_ = std::get<0>(http_server::start(options, [this](exchange e) {
      const auto what = heard(e);
      perform(what, std::move(e));
    }));
    to.name = "script";
    to.keys = "run";
    to.addresses =
        boost::asio::ip::tcp::resolver(loop_).resolve("127.0.0.1", std::to_string(server_->port()));
    asker_ = std::make_unique<connection>(loop_, to, 7, seen);
  }

  /// The answer, or the kind and text of the trouble.
  std::string ask(call what) {
    std::string outcome;
    loop_.restart();
    boost::asio::co_spawn(loop_, asker_->ask(what, "x", "{}"),
                          [&](const std::exception_ptr& how, const boost::json::value& answer) {
                            outcome = how ? said_by(how) : boost::json::serialize(answer);
                          });
    loop_.run();
    return outcome;
  }

  /// The idempotency keys of all requests so far; "-" for one without.
  std::vector<std::string> keys() {
    const std::lock_guard lock(mutex_);
    return keys_;
  }

  place to;
  tally seen;

private:
  act heard(const exchange& e) {
    const std::lock_guard lock(mutex_);
    keys_.emplace_back(e.header("Idempotency-Key").value_or("-"));
    return keys_.size() <= acts_.size() ? acts_[keys_.size() - 1] : act::answer;
  }

  static std::string said_by(const std::exception_ptr& how) {
    try {
      std::rethrow_exception(how);
    } catch (const trouble& why) {
      return why.kind + ": " + why.what();
    }
  }

  const std::vector<act> acts_;
  std::mutex mutex_;
  std::vector<std::string> keys_; ///< guarded by mutex_
  boost::asio::io_context loop_{1};
  std::unique_ptr<connection> asker_;
  std::unique_ptr<http_server> server_;
};

using texts = std::vector<std::string>;
const std::string answered = R"({"id":"x"})";

} // namespace

TEST_CASE("every change has a key of its own, and a question none") {
  script with({});
  for (const auto what : {call::create_store, call::get_store, call::cancel_basket})
    CHECK(with.ask(what) == answered);
  CHECK(with.keys() == texts{"run-7-1", "-", "run-7-2"});
  CHECK(with.seen.requests == 3);
}

TEST_CASE("what is pushed back is repeated with its key, and is no error") {
  script with({act::push_back, act::push_back});
  CHECK(with.ask(call::create_store) == answered);
  CHECK(with.keys() == texts(3, "run-7-1"));
  CHECK(with.seen.pushed_back == 2);
  CHECK(with.seen.requests == 3);
  CHECK(with.seen.latencies[static_cast<std::size_t>(call::create_store)].count() == 1);
}

TEST_CASE("what is refused is trouble, in the shop's words") {
  script with({act::refuse, act::busy, act::too_slow});
  CHECK(with.ask(call::create_store) == "400: POST /api/stores: no, thanks");
  CHECK(with.ask(call::create_store) == "503: POST /api/stores: "); // it did not ask for a repeat
  CHECK(with.ask(call::create_store) == "504: POST /api/stores: ");
  CHECK(with.keys().size() == 3);
}

TEST_CASE("a connection that breaks when it is used again is opened once more") {
  script with({act::answer, act::break_off});
  CHECK(with.ask(call::create_store) == answered);
  CHECK(with.ask(call::create_store) == answered);
  CHECK(with.keys() == texts{"run-7-1", "run-7-2", "run-7-2"});
  CHECK(with.seen.reconnected == 1);
}

TEST_CASE("a new connection that breaks is trouble, unless restarts are expected") {
  script with({act::break_off, act::break_off, act::busy, act::too_slow});
  CHECK(with.ask(call::create_store).starts_with("connection: POST /api/stores: "));
  with.to.restarts_expected = true;
  CHECK(with.ask(call::create_store) == answered);
  CHECK(with.keys() == texts{"run-7-1", "run-7-2", "run-7-2", "run-7-2", "run-7-2"});
  CHECK(with.seen.reconnected == 3);
}
