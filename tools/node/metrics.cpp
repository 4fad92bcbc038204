#include "tools/node/metrics.hpp"

#include <numeric>

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "actors/runtime/node.hpp"
#include "persistence/journal.hpp"

namespace reenact::tools {

using prometheus::Gauge;

struct metrics::series {
  series(const runtime::node& n, const persistence::journal& j) : node(n), journal(j) {
    gauge("reenact_build_info", "Always 1; the version is the label.",
          {{"version", MALLBOTS_VERSION}})
        .Set(1);
  }

  Gauge& gauge(const std::string& name, const std::string& help,
               const prometheus::Labels& labels = {}) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(all).Add(labels);
  }

  const runtime::node& node;
  const persistence::journal& journal;
  prometheus::Registry all;
  Gauge& ready = gauge("reenact_ready", "1 while the node takes requests.");
  Gauge& resident = gauge("reenact_entities_resident", "Entities in memory.");
  Gauge& unanswered = gauge("reenact_calls_unanswered", "Calls on their way to an answer.");
  Gauge& records = gauge("reenact_journal_records", "Durable records in all shards.");
  Gauge& healthy = gauge("reenact_journal_healthy", "0 once a write or sync has failed.");
};

metrics::metrics(const runtime::node& node, const persistence::journal& journal)
  : series_(std::make_unique<series>(node, journal)) {}

metrics::~metrics() = default;

std::string metrics::text() const {
  auto& s = *series_;
  const auto ends = s.journal.log_ends();
  s.ready.Set(s.node.ready().ready ? 1 : 0);
  s.resident.Set(static_cast<double>(s.node.resident()));
  s.unanswered.Set(static_cast<double>(s.node.unanswered()));
  s.records.Set(std::accumulate(ends.begin(), ends.end(), 0.0));
  s.healthy.Set(s.journal.health() ? 1 : 0);
  return prometheus::TextSerializer().Serialize(s.all.Collect());
}

} // namespace reenact::tools
