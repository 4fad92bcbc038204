#include "gateway/event_stream.hpp"

#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <google/protobuf/util/time_util.h>

#include "gateway/event_place.hpp"
#include "gateway/io_thread.hpp"
#include "gateway/transcode.hpp"
#include "messages/model/events.pb.h"
#include "messages/model/record.pb.h"

namespace reenact::gateway {
namespace {

using google::protobuf::util::TimeUtil;
using runtime::uuid_of;

::model::LiveEvent envelope_of(const runtime::tail_event& at, const ::model::Metadata& about,
                               const published_event& what) {
  ::model::LiveEvent e;
  e.set_specversion("1.0");
  e.set_id(runtime::to_string(uuid_of(about.event_id())));
  e.set_source("/" + what.module);
  e.set_type(what.name);
  e.set_subject(at.entity);
  *e.mutable_time() = TimeUtil::MicrosecondsToTimestamp(at.stamp_us);
  e.set_datacontenttype("application/json");
  e.set_shard(at.shard);
  e.set_sequence(at.sequence);
  e.set_entityversion(at.version);
  const auto& head = about.correlation_id().empty() ? about.command_id() : about.correlation_id();
  e.set_correlationid(runtime::to_string(uuid_of(head)));
  if (!about.causation_id().empty())
    e.set_causationid(runtime::to_string(uuid_of(about.causation_id())));
  if (!about.traceparent().empty()) e.set_traceparent(about.traceparent());
  e.mutable_data();
  return e;
}

} // namespace

void event_stream::produce(next_piece piece) {
  if (!std::exchange(greeted_, true))
    return std::move(piece).write("retry: 1000\nid: " + place_token(cluster_.lineage(), after) +
                                  "\n\n");
  piece_.emplace(std::move(piece));
  cluster_.follow(this);
}

void event_stream::finished() noexcept {
  auto to = std::move(*piece_);
  piece_.reset();
  // Else it is dropped here: the client sees that the answer is broken off, and comes again.
  io_thread::survives([&] {
    if (what == ending::closed) return std::move(to).end();
    if (what == ending::told) std::move(to).write(batch());
  });
}

std::string event_stream::batch() const {
  std::string out;
  for (std::size_t i = 0; i < events.size(); ++i) {
    append_event(out, events[i]);
    if (i + 1 < events.size()) out += '\n';
  }
  out.append("id: ").append(place_token(cluster_.lineage(), after)).append("\n\n");
  return out;
}

/// JSON has no line ends, so that it is one line of data.
void event_stream::append_event(std::string& out, const runtime::tail_event& e) const {
  ::model::Record r;
  if (!r.ParseFromString(e.record)) throw std::runtime_error("a record is none: " + e.entity);
  const auto& known = known_->at(r.type());
  const std::unique_ptr<any_message> event(known.prototype->New());
  if (!event->ParseFromString(r.payload())) throw std::runtime_error("it holds no " + r.type());
  out.append("event: ").append(known.name).append("\ndata: ");
  append_json(out, envelope_of(e, r.metadata(), known));
  constexpr std::string_view nothing = "{}}"; // the envelope's data, its last field
  out.resize(out.size() - nothing.size());
  append_json(out, *event);
  out += "}\n";
}

} // namespace reenact::gateway
