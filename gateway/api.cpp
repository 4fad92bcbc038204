#include "gateway/api.hpp"

#include <google/protobuf/message.h>
#include <caf/make_counted.hpp>

#include "gateway/conditions.hpp"
#include "gateway/http_call.hpp"
#include "gateway/http_find.hpp"
#include "gateway/http_list.hpp"
#include "gateway/target.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {
namespace {

using google::protobuf::MessageFactory;

const any_message* prototype(const messages::descriptor* type) {
  return MessageFactory::generated_factory()->GetPrototype(type);
}

endpoint prepare(const messages::route& r, const model::registry& hosted) {
  return {.rpc = r.rpc,
          .hosted = hosted.find(r.rpc->input_type()),
          .view = hosted.answering(r.rpc->input_type()),
          .request = prototype(r.rpc->input_type()),
          .response = prototype(r.rpc->output_type()),
          .key = messages::key_of(r.rpc->input_type()),
          .has_body = r.what == messages::verb::post || r.what == messages::verb::put,
          .streams = r.rpc->server_streaming()};
}

/// Body or query, then the path, which overrides both.
std::optional<bad_input> read_request(const endpoint& to, const match& m, std::string_view body,
                                      std::string_view query, any_message& request) {
  if (to.has_body) {
    if (auto bad = read_json(body, request)) return bad;
  } else if (auto bad = read_query(query, request)) {
    return bad;
  }
  for (const auto& c : m.captures)
    if (auto bad = read_text(c.value, request, c.target)) return bad;
  return std::nullopt;
}

std::string text_of(const any_message& request, const messages::field* f) {
  return request.GetReflection()->GetString(request, f);
}

/// The hash that tells a repeat from another request under the same key. Stored, so it must never
/// change: the first half of a named UUID over rpc and request.
std::uint64_t hash_of(const messages::method* rpc, const any_message& request) {
  const auto id = runtime::named_uuid({}, rpc->full_name() + '\0' + request.SerializeAsString());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < 8; ++i) hash = hash << 8U | id[i];
  return hash;
}

/// Who the command is and whom it is about (protocols.md A5). False: the key is none.
bool identify(runtime::call& c, const endpoint& to, std::optional<std::string_view> key,
              runtime::entropy& random) {
  const bool command = c.request_type->decide != nullptr;
  if (command && key) {
    if (!is_idempotency_key(*key)) return false;
    c.from = runtime::origin::client;
    c.id = runtime::command_id(to.rpc->full_name(), *key, c.principal);
    c.request_hash = hash_of(to.rpc, *c.request);
  } else {
    c.id = runtime::random_uuid(random);
  }
  if (to.key != nullptr) c.entity = text_of(*c.request, to.key);
  if (!c.entity.empty() || !c.request_type->creates) return true;
  c.fresh = c.from == runtime::origin::drawn;
  c.entity = runtime::to_string(c.fresh ? runtime::random_uuid(random) : runtime::entity_id(c.id));
  return true;
}

/// False: If-Match is no list of entity tags.
bool read_conditions(runtime::call& c, const exchange& e) {
  if (const auto trace = e.header("traceparent"); trace && is_traceparent(*trace))
    c.traceparent = *trace;
  const auto header = e.header("If-Match");
  if (!header) return true;
  auto tags = read_tags(*header);
  if (tags.malformed) return false;
  // A weak tag matches nothing here, and an empty list would match everything.
  if (!tags.any && tags.versions.empty()) tags.versions.push_back(no_version);
  c.if_match = std::move(tags.versions);
  return true;
}

} // namespace

std::variant<std::unique_ptr<api>, std::string> api::make(runtime::cluster& to, const replies& with,
                                                          const api_bounds& within) {
  auto routes = router::make(messages::routes());
  if (auto* wrong = std::get_if<std::string>(&routes)) return std::move(*wrong);
  return std::unique_ptr<api>(new api(to, with, within, std::get<router>(std::move(routes))));
}

api::api(runtime::cluster& to, const replies& with, const api_bounds& within, router routes)
  : cluster_(to),
    replies_(with),
    live_(to, with, within.event_clients_max),
    process_time_(within.process_time),
    router_(std::move(routes)) {
  for (const auto& r : messages::routes()) endpoints_.emplace(r.rpc, prepare(r, to.hosted()));
}

void api::handle(exchange e) const {
  const auto target = split_target(e.target());
  const auto m = router_.find(e.method(), target.path);
  switch (m.what) {
    case match::kind::unknown: return replies_.send_error(std::move(e), 404, 5, "Not Found");
    case match::kind::other_method:
      return replies_.send_error(std::move(e), 405, 12, "Method Not Allowed", {{"Allow", m.allow}});
    case match::kind::malformed:
      return replies_.send_error(std::move(e), 400, 3, "the path is no percent-encoded UTF-8");
    case match::kind::found: break;
  }
  call(std::move(e), endpoints_.at(m.to->rpc), m, target.query);
}

void api::ask_view(exchange e, const endpoint& to, const any_message& request) const {
  auto selected = model::selection(*to.view, request);
  if (const auto* wrong = std::get_if<model::rejection>(&selected)) {
    return replies_.refuse(std::move(e), {.what = runtime::answer::kind::rejected,
                                          .code = wrong->code,
                                          .text = std::string(wrong->text)});
  }
  const auto ask = [&](auto q) {
    q->view = to.view;
    q->which = std::get<model::filter>(std::move(selected));
    q->ask();
  };
  if (const auto* unknown = to.view->unknown_to(to.rpc->input_type()))
    return ask(
        caf::make_counted<http_find>(std::move(e), cluster_, replies_, *to.response, *unknown));
  ask(caf::make_counted<http_list>(std::move(e), cluster_, replies_, *to.response));
}

void api::call(exchange e, const endpoint& to, const match& m, std::string_view query) const {
  std::unique_ptr<any_message> request(to.request->New());
  if (const auto bad = read_request(to, m, e.body(), query, *request))
    return replies_.send_error(std::move(e), 400, 3, bad->text);
  if (to.view != nullptr) return ask_view(std::move(e), to, *request);
  if (to.streams)
    return live_.handle(std::move(e), static_cast<::model::FollowEventsRequest&>(*request));
  if (to.hosted.aggregate == nullptr)
    return replies_.send_error(std::move(e), 501, 12,
                               "method " + to.rpc->name() + " not implemented");
  auto c = caf::make_counted<http_call>(std::move(e), replies_);
  c->rpc = to.rpc;
  c->type = to.hosted.aggregate;
  c->request_type = to.hosted.request;
  c->request = std::move(request);
  c->result.response.reset(to.response->New());
  c->deadline = cluster_.time().now() + process_time_;
  if (!identify(*c, to, c->asked().header("Idempotency-Key"), cluster_.random()))
    return c->refuse("the idempotency key must be 1 to 255 visible ASCII characters");
  if (!read_conditions(*c, c->asked())) return c->refuse("If-Match must be * or entity tags");
  cluster_.submit(std::move(c));
}

} // namespace reenact::gateway
