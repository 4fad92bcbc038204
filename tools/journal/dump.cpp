#include <array>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/ids.hpp"
#include "messages/model/record.pb.h"
#include "tools/journal/inspection.hpp"
#include "tools/journal/progress.hpp"

namespace reenact::tools {
namespace {

/// An event as JSON; null when this program does not know its type.
boost::json::value event_of(const ::model::Record& record) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(record.type());
  if (type == nullptr) return nullptr;
  const std::unique_ptr<google::protobuf::Message> event(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  std::string json;
  if (!event->ParseFromString(record.payload()) ||
      !google::protobuf::util::MessageToJsonString(*event, &json).ok())
    return nullptr;
  return boost::json::parse(json);
}

/// "2026-11-23T18:00:00.123456Z"
std::string time_of(persistence::stamp_t stamp) {
  const std::time_t seconds = stamp / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> date{}, micros{};
  (void)std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  (void)std::snprintf(micros.data(), micros.size(), ".%06dZ", static_cast<int>(stamp % 1'000'000));
  return std::string(date.data()) + micros.data();
}

std::string uuid_text(const std::string& bytes) {
  persistence::uuid id{};
  if (bytes.size() != id.size()) return {};
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return runtime::to_string(id);
}

void show_json(const persistence::stored& at, const ::model::Record& record, std::ostream& to) {
  const bool note = record.type().empty();
  to << boost::json::serialize(boost::json::object{
            {"shard", at.shard},
            {"sequence", at.sequence},
            {"time", time_of(at.stamp)},
            {"stream", boost::json::string_view(at.type.data(), at.type.size())},
            {"entity", boost::json::string_view(at.entity.data(), at.entity.size())},
            {"version", at.version},
            {"type", note ? boost::json::value(nullptr) : boost::json::value(record.type())},
            {"event", event_of(record)},
            {"commandId", uuid_text(record.metadata().command_id())}})
     << "\n";
}

void show_text(const persistence::stored& at, const ::model::Record& record, std::ostream& to) {
  to << at.shard << "/" << at.sequence << " " << time_of(at.stamp) << " " << at.type << "/"
     << at.entity << " " << at.version << " ";
  if (record.type().empty())
    to << "note\n";
  else
    to << record.type() << " " << boost::json::serialize(event_of(record)) << "\n";
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

exit_code told(const persistence::status& how) {
  if (how) return exit_code::ok;
  std::cerr << "mallbots journal dump: " << how.error().text << "\n";
  return exit_code::damaged;
}

} // namespace

exit_code dump(const persistence::journal& of, const selection& which, output as,
               std::ostream& to) {
  progress said(of.about().shards);
  std::uint64_t shown = 0;
  const auto visit = [&](const persistence::stored& at) {
    said.record();
    if (!which.type.empty() && at.type != which.type) return true;
    if (!which.entity.empty() && at.entity != which.entity) return true;
    show(at, as, to);
    return ++shown != which.most;
  };
  if (!which.type.empty() && !which.entity.empty())
    return told(of.read_stream({which.type, which.entity}, 1, visit));
  const auto ends = of.log_ends();
  for (persistence::shard_id shard = 0; shard < ends.size(); ++shard) {
    if (which.shard && *which.shard != shard) continue;
    said.shard(shard);
    const auto how = told(of.read_log(shard, which.from, ends[shard], visit));
    if (how != exit_code::ok) return how;
    if (which.most != 0 && shown == which.most) break;
  }
  return exit_code::ok;
}

} // namespace reenact::tools
