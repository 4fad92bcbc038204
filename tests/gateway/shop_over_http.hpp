#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "gateway/gateway.hpp"
#include "persistence/open.hpp"
#include "tests/gateway/raw_client.hpp"
#include "tests/persistence/temporary_directory.hpp"

/// The shop, or a part of it, on a memory journal behind a gateway, and one client of it.
class shop_over_http {
public:
  using reply = raw_client::reply;

  explicit shop_over_http(reenact::gateway::gateway_options how = {},
                          void (*install)(reenact::model::registry&) = mallbots::install)
    : journal_(std::move(*reenact::persistence::open("memory:"))) {
    install(types_);
    reenact::runtime::node_options with;
    with.views.path = directory_.path() + "/views.sqlite";
    node_ = std::make_unique<reenact::runtime::node>(types_, *journal_, time_, random_,
                                                     std::move(with));
    REQUIRE(node_->start());
    how.http.port = 0;
    auto started = reenact::gateway::gateway::start(*node_, std::move(how));
    REQUIRE(started.index() == 0);
    gateway_ = std::get<0>(std::move(started));
    client_.emplace(gateway_->port());
  }

  reply ask(std::string_view method, std::string_view target, std::string_view body = {},
            std::string_view headers = {}) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
    if (!body.empty())
      request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    request.append("\r\n").append(body);
    return client_->ask(request, method == "HEAD");
  }
  reply get(std::string_view target, std::string_view headers = {}) {
    return ask("GET", target, {}, headers);
  }
  reply post(std::string_view target, std::string_view body, std::string_view headers = {}) {
    return ask("POST", target, body, headers);
  }
  reply put(std::string_view target, std::string_view body = {}, std::string_view headers = {}) {
    return ask("PUT", target, body, headers);
  }
  reply del(std::string_view target) { return ask("DELETE", target); }

  /// The id that a create answers.
  std::string made(std::string_view target, std::string_view body) {
    const auto r = post(target, body);
    REQUIRE(r.code() == 200);
    return std::string(boost::json::parse(r.body).at("id").as_string());
  }
  std::string store() { return made("/api/stores", R"({"name":"Waldorf","location":"here"})"); }
  std::string customer() { return made("/api/customers", R"({"name":"Ada","smsNumber":"555"})"); }
  std::string product(const std::string& store) {
    return made("/api/stores/" + store + "/products",
                R"({"name":"Book","description":"to read","sku":"b-1","price":9.99})");
  }

  reenact::gateway::gateway& gateway() { return *gateway_; }
  reenact::runtime::node& node() { return *node_; }
  const reenact::persistence::journal& journal() const { return *journal_; }

private:
  temporary_directory directory_;
  reenact::model::registry types_;
  std::unique_ptr<reenact::persistence::journal> journal_;
  reenact::runtime::system_clock time_;
  reenact::runtime::system_entropy random_;
  std::unique_ptr<reenact::runtime::node> node_;
  std::unique_ptr<reenact::gateway::gateway> gateway_;
  std::optional<raw_client> client_;
};

/// The contract's body of a refusal by the domain.
inline std::string refusal_body(int code, const std::string& text) {
  const auto* name = code == 3 ? "BAD_REQUEST" : code == 5 ? "NOT_FOUND" : "UNAUTHORIZED";
  const auto* status = code == 3 ? "400" : code == 5 ? "404" : "401";
  return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + text +
         R"(","details":[{"@type":"type.googleapis.com/errors.ErrorType","TypeCode":")" + name +
         R"(","HTTPCode":")" + status + R"(","GRPCCode":")" + std::to_string(code) + "\"}]}";
}

/// The body of every other error.
inline std::string error_body_of(int code, const std::string& text) {
  return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + text + "\",\"details\":[]}";
}

inline void refused(const raw_client::reply& r, int code, const std::string& text) {
  CHECK(r.code() == (code == 3 ? 400 : code == 5 ? 404 : 401));
  CHECK(r.body == refusal_body(code, text));
  CHECK(r.header("Content-Type") == "application/json");
}

/// Policies go on by themselves: asks until it is so.
template <class Ask>
void comes_true(Ask&& ask) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  bool so = ask();
  for (; !so && std::chrono::steady_clock::now() < until; so = ask()) std::this_thread::yield();
  CHECK(so);
}

inline void done(const raw_client::reply& r) {
  CHECK(r.code() == 200);
  CHECK(r.body == "{}");
}
