#include "tools/journal/dump.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/ids.hpp"
#include "messages/model/record.pb.h"
#include "messages/schema.hpp"
#include "tools/journal/progress.hpp"
#include "tools/journal/stamp.hpp"

namespace reenact::tools {
namespace {

/// An event as JSON; null when this program does not know its type.
boost::json::value event_of(const ::model::Record& record) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(record.type());
  if (type == nullptr) return nullptr;
  const auto event = messages::new_message(type);
  std::string json;
  if (!event->ParseFromString(record.payload()) ||
      !google::protobuf::util::MessageToJsonString(*event, &json).ok())
    return nullptr;
  return boost::json::parse(json);
}

std::string uuid_text(const std::string& bytes) {
  persistence::uuid id{};
  if (bytes.size() != id.size()) return {};
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return runtime::to_string(id);
}

/// Of a note, which is no event, the command that was remembered by it.
std::string command_of(const ::model::Record& record) {
  const auto& id = record.metadata().command_id();
  return uuid_text(id.empty() ? record.handled().command_id() : id);
}

void show_json(const persistence::stored& at, const ::model::Record& record, std::ostream& to) {
  const bool note = record.type().empty();
  const auto& about = record.metadata();
  to << boost::json::serialize(boost::json::object{
            {"shard", at.shard},
            {"sequence", at.sequence},
            {"time", time_of(at.stamp)},
            {"stream", boost::json::string_view(at.type.data(), at.type.size())},
            {"entity", boost::json::string_view(at.entity.data(), at.entity.size())},
            {"version", at.version},
            {"type", note ? boost::json::value(nullptr) : boost::json::value(record.type())},
            {"event", event_of(record)},
            {"eventId", uuid_text(about.event_id())},
            {"commandId", command_of(record)},
            {"correlationId", uuid_text(about.correlation_id())},
            {"causationId", uuid_text(about.causation_id())},
            {"traceparent", about.traceparent()}})
     << "\n";
}

void show_text(const persistence::stored& at, const ::model::Record& record, std::ostream& to) {
  to << at.shard << "/" << at.sequence << " " << time_of(at.stamp) << " " << at.type << "/"
     << at.entity << " " << at.version << " ";
  if (record.type().empty())
    to << "note";
  else
    to << record.type() << " " << boost::json::serialize(event_of(record));
  to << " by " << command_of(record) << "\n";
}

void show(const persistence::stored& at, output as, std::ostream& to) {
  ::model::Record record;
  if (!record.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())))
    record.set_type("unreadable");
  if (as == output::json)
    show_json(at, record, to);
  else
    show_text(at, record, to);
}

} // namespace

persistence::status dump(const record_source& from, const selection& which, output as,
                         std::ostream& to) {
  std::uint64_t all = 0, seen = 0, shown = 0;
  for (const auto end : from.ends) all += end;
  progress said;
  const auto visit = [&](const persistence::stored& at) {
    said.at(++seen, all);
    if (!which.type.empty() && at.type != which.type) return true;
    if (!which.entity.empty() && at.entity != which.entity) return true;
    if (at.sequence < which.from || (which.shard && at.shard != *which.shard)) return true;
    show(at, as, to);
    return ++shown != which.most && to.good();
  };
  if (!which.type.empty() && !which.entity.empty())
    return from.read_stream({which.type, which.entity}, visit);
  for (persistence::shard_id shard = 0; shard < from.ends.size(); ++shard) {
    if (which.shard && *which.shard != shard) continue;
    if (auto how = from.read_log(shard, which.from, visit); !how) return how;
    if (!to || (which.most != 0 && shown == which.most)) break;
  }
  return persistence::done{};
}

} // namespace reenact::tools
