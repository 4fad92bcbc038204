#include "gateway/gateway.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/beast/core/string.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/io_unit.hpp"
#include "gateway/conditions.hpp"
#include "gateway/target.hpp"

namespace reenact::gateway {
namespace {

constexpr std::string_view plain = "text/plain; charset=utf-8";

} // namespace

std::variant<std::unique_ptr<gateway>, std::string> gateway::start(runtime::cluster& to,
                                                                   gateway_options how) {
  std::unique_ptr<gateway> made(new gateway(to, std::move(how)));
  auto routes =
      api::make(to, made->replies_, {made->how_.http.process_time, made->how_.event_clients_max});
  if (auto* wrong = std::get_if<std::string>(&routes)) return std::move(*wrong);
  made->api_ = std::get<0>(std::move(routes));
  const auto give_up = [&to](const std::string& why) { to.give_up(why); };
  const auto request_id = [self = made.get()](auto given) {
    return self->replies_.request_id(given);
  };
  auto http = made->how_.http;
  http.restart.give_up = give_up;
  http.request_id = request_id;
  http.around = [&to](const std::function<void()>& loop) {
    const runtime::io_unit here(to.system()); // entities run on the thread that read the request
    loop();
  };
  auto server = http_server::start(std::move(http),
                                   [self = made.get()](exchange e) { self->handle(std::move(e)); });
  if (auto* wrong = std::get_if<std::string>(&server)) return std::move(*wrong);
  made->server_ = std::get<0>(std::move(server));
  if (!made->how_.admin) return made;
  auto looked_at = *made->how_.admin;
  looked_at.restart.give_up = give_up;
  looked_at.request_id = request_id;
  auto admin = http_server::start(
      std::move(looked_at), [self = made.get()](exchange e) { self->handle_admin(std::move(e)); });
  if (auto* wrong = std::get_if<std::string>(&admin)) return std::move(*wrong);
  made->admin_ = std::get<0>(std::move(admin));
  return made;
}

gateway::gateway(runtime::cluster& to, gateway_options how)
  : cluster_(to),
    how_(std::move(how)),
    replies_(to.random(), how_.cors_origins),
    site_(to.hosted()) {}

void gateway::handle(exchange e) const {
  if (replies_.answer_preflight(e)) return;
  const auto path = split_target(e.target()).path;
  if (path.starts_with("/api/") || path == "/api") return api_->handle(std::move(e));
  show(std::move(e), true);
}

bool gateway::drain(std::chrono::milliseconds patience) {
  cluster_.end_following();
  return server_->drain(patience);
}

void gateway::handle_admin(exchange e) const { show(std::move(e), false); }

/// Everything that is only looked at.
void gateway::show(exchange e, bool pages) const {
  const auto path = split_target(e.target()).path;
  const auto* page = pages ? site_.find(path) : nullptr;
  const auto sight = sight_at(path, !pages);
  if (page == nullptr && sight == nullptr)
    return replies_.send(std::move(e),
                         {.status = 404, .content_type = plain, .body = "404 page not found\n"});
  if (e.method() != "GET" && e.method() != "HEAD")
    return replies_.send_error(std::move(e), 405, 12, "Method Not Allowed",
                               {{"Allow", "GET, HEAD"}});
  if (sight != nullptr) return (this->*sight)(std::move(e));
  show_page(std::move(e), *page);
}

gateway::sight gateway::sight_at(std::string_view path, bool operators) {
  if (operators && path == "/policies") return &gateway::show_policies;
  if (boost::beast::iequals(path, "/liveness") || path == "/livez") return &gateway::show_life;
  if (path == "/readyz") return &gateway::show_readiness;
  if (path == "/guarantees") return &gateway::show_guarantees;
  if (path == "/metrics") return &gateway::show_metrics;
  return nullptr;
}

void gateway::show_life(exchange e) const {
  replies_.send(std::move(e), {.content_type = "text/plain", .body = "."});
}

void gateway::show_page(exchange e, const page& what) const {
  header_list headers{{"ETag", what.etag}};
  if (e.header("If-None-Match") == what.etag)
    return replies_.send(std::move(e), {.status = 304, .content_type = {}}, std::move(headers));
  replies_.send(std::move(e), {.content_type = what.content_type, .body = what.bytes},
                std::move(headers));
}

void gateway::show_readiness(exchange e) const {
  const auto now = cluster_.ready();
  const auto body = boost::json::serialize(
      boost::json::object{{"ready", now.ready},
                          {"missing", boost::json::array(now.missing.begin(), now.missing.end())}});
  header_list headers;
  if (!now.ready) headers.push_back({"Retry-After", "1"});
  replies_.send(std::move(e), {.status = now.ready ? 200U : 503U, .body = body},
                std::move(headers));
}

void gateway::show_guarantees(exchange e) const {
  boost::json::array all;
  for (const auto& g : cluster_.guarantees())
    all.push_back(boost::json::object{
        {"id", g.id}, {"promise", g.promise}, {"inForce", g.in_force}, {"why", g.why}});
  const auto body = boost::json::serialize(boost::json::object{{"guarantees", std::move(all)}});
  replies_.send(std::move(e), {.body = body});
}

void gateway::show_metrics(exchange e) const {
  std::string text = how_.metrics ? how_.metrics() : "";
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help) {
    text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
    text.append(" ").append(type).append("\n");
  };
  const auto value = [&](std::string_view series, std::uint64_t n) {
    text.append(series).append(" ").append(std::to_string(n)).append("\n");
  };
  add("reenact_http_connections", "gauge", "Open connections.");
  value("reenact_http_connections", server_->connections());
  add("reenact_http_requests_total", "counter", "Requests that were read completely.");
  value("reenact_http_requests_total", server_->requests());
  add("reenact_http_received_bytes_total", "counter", "Bytes read from connections.");
  value("reenact_http_received_bytes_total", server_->bytes_in());
  add("reenact_http_answers_total", "counter", "Answers by the first digit of their status.");
  for (std::size_t hundreds = 2; hundreds < 6; ++hundreds)
    value("reenact_http_answers_total{class=\"" + std::to_string(hundreds) + "xx\"}",
          server_->answers(hundreds));
  replies_.send(std::move(e),
                {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = text});
}

/// With the texts of what went wrong, which are for operators alone.
void gateway::show_policies(exchange e) const {
  boost::json::array all;
  const auto now = cluster_.time().now();
  for (const auto& p : cluster_.policies()) {
    boost::json::array waits, letters;
    for (const auto& w : p.waits) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(w.again - now).count();
      waits.push_back(boost::json::object{{"entity", w.entity},
                                          {"event", w.event},
                                          {"why", w.why},
                                          {"attempts", w.attempts},
                                          {"nextTryInMs", std::max<std::int64_t>(left, 0)}});
    }
    for (const auto& d : cluster_.given_up(p.name))
      letters.push_back(boost::json::object{{"shard", d.shard},
                                            {"sequence", d.sequence},
                                            {"why", d.why},
                                            {"attempts", d.attempts},
                                            {"whenUs", d.when_us}});
    all.push_back(boost::json::object{{"name", p.name},
                                      {"eventsBehind", p.events_behind},
                                      {"pending", p.pending},
                                      {"waiting", p.waiting},
                                      {"stalledShards", p.stalled_shards},
                                      {"waits", std::move(waits)},
                                      {"deadLetters", std::move(letters)}});
  }
  const auto body = boost::json::serialize(boost::json::object{{"policies", std::move(all)}});
  replies_.send(std::move(e), {.body = body});
}

} // namespace reenact::gateway
