#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <google/protobuf/util/json_util.h>

#include "gateway/transcode.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"

/// JSON to message and back, beside google::protobuf::util doing the same in the same run: what one
/// request pays for its two bodies. Best of rounds that take turns, on one thread.
namespace {

using namespace reenact::gateway;
namespace util = google::protobuf::util;

constexpr int rounds = 7;
constexpr auto round_time = std::chrono::milliseconds(60);

/// Nanoseconds of one call.
template <class Work>
double time_of(Work work) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  std::size_t calls = 0;
  do
    for (int i = 0; i < 16; ++i, ++calls) work();
  while (clock::now() - start < round_time);
  const std::chrono::duration<double, std::nano> took = clock::now() - start;
  return took.count() / static_cast<double>(calls);
}

void measure(const char* name, const any_message& message) {
  util::JsonPrintOptions defaults;
  defaults.always_print_primitive_fields = true;
  util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  std::string json, theirs;
  append_json(json, message);
  const std::unique_ptr<any_message> read(message.New());
  double in = 1e12, out = 1e12, util_in = 1e12, util_out = 1e12;
  for (int i = 0; i < rounds; ++i) {
    in = std::min(in, time_of([&] {
                    read->Clear();
                    if (read_json(json, *read)) std::abort();
                  }));
    util_in = std::min(util_in, time_of([&] {
                         read->Clear();
                         if (!util::JsonStringToMessage(json, read.get(), lenient).ok())
                           std::abort();
                       }));
    out = std::min(out, time_of([&] {
                     json.clear();
                     append_json(json, message);
                   }));
    util_out = std::min(util_out, time_of([&] {
                          theirs.clear();
                          if (!util::MessageToJsonString(message, &theirs, defaults).ok())
                            std::abort();
                        }));
  }
  std::printf("%-26s %6zu %9.0f %9.0f %7.1f %9.0f %9.0f %7.1f\n", name, json.size(), in, util_in,
              util_in / in, out, util_out, util_out / out);
}

} // namespace

int main() {
  customerspb::RegisterCustomerRequest request;
  request.set_name("Zoë Müller");
  request.set_sms_number("+49 170 1234567");

  customerspb::GetCustomerResponse customer;
  customer.mutable_customer()->set_id("5f0c3e9a-6f0e-4a53-9d0f-2f8d3c1b7a11");
  customer.mutable_customer()->set_name(request.name());
  customer.mutable_customer()->set_sms_number(request.sms_number());
  customer.mutable_customer()->set_enabled(true);

  storespb::GetCatalogResponse catalog;
  for (int i = 0; i < 50; ++i) {
    auto* p = catalog.add_products();
    p->set_id("5f0c3e9a-6f0e-4a53-9d0f-2f8d3c1b7a" + std::to_string(10 + i));
    p->set_store_id("0b2c8f1e-1d3a-4f6b-8c5d-7e9f0a1b2c3d");
    p->set_name("Product " + std::to_string(i));
    p->set_description("What a customer reads before putting it into the basket");
    p->set_sku("SKU-" + std::to_string(1000 + i));
    p->set_price(0.99 + i);
  }

  std::printf("%-26s %6s %9s %9s %7s %9s %9s %7s\n", "ns a message", "bytes", "in", "util in",
              "ratio", "out", "util out", "ratio");
  measure("RegisterCustomerRequest", request);
  measure("GetCustomerResponse", customer);
  measure("GetCatalogResponse, 50", catalog);
}
