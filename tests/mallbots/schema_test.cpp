#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <google/protobuf/descriptor.pb.h>
#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "messages/mallbots/create_order/purchase.pb.h"
#include "messages/schema.hpp"

using reenact::messages::services;
using reenact::model::registry;

namespace {

registry shop() {
  registry all;
  mallbots::install(all);
  return all;
}

std::string line_of(const google::protobuf::FieldDescriptor& f) {
  std::ostringstream line;
  line << f.containing_type()->full_name() << " " << f.number() << " " << f.name() << " "
       << (f.is_repeated()            ? "repeated "
           : f.has_optional_keyword() ? "optional "
                                      : "")
       << (f.message_type() != nullptr ? f.message_type()->full_name() : f.type_name());
  return line.str();
}

void describe(const google::protobuf::Descriptor& m, std::set<std::string>& lines) {
  lines.insert(m.full_name());
  for (int i = 0; i < m.field_count(); ++i) lines.insert(line_of(*m.field(i)));
  for (int i = 0; i < m.nested_type_count(); ++i) describe(*m.nested_type(i), lines);
}

/// Everything published: what clients call and what journals hold.
std::set<std::string> published(const registry& all) {
  std::set<std::string> lines;
  for (const auto* service : services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* rpc = service->method(i);
      lines.insert("rpc " + rpc->full_name() + " " + rpc->input_type()->full_name() + " " +
                   rpc->output_type()->full_name());
    }
    const auto* file = service->file();
    for (int i = 0; i < file->message_type_count(); ++i) describe(*file->message_type(i), lines);
  }
  for (const auto& aggregate : all.aggregates())
    for (const auto& [name, event] : aggregate->events)
      describe(*event.prototype->GetDescriptor(), lines);
  describe(*mallbots::create_order::Purchase::descriptor(), lines); // which sagas keep as bytes
  const auto* stored = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
      "messages/model/record.proto");
  for (int i = 0; i < stored->message_type_count(); ++i) describe(*stored->message_type(i), lines);
  return lines;
}

} // namespace

TEST_CASE("every event is an event of exactly one aggregate", "[schema]") {
  const auto all = shop();
  std::set<std::string> seen;
  for (const auto& aggregate : all.aggregates())
    for (const auto& [name, event] : aggregate->events) {
      INFO(name);
      CHECK(seen.insert(name).second);
    }
  // A message beside the events that no aggregate evolves would be written and never understood.
  for (const auto& aggregate : all.aggregates()) {
    const auto* file = aggregate->prototype->GetDescriptor()->file();
    for (int i = 0; i < file->message_type_count(); ++i) {
      const auto* m = file->message_type(i);
      INFO(m->full_name());
      CHECK((m == aggregate->prototype->GetDescriptor() || seen.contains(m->full_name())));
    }
  }
}

TEST_CASE("every event begins with the key of its aggregate", "[schema]") {
  const auto all = shop();
  for (const auto& aggregate : all.aggregates())
    for (const auto& [name, event] : aggregate->events) {
      INFO(name);
      const auto* first = event.prototype->GetDescriptor()->FindFieldByNumber(1);
      REQUIRE(first != nullptr);
      CHECK(first->name() == aggregate->key->name());
    }
}

TEST_CASE("no published name or number ever changes", "[schema]") {
  const auto now = published(shop());
  std::ifstream golden(MALLBOTS_GOLDEN_SCHEMA);
  REQUIRE(golden);
  std::set<std::string> then;
  for (std::string line; std::getline(golden, line);) then.insert(line);
  for (const auto& line : then) {
    INFO("published, and gone or changed: " << line);
    CHECK(now.contains(line));
  }
  std::ofstream actual("schema.actual");
  for (const auto& line : now) actual << line << "\n";
  INFO("something new is published: review it, then copy schema.actual over schema.golden");
  CHECK(std::ranges::includes(then, now));
}

TEST_CASE("every rpc is answered by an aggregate or a view, and by one of them", "[schema]") {
  const auto all = shop();
  for (const auto* service : services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* rpc = service->method(i);
      INFO(rpc->full_name());
      const bool decided = all.find(rpc->input_type()).aggregate != nullptr;
      const bool listed = all.answering(rpc->input_type()) != nullptr;
      CHECK((decided != listed) != rpc->server_streaming()); // that is live events
    }
}
