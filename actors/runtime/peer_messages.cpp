#include "actors/runtime/peer_messages.hpp"

#include <chrono>
#include <utility>

#include "messages/model/saga_commands.pb.h"
#include "messages/schema.hpp"

namespace reenact::runtime {
namespace {

using kind = answer::kind;

constexpr std::pair<kind, ::model::Outcome> outcomes[] = {
    {kind::accepted, ::model::ACCEPTED},
    {kind::rejected, ::model::REJECTED},
    {kind::precondition_failed, ::model::PRECONDITION_FAILED},
    {kind::key_reused, ::model::KEY_REUSED},
    {kind::unavailable, ::model::UNAVAILABLE},
    {kind::elsewhere, ::model::ELSEWHERE},
    {kind::unknown, ::model::UNKNOWN},
    {kind::broken, ::model::BROKEN}};

std::string bytes_if_any(const uuid& id) {
  return id == uuid{} ? std::string() : std::string(bytes_of(id));
}

bool parse(any_message& into, const std::string& bytes) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

} // namespace

std::unique_ptr<any_message> empty_response(const call& asked) {
  return asked.rpc != nullptr ? messages::new_message(asked.rpc->output_type())
                              : std::make_unique<::model::Done>();
}

::model::ForwardedCall pack_call(const call& c, instant now) {
  ::model::ForwardedCall to;
  to.set_stream_type(c.type->name);
  to.set_entity(c.entity);
  if (c.request_type != nullptr) {
    to.set_request_type(c.request_type->request->full_name());
    c.request->SerializeToString(to.mutable_request());
  }
  to.set_command_id(bytes_if_any(c.id));
  to.set_origin(static_cast<std::uint32_t>(c.from));
  to.set_request_hash(c.request_hash);
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(c.deadline - now);
  to.set_time_left_us(static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 0)));
  to.set_fresh(c.fresh);
  if (c.if_match) {
    auto& versions = *to.mutable_if_match()->mutable_version();
    versions.Add(c.if_match->begin(), c.if_match->end());
  }
  to.set_traceparent(c.traceparent);
  to.set_principal(c.principal);
  to.set_correlation(bytes_if_any(c.correlation));
  to.set_causation(bytes_if_any(c.causation));
  to.set_timer(c.timer);
  return to;
}

bool unpack_call(const ::model::ForwardedCall& from, const model::registry& types, instant now,
                 call& into) {
  into.type = types.named(from.stream_type());
  if (into.type == nullptr || from.origin() > static_cast<std::uint32_t>(origin::internal))
    return false;
  if (!from.request_type().empty()) {
    const auto* asked = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        from.request_type());
    const auto known = into.type->requests.find(asked);
    if (known == into.type->requests.end()) return false;
    into.request_type = &known->second;
    into.rpc = messages::rpc_of(from.request_type());
    into.request = messages::new_message(asked);
    if (!parse(*into.request, from.request())) return false;
    into.result.response = empty_response(into);
  }
  into.entity = from.entity();
  into.id = uuid_of(from.command_id());
  into.from = static_cast<origin>(from.origin());
  into.request_hash = from.request_hash();
  into.deadline = now + std::chrono::microseconds(from.time_left_us());
  into.fresh = from.fresh();
  if (from.has_if_match())
    into.if_match.emplace(from.if_match().version().begin(), from.if_match().version().end());
  into.traceparent = from.traceparent();
  into.principal = from.principal();
  into.correlation = uuid_of(from.correlation());
  into.causation = uuid_of(from.causation());
  into.timer = from.timer();
  into.forwarded = true;
  return true;
}

::model::ForwardedAnswer pack_answer(const call& answered) {
  const auto& got = answered.result;
  ::model::ForwardedAnswer to;
  for (const auto& [ours, theirs] : outcomes)
    if (ours == got.what) to.set_outcome(theirs);
  if (got.what == kind::accepted && got.response)
    got.response->SerializeToString(to.mutable_response());
  to.set_version(got.version);
  to.set_code(got.code);
  to.set_slug(got.slug);
  to.set_text(got.text);
  to.set_not_yet(got.not_yet);
  if (answered.state) answered.state->SerializeToString(to.mutable_state());
  return to;
}

bool unpack_answer(const ::model::ForwardedAnswer& from, call& into) {
  auto& got = into.result;
  for (const auto& [ours, theirs] : outcomes)
    if (theirs == from.outcome()) got.what = ours;
  got.version = from.version();
  got.code = from.code();
  got.slug = from.slug();
  got.text = from.text();
  got.not_yet = from.not_yet();
  if (got.what == kind::accepted && got.response && !parse(*got.response, from.response()))
    return false;
  if (!from.has_state()) return true;
  std::shared_ptr<any_message> state(into.type->prototype->New());
  if (!parse(*state, from.state())) return false;
  into.state = std::move(state);
  return true;
}

} // namespace reenact::runtime
