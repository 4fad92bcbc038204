#include "tests/system/node_metrics.hpp"

#include "tests/system/http_client.hpp"

namespace reenact::tests {

double metric(const node_process& node, const std::string& name) {
  const auto text = http_client(node.http).get("/metrics").body;
  double sum = 0;
  for (auto at = text.find("\n" + name); at != text.npos; at = text.find("\n" + name, at + 1)) {
    const auto end = text.find('\n', at + 1);
    const auto line = text.substr(at + 1, end - at - 1);
    const auto after = line[name.size()];
    if (after == ' ' || after == '{') sum += std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

void await_rest(const node_process& node) {
  for (;;) {
    const auto records = metric(node, "reenact_journal_records");
    if (metric(node, "reenact_policy_events_behind") + metric(node, "reenact_policy_pending") ==
            0 &&
        metric(node, "reenact_journal_records") == records)
      return;
  }
}

} // namespace reenact::tests
