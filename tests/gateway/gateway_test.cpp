#include "gateway/gateway.hpp"

#include <catch2/catch.hpp>

#include "messages/model/record.pb.h"
#include "tests/gateway/shop_over_http.hpp"

using reenact::gateway::gateway_options;

TEST_CASE("an unknown path under /api is the JSON 404, elsewhere a plain one", "[gateway]") {
  shop_over_http shop;
  for (const auto* path : {"/api", "/api/", "/api/nothing", "/api/stores/", "/api/stores/a/b/c"}) {
    const auto r = shop.get(path);
    CHECK(r.code() == 404);
    CHECK(r.body == error_body_of(5, "Not Found"));
  }
  const auto r = shop.get("/nothing");
  CHECK(r.code() == 404);
  CHECK(r.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(r.body == "404 page not found\n");
}

TEST_CASE("a known path under another method is 405 and says which are allowed", "[gateway]") {
  shop_over_http shop;
  const auto r = shop.ask("PATCH", "/api/stores");
  CHECK(r.code() == 405);
  CHECK(r.header("Allow") == "GET, HEAD, POST");
  CHECK(r.body == error_body_of(12, "Method Not Allowed"));
  CHECK(shop.post("/liveness", "").header("Allow") == "GET, HEAD");
  CHECK(shop.post("/", "").header("Allow") == "GET, HEAD");
  CHECK(shop.ask("OPTIONS", "/nothing").code() == 404);
}

TEST_CASE("an id that is too long for the journal is that of nothing", "[gateway]") {
  shop_over_http shop;
  const auto path = "/api/stores/" + std::string(300, 'x');
  for (const auto& r : {shop.get(path), shop.put(path + "/rebrand", R"({"name":"n"})")}) {
    CHECK(r.code() == 404);
    CHECK(r.body.find("store not found") != r.body.npos);
  }
}

TEST_CASE("malformed JSON, a wrong type and a bad path are 400 with code 3", "[gateway]") {
  shop_over_http shop;
  for (const auto& r : {shop.post("/api/stores", "{"), shop.post("/api/stores", R"({"name":1})"),
                        shop.post("/api/stores", "[]"), shop.get("/api/stores/%zz"),
                        shop.get("/api/stores?limit=many")}) {
    CHECK(r.code() == 400);
    const auto body = boost::json::parse(r.body);
    CHECK(body.at("code").as_int64() == 3);
    CHECK(body.at("details").as_array().empty());
  }
}

TEST_CASE("the path overrides the body, and a query means nothing to a POST", "[gateway]") {
  shop_over_http shop;
  const auto store = shop.store();
  const auto r = shop.put("/api/stores/" + store + "/rebrand?name=query",
                          R"({"id":"another","name":"Statler","unknown":[1]})");
  done(r);
  const auto shown = shop.get("/api/stores/" + store);
  CHECK(boost::json::parse(shown.body).at("store").at("name") == "Statler");
}

TEST_CASE("a repeated idempotency key answers what it did the first time", "[gateway]") {
  shop_over_http shop;
  const auto* body = R"({"name":"Ada","smsNumber":"555"})";
  const auto* key = "Idempotency-Key: k-1\r\n";
  const auto first = shop.post("/api/customers", body, key);
  CHECK(first.code() == 200);
  CHECK(shop.post("/api/customers", body, key + std::string("Idempotency-Key: k-2\r\n")).code() ==
        400); // which of them?
  CHECK(shop.post("/api/customers", body, key).body == first.body);
  CHECK(shop.post("/api/customers", body).body != first.body);
  const auto other = shop.post("/api/customers", R"({"name":"Bob","smsNumber":"555"})", key);
  CHECK(other.code() == 422);
  CHECK(other.body == error_body_of(3, "the idempotency key was used for another request"));
}

TEST_CASE("an idempotency key is 1 to 255 visible ASCII characters", "[gateway]") {
  shop_over_http shop;
  const auto with = [&](const std::string& key) {
    return shop.post("/api/customers", R"({"name":"Ada","smsNumber":"555"})",
                     "Idempotency-Key: " + key + "\r\n");
  };
  CHECK(with(std::string(255, 'k')).code() == 200);
  for (const auto& key :
       {std::string(), std::string(256, 'k'), std::string("a b"), std::string("\xc3\xa9")}) {
    const auto r = with(key);
    CHECK(r.code() == 400);
    CHECK(r.body ==
          error_body_of(3, "the idempotency key must be 1 to 255 visible ASCII characters"));
  }
}

TEST_CASE("every answer about one entity carries its version as ETag", "[gateway]") {
  shop_over_http shop;
  const auto made = shop.post("/api/customers", R"({"name":"Ada","smsNumber":"555"})");
  CHECK(made.header("ETag") == "\"1\"");
  const auto path =
      "/api/customers/" + std::string(boost::json::parse(made.body).at("id").as_string());
  CHECK(shop.get(path).header("ETag") == "\"1\"");
  CHECK(shop.put(path + "/disable").header("ETag") == "\"2\"");
  CHECK(shop.put(path + "/disable").header("ETag") == "\"2\"");
  CHECK(shop.get(path).header("ETag") == "\"2\"");
}

TEST_CASE("If-Match lets a command through only for the versions it names", "[gateway]") {
  shop_over_http shop;
  const auto path = "/api/customers/" + shop.customer();
  const auto disable = [&](const std::string& tags) {
    return shop.put(path + "/disable", {}, "If-Match: " + tags + "\r\n");
  };
  for (const auto* tags : {"\"2\"", "W/\"1\"", "\"x\"", "\"01\"", "\"\""}) {
    const auto r = disable(tags);
    CHECK(r.code() == 412);
    CHECK(boost::json::parse(r.body).at("code").as_int64() == 9);
    CHECK(r.header("ETag") == "\"1\"");
  }
  for (const auto* tags : {"1", "\"1", "\"1\" \"2\"", "\"1\",", "", "**", "w/\"1\""})
    CHECK(disable(tags).code() == 400);
  done(disable("\"7\", \"1\""));
  refused(disable("*"), 3, "the customer is already disabled");
  CHECK(shop.get(path, "If-Match: \"1\"\r\n").code() == 412);
}

TEST_CASE("a GET that names the version it has gets 304", "[gateway]") {
  shop_over_http shop;
  const auto path = "/api/customers/" + shop.customer();
  for (const auto* tags : {"\"1\"", "W/\"1\"", "*", "\"0\", \"1\""}) {
    const auto r = shop.get(path, std::string("If-None-Match: ") + tags + "\r\n");
    CHECK(r.code() == 304);
    CHECK(r.header("ETag") == "\"1\"");
  }
  CHECK(shop.get(path, "If-None-Match: \"2\"\r\n").code() == 200);
  CHECK(shop.get(path, "If-None-Match: nonsense\r\n").code() == 200);
}

TEST_CASE("X-Request-Id comes back, or is made", "[gateway]") {
  shop_over_http shop;
  CHECK(shop.get("/livez", "X-Request-Id: mine\r\n").header("X-Request-Id") == "mine");
  CHECK(shop.get("/livez").header("X-Request-Id").size() == 36);
  CHECK(shop.get("/livez", "X-Request-Id: a b\r\n").header("X-Request-Id").size() == 36);
  CHECK(shop.get("/api/nothing", "X-Request-Id: mine\r\n").header("X-Request-Id") == "mine");
}

TEST_CASE("a traceparent is kept with the event it led to, a malformed one is ignored",
          "[gateway]") {
  shop_over_http shop;
  const auto kept = [&](const std::string& trace) {
    const auto r = shop.post("/api/customers", R"({"name":"Ada","smsNumber":"555"})",
                             "X-Request-Id: mine\r\ntraceparent: " + trace + "\r\n");
    CHECK(r.code() == 200);
    CHECK(r.header("X-Request-Id") == "mine");
    const std::string id(boost::json::parse(r.body).at("id").as_string());
    std::vector<std::string> traces;
    CHECK(shop.journal().read_stream(
        {"customers.Customer", id}, 1, [&](const reenact::persistence::stored& at) {
          ::model::Record record;
          REQUIRE(record.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())));
          traces.push_back(record.metadata().traceparent());
          return true;
        }));
    REQUIRE(traces.size() == 1);
    return traces.front();
  };
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  CHECK(kept(trace) == trace);
  for (const auto* malformed :
       {"", "nonsense", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"})
    CHECK(kept(malformed).empty());
}

TEST_CASE("HEAD answers what GET would, without its body", "[gateway]") {
  shop_over_http shop;
  const auto path = "/api/customers/" + shop.customer();
  const auto length = std::to_string(shop.get(path).body.size());
  CHECK(shop.ask("HEAD", path).header("Content-Length") == length);
  CHECK(shop.ask("HEAD", "/liveness").header("Content-Length") == "1");
}

TEST_CASE("liveness is a dot, in any case of its name", "[gateway]") {
  shop_over_http shop;
  for (const auto* path : {"/liveness", "/LiveNess", "/livez"}) {
    const auto r = shop.get(path);
    CHECK(r.body == ".");
    CHECK(r.header("Content-Type") == "text/plain");
  }
}

TEST_CASE("a node says whether it is ready, what it promises and what it counts", "[gateway]") {
  gateway_options how;
  how.metrics = [] { return std::string("# the node's\n"); };
  shop_over_http shop(std::move(how));
  CHECK(shop.get("/readyz").body == R"({"ready":true,"missing":[]})");
  const auto all = boost::json::parse(shop.get("/guarantees").body).at("guarantees").as_array();
  REQUIRE(all.size() == 10);
  CHECK(all[0].at("id") == "G1");
  CHECK(all[7].at("inForce").as_bool());
  CHECK_FALSE(all[7].at("why").as_string().empty());
  const auto text = shop.get("/metrics").body;
  CHECK(text.starts_with("# the node's\n"));
  CHECK(text.find("\nreenact_http_requests_total 3\n") != text.npos);
  CHECK(text.find("\nreenact_http_answers_total{class=\"2xx\"} 2\n") != text.npos);
  shop.node().drain(std::chrono::seconds(10));
  const auto draining = shop.get("/readyz");
  CHECK(draining.code() == 503);
  CHECK(draining.header("Retry-After") == "1");
  const auto turned_away = shop.post("/api/customers", R"({"name":"Ada","smsNumber":"555"})");
  CHECK(turned_away.code() == 503);
  CHECK(turned_away.header("Retry-After") == "1");
  CHECK(turned_away.body == error_body_of(14, "the node is draining"));
}

TEST_CASE("pages and documents are served from the program, and told apart by ETag", "[gateway]") {
  shop_over_http shop;
  for (const auto* path : {"/", "/openapi.json", "/stores-spec/", "/stores-spec/api.swagger.json",
                           "/customers-spec/api.swagger.json", "/swagger-ui/swagger-ui.css"}) {
    const auto r = shop.get(path);
    CHECK(r.code() == 200);
    const auto again = shop.get(path, "If-None-Match: " + r.header("ETag") + "\r\n");
    CHECK(again.code() == 304);
  }
}

TEST_CASE("browsers of other origins are let in only where they are named", "[gateway]") {
  const auto* from = "Origin: https://a.example\r\n";
  {
    shop_over_http closed;
    CHECK(closed.get("/livez", from).headers.count("Access-Control-Allow-Origin") == 0);
  }
  gateway_options how;
  how.cors_origins = {"https://a.example"};
  shop_over_http open(std::move(how));
  const auto r = open.get("/livez", from);
  CHECK(r.header("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(r.header("Vary") == "Origin");
  CHECK(open.get("/livez", "Origin: https://b.example\r\n")
            .headers.count("Access-Control-Allow-Origin") == 0);
  const auto preflight = open.ask("OPTIONS", "/api/stores", {},
                                  std::string(from) +
                                      "Access-Control-Request-Method: POST\r\n"
                                      "Access-Control-Request-Headers: If-Match\r\n");
  CHECK(preflight.code() == 204);
  CHECK(preflight.header("Access-Control-Allow-Headers") == "If-Match");
}
