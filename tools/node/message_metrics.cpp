#include "tools/node/message_metrics.hpp"

#include <limits>
#include <map>
#include <string>

namespace reenact::tools {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using runtime::latencies;

struct answered {
  latencies::seen handled, failed;
};
template <class Value>
using by_message = std::map<std::string, Value>;
template <class Value>
using by_module = std::map<std::string, by_message<Value>>;

constexpr auto all = "all";

ClientMetric labeled(const std::string& message) {
  ClientMetric m;
  m.label.push_back({"message", message});
  return m;
}
ClientMetric labeled(const std::string& message, bool handled) {
  auto m = labeled(message);
  m.label.push_back({"handled", handled ? "true" : "false"});
  return m;
}

MetricFamily sent(const std::string& module, const by_message<std::uint64_t>& messages) {
  MetricFamily f{module + "_sent_messages_count",
                 "The total number of messages sent by " + module,
                 MetricType::Counter,
                 {}};
  for (const auto& [message, count] : messages) {
    f.metric.push_back(labeled(message));
    f.metric.back().counter.value = static_cast<double>(count);
  }
  return f;
}

MetricFamily received(const std::string& module, const by_message<answered>& messages) {
  MetricFamily f{module + "_received_messages_count",
                 "The total number of messages received by " + module,
                 MetricType::Counter,
                 {}};
  const auto add = [&](const std::string& message, bool handled, const latencies::seen& of) {
    f.metric.push_back(labeled(message, handled));
    f.metric.back().counter.value = static_cast<double>(of.all());
  };
  for (const auto& [message, a] : messages) {
    add(message, true, a.handled);
    add(message, false, a.failed);
  }
  return f;
}

ClientMetric::Histogram histogram(const latencies::seen& of) {
  ClientMetric::Histogram h;
  for (std::size_t i = 0; i < of.counts.size(); ++i) {
    h.sample_count += of.counts[i];
    const bool bounded = i < latencies::bounds_s.size();
    h.bucket.push_back({h.sample_count, bounded ? latencies::bounds_s[i]
                                                : std::numeric_limits<double>::infinity()});
  }
  h.sample_sum = of.sum_s;
  return h;
}

MetricFamily latency(const std::string& module, const by_message<answered>& messages) {
  MetricFamily f{module + "_received_messages_latency_seconds",
                 "The latency of messages received by " + module,
                 MetricType::Histogram,
                 {}};
  const auto add = [&](const std::string& message, bool handled, const latencies::seen& of) {
    f.metric.push_back(labeled(message, handled));
    f.metric.back().histogram = histogram(of);
  };
  for (const auto& [message, a] : messages) {
    add(message, true, a.handled);
    add(message, false, a.failed);
  }
  return f;
}

} // namespace

std::vector<MetricFamily> families_of(const runtime::message_counts& counts) {
  by_module<std::uint64_t> out;
  by_module<answered> in;
  in["baskets"][all]; // it looks at stores and products itself, and is told nothing
  for (const auto& [as, count] : counts.all_sent()) {
    const auto n = count.load(std::memory_order_relaxed);
    out[as.first][as.second] = n;
    out[as.first][all] += n;
  }
  for (const auto& [as, message] : counts.all_received()) {
    const answered now{message.handled.now(), message.failed.now()};
    in[as.first][as.second] = now;
    in[as.first][all].handled += now.handled;
    in[as.first][all].failed += now.failed;
  }
  std::vector<MetricFamily> families;
  for (const auto& [module, messages] : out) families.push_back(sent(module, messages));
  for (const auto& [module, messages] : in) {
    families.push_back(received(module, messages));
    families.push_back(latency(module, messages));
  }
  return families;
}

} // namespace reenact::tools
