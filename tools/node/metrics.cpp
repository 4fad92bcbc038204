#include "tools/node/metrics.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <numeric>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "actors/runtime/node.hpp"
#include "messages/schema.hpp"
#include "persistence/journal.hpp"
#include "tools/node/message_metrics.hpp"

namespace reenact::tools {

using prometheus::Counter;
using prometheus::Gauge;

struct metrics::series {
  series(const runtime::node& n, const persistence::journal& j) : node(n), journal(j) {
    gauge("reenact_build_info", "Always 1; the version is the label.",
          {{"version", MALLBOTS_VERSION}})
        .Set(1);
    count_commands();
  }

  /// Again the same one for the same name and labels.
  Gauge& gauge(const std::string& name, const std::string& help,
               const prometheus::Labels& labels = {}) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(all).Add(labels);
  }

  void show(const runtime::view_progress& v) {
    const prometheus::Labels of{{"view", v.name}};
    gauge("reenact_view_events_behind", "Durable records that the view has not seen.", of)
        .Set(static_cast<double>(v.events_behind));
    gauge("reenact_view_seconds_behind", "For how long the view has been behind.", of)
        .Set(v.seconds_behind);
    gauge("reenact_view_serving", "0 while the view is being filled.", of).Set(v.serving ? 1 : 0);
    gauge("reenact_view_stopped", "1 when the view met what it cannot take.", of)
        .Set(v.stopped.empty() ? 0 : 1);
  }

  void show(const runtime::policy_progress& p) {
    const prometheus::Labels of{{"policy", p.name}};
    const auto set = [&](const char* name, const char* help, double to) {
      gauge(name, help, of).Set(to);
    };
    set("reenact_policy_events_behind", "Durable records that the policy has not seen.",
        static_cast<double>(p.events_behind));
    set("reenact_policy_pending", "Events that it has seen, and that have not ended.",
        static_cast<double>(p.pending));
    set("reenact_policy_waiting", "Of these, those that are to be tried again.",
        static_cast<double>(p.waiting));
    set("reenact_policy_stalled_shards", "Shards in which too many wait to go on.",
        static_cast<double>(p.stalled_shards));
    set("reenact_policy_answered", "Commands that were accepted since the start.",
        static_cast<double>(p.answered));
    set("reenact_policy_refused", "Commands that were refused since the start.",
        static_cast<double>(p.refused));
    set("reenact_policy_dead_letters", "Events that it has given up on since the start.",
        static_cast<double>(p.dead));
  }

  /// One for each command of the shop, and the contract's own names for some of them.
  void count_commands() {
    auto& family = prometheus::BuildCounter()
                       .Name("reenact_commands_accepted_total")
                       .Help("Commands that were accepted and made durable, repeats left out.")
                       .Register(all);
    for (const auto* service : messages::services())
      for (int i = 0; i < service->method_count(); ++i) {
        const auto* rpc = service->method(i);
        const auto* hosted = node.hosted().find(rpc->input_type()).request;
        if (hosted == nullptr || hosted->decide == nullptr) continue; // only commands count
        commands.push_back({rpc->input_type(), &family.Add({{"rpc", rpc->full_name()}})});
        if (const auto own = messages::counter_of(rpc); !own.empty())
          commands.push_back({rpc->input_type(), &prometheus::BuildCounter()
                                                      .Name(std::string(own))
                                                      .Help("Accepted " + rpc->name() + ".")
                                                      .Register(all)
                                                      .Add({})});
      }
  }

  struct command {
    const messages::descriptor* request;
    Counter* count;
  };

  const runtime::node& node;
  const persistence::journal& journal;
  std::mutex mutex;
  prometheus::Registry all;
  std::vector<command> commands;
  Gauge& ready = gauge("reenact_ready", "1 while the node takes requests.");
  Gauge& resident = gauge("reenact_entities_resident", "Entities in memory.");
  Gauge& unanswered = gauge("reenact_calls_unanswered", "Calls on their way to an answer.");
  Gauge& records = gauge("reenact_journal_records", "Durable records in all shards.");
  Gauge& unreadable = gauge("reenact_journal_unreadable_places",
                            "Entities and logs that could not be read to their end.");
  Gauge& healthy = gauge("reenact_journal_healthy", "0 once a write or sync has failed.");
};

metrics::metrics(const runtime::node& node, const persistence::journal& journal)
  : series_(std::make_unique<series>(node, journal)) {}

metrics::~metrics() = default;

std::string metrics::text() const {
  auto& s = *series_;
  const std::lock_guard one(s.mutex); // two scrapes at once would count twice
  const auto ends = s.journal.log_ends();
  s.ready.Set(s.node.ready().ready ? 1 : 0);
  s.resident.Set(static_cast<double>(s.node.resident()));
  s.unanswered.Set(static_cast<double>(s.node.unanswered()));
  s.records.Set(std::accumulate(ends.begin(), ends.end(), 0.0));
  s.unreadable.Set(static_cast<double>(s.node.unread().places()));
  s.healthy.Set(s.journal.health() ? 1 : 0);
  for (const auto& v : s.node.views()) s.show(v);
  for (const auto& p : s.node.policies()) s.show(p);
  for (const auto& c : s.commands)
    c.count->Increment(static_cast<double>(s.node.accepted().of(c.request)) - c.count->Value());
  auto families = s.all.Collect();
  std::ranges::move(families_of(s.node.said()), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

} // namespace reenact::tools
