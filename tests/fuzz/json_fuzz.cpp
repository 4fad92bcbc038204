#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>

#include "gateway/transcode.hpp"

/// Bodies from strangers against every request of the API: whatever is accepted must come out as
/// JSON that reads back as the same message.
namespace {

using reenact::gateway::any_message;

std::vector<const any_message*> all_requests() {
  std::vector<const any_message*> requests;
  for (const auto& route : reenact::messages::routes())
    requests.push_back(google::protobuf::MessageFactory::generated_factory()->GetPrototype(
        route.rpc->input_type()));
  return requests;
}

std::string json_of(const any_message& message) {
  std::string json;
  reenact::gateway::append_json(json, message);
  return json;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto requests = all_requests();
  if (size == 0) return 0;
  const auto* prototype = requests[data[0] % requests.size()];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::unique_ptr<any_message> request(prototype->New());
  if (reenact::gateway::read_json(body, *request)) return 0;
  const auto json = json_of(*request);
  const std::unique_ptr<any_message> again(prototype->New());
  const auto refused = reenact::gateway::read_json(json, *again);
  GOOGLE_CHECK(!refused) << refused->text << " in " << json;
  GOOGLE_CHECK_EQ(json, json_of(*again));
  return 0;
}
