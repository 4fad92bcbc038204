#include "gateway/webhook.hpp"

#include <future>
#include <mutex>

#include <catch2/catch.hpp>

#include "messages/mallbots/notifications/api.pb.h"
#include "tests/gateway/served.hpp"

using namespace reenact;
using namespace reenact::gateway;
using namespace std::chrono_literals;
using outcome = runtime::port::outcome;

namespace {

struct ended {
  outcome how;
  std::string why;
};

/// A webhook to a port of this machine.
struct hooked {
  explicit hooked(std::uint16_t port, std::size_t waiting_max = 256)
    : hook({.host = "127.0.0.1",
            .port = port,
            .name = "hooks.example",
            .target = "/sms",
            .waiting_max = waiting_max},
           time) {}

  std::future<ended> deliver(const std::string& text = "Hello") {
    auto end = std::make_shared<std::promise<ended>>();
    auto message = std::make_shared<notificationspb::Notification>();
    message->set_text(text);
    auto got = end->get_future();
    hook.deliver({runtime::uuid_of("0123456789abcdef"), message, "00-trace"},
                 [end](outcome how, std::string why) {
                   end->set_value({how, std::move(why)});
                 });
    return got;
  }

  runtime::system_clock time;
  webhook hook;
};

/// Answers each request with the next of these, and with 200 when there are no more.
struct receiver {
  explicit receiver(std::vector<unsigned> statuses = {})
    : server([this, statuses](exchange e) {
        const std::lock_guard lock(mutex);
        std::string seen(e.method());
        seen.append(" ").append(e.target());
        for (const auto* name : {"Host", "Content-Type", "Idempotency-Key", "traceparent"})
          seen.append("|").append(e.header(name).value_or("-"));
        seen.append("|").append(e.body());
        const auto n = requests.size();
        requests.push_back(seen);
        std::move(e).answer({.status = n < statuses.size() ? statuses[n] : 200});
      }) {}

  std::mutex mutex;
  std::vector<std::string> requests; ///< of any thread, under the mutex
  served server;
};

} // namespace

TEST_CASE("a webhook posts JSON under the delivery's id", "[webhook]") {
  receiver r;
  hooked h(r.server->port());
  CHECK(h.deliver("Hello \"you\"").get().how == outcome::delivered);
  REQUIRE(r.requests.size() == 1);
  CHECK(
      r.requests[0].starts_with("POST /sms|hooks.example|application/json|"
                                "30313233-3435-3637-3839-616263646566|00-trace|{\"id\":"));
  CHECK(r.requests[0].find(R"("text":"Hello \"you\"")") != std::string::npos);
}

TEST_CASE("what a webhook answers says what becomes of a delivery", "[webhook]") {
  const std::vector<std::pair<unsigned, outcome>> answers = {
      {200, outcome::delivered}, {202, outcome::delivered}, {204, outcome::delivered},
      {302, outcome::refused},   {400, outcome::refused},   {404, outcome::refused},
      {408, outcome::failed},    {425, outcome::failed},    {429, outcome::failed},
      {500, outcome::failed},    {503, outcome::failed}};
  std::vector<unsigned> statuses;
  for (const auto& a : answers) statuses.push_back(a.first);
  receiver r(statuses);
  hooked h(r.server->port());
  for (const auto& [status, how] : answers) {
    const auto end = h.deliver().get();
    CHECK(end.how == how);
    CHECK(end.why ==
          (how == outcome::delivered ? "" : "the webhook answers " + std::to_string(status)));
  }
}

TEST_CASE("a delivery to nobody fails, and the next may not", "[webhook]") {
  std::optional<receiver> r(std::in_place);
  const auto port = r->server->port();
  hooked h(port);
  r.reset();
  const auto end = h.deliver().get();
  CHECK(end.how == outcome::failed);
  CHECK(end.why == "the webhook: Connection refused");
}

TEST_CASE("a connection that the other side closed meanwhile is opened again", "[webhook]") {
  receiver r;
  hooked h(r.server->port());
  for (int i = 0; i < 4; ++i) CHECK(h.deliver().get().how == outcome::delivered);
  r.server.advance(2min); // idle connections are closed
  r.server.has_connections(0);
  for (int i = 0; i < 4; ++i) CHECK(h.deliver().get().how == outcome::delivered);
}

TEST_CASE("deliveries beyond the bound fail at once, those within go on", "[webhook]") {
  std::mutex mutex;
  std::vector<exchange> held;
  served slow([&](exchange e) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(e));
  });
  hooked h(slow->port(), 6); // four connections, two that wait
  std::vector<std::future<ended>> all;
  for (int i = 0; i < 6; ++i) all.push_back(h.deliver());
  const auto seventh = h.deliver().get();
  CHECK(seventh.how == outcome::failed);
  CHECK(seventh.why == "too many wait for the webhook");
  for (std::size_t answered = 0; answered < 6;) {
    const std::lock_guard lock(mutex);
    answered += held.size();
    for (auto& e : held) std::move(e).answer({});
    held.clear();
  }
  for (auto& f : all) CHECK(f.get().how == outcome::delivered);
}

TEST_CASE("what is under way when a webhook closes has failed", "[webhook]") {
  std::vector<exchange> held;
  served slow([&](exchange e) { held.push_back(std::move(e)); });
  hooked h(slow->port());
  std::vector<std::future<ended>> all;
  for (int i = 0; i < 6; ++i) all.push_back(h.deliver());
  while (slow->requests() < 4) std::this_thread::yield();
  h.hook.close();
  for (auto& f : all) CHECK(f.get().how == outcome::failed);
}
