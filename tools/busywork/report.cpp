#include "tools/busywork/report.hpp"

#include <array>
#include <iomanip>
#include <ostream>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace reenact::tools::busywork {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::array<std::pair<const char*, double>, 4> percentiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}};

double a_second(std::uint64_t count, const result& of) {
  return of.took.count() > 0 ? static_cast<double>(count) / of.took.count() : 0;
}

bool passed(const result& of) { return of.seen.errors == 0 && of.found.different == 0; }

object json_of(const histogram& times) {
  object all{{"count", times.count()}};
  for (const auto& [name, part] : percentiles) all[name] = milliseconds_of(times.percentile(part));
  all["max"] = milliseconds_of(times.most());
  return all;
}

/// Calls one after the other, those that were made at all.
template <class Visit>
void each_call(const tally& seen, Visit visit) {
  for (std::size_t i = 0; i < calls; ++i)
    if (seen.latencies[i].count() > 0) visit(name_of(static_cast<call>(i)), seen.latencies[i]);
}

object json_of(const result& of) {
  const auto& seen = of.seen;
  object done, latencies;
  for (std::size_t i = 0; i < works; ++i) done[name_of(static_cast<work>(i))] = seen.done[i];
  each_call(seen, [&](const auto& name, const auto& times) { latencies[name] = json_of(times); });
  array errors;
  for (const auto& [what, count] : seen.errors_by_text)
    errors.push_back(object{{"kind", what.first}, {"text", what.second}, {"count", count}});
  const auto& found = of.found;
  return {{"passed", passed(of)},
          {"seed", of.how.seed},
          {"clients", of.how.clients},
          {"seconds", of.took.count()},
          {"requests", seen.requests},
          {"requestsPerSecond", a_second(seen.requests, of)},
          {"flows", seen.flows},
          {"flowsPerSecond", a_second(seen.flows, of)},
          {"works", std::move(done)},
          {"errors", seen.errors},
          {"errorsByText", std::move(errors)},
          {"pushedBack", seen.pushed_back},
          {"reconnected", seen.reconnected},
          {"checkoutToApprovedMs", json_of(seen.approvals)},
          {"latencyMs", std::move(latencies)},
          {"check", object{{"asked", found.asked},
                           {"different", found.different},
                           {"shown", array(found.shown.begin(), found.shown.end())}}}};
}

void row(const std::string& name, const histogram& times, std::ostream& to) {
  to << std::left << std::setw(46) << name << std::right << std::setw(9) << times.count();
  for (const auto& [ignored, part] : percentiles)
    to << std::setw(9) << milliseconds_of(times.percentile(part));
  to << std::setw(9) << milliseconds_of(times.most()) << "\n";
}

} // namespace

void summarize(const result& of, std::ostream& to) {
  const auto& seen = of.seen;
  to << std::fixed << std::setprecision(1) << of.how.clients << " clients, " << of.took.count()
     << " s, seed " << of.how.seed << "\n"
     << "requests     " << seen.requests << " (" << a_second(seen.requests, of) << "/s)\n"
     << "flows        " << seen.flows << " (" << a_second(seen.flows, of)
     << "/s), from basket to completed order\n"
     << "works        ";
  for (std::size_t i = 0; i < works; ++i)
    to << (i == 0 ? "" : ", ") << name_of(static_cast<work>(i)) << " " << seen.done[i];
  to << "\npushed back  " << seen.pushed_back << "\nreconnected  " << seen.reconnected
     << "\nerrors       " << seen.errors << "\n";
  for (const auto& [what, count] : seen.errors_by_text)
    to << "  " << count << " x " << what.first << ": " << what.second << "\n";
  to << "\n" << std::left << std::setw(46) << "milliseconds" << std::right;
  for (const auto* title : {"count", "p50", "p90", "p99", "p99.9", "max"})
    to << std::setw(9) << title;
  to << "\n";
  row("checkout to approved", seen.approvals, to);
  each_call(seen, [&](const auto& name, const auto& times) { row(name, times, to); });
  to << std::flush;
}

exit_code conclude(const result& of, std::ostream& to) {
  if (of.how.as == output::json) {
    to << boost::json::serialize(json_of(of)) << "\n";
  } else {
    to << "\ncheck        " << of.found.asked << " answers asked for again, " << of.found.different
       << " different\n";
    for (const auto& line : of.found.shown) to << "  " << line << "\n";
  }
  return passed(of) ? exit_code::ok : exit_code::failed;
}

} // namespace reenact::tools::busywork
