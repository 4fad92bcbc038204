#include "tools/journal/report.hpp"

#include <ostream>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/ids.hpp"
#include "tools/journal/stamp.hpp"

namespace reenact::tools {
namespace {

using boost::json::array;
using boost::json::object;

void line(std::ostream& to, const object& what) { to << boost::json::serialize(what) << "\n"; }

exit_code judge(bool sound) { return sound ? exit_code::ok : exit_code::damaged; }

} // namespace

exit_code report(const persistence::statistics& found, output as, std::ostream& to) {
  const auto lineage = runtime::to_string(found.who.lineage);
  persistence::stamp_t last = 0;
  array shards;
  for (const auto& s : found.shards) {
    last = std::max(last, s.last);
    shards.push_back(object{{"end", s.end},
                            {"witnessed", s.witnessed},
                            {"last", time_of(s.last)},
                            {"epoch", s.owner.epoch}});
  }
  if (as == output::json) {
    line(to, {{"engine", found.who.engine},
              {"durability", found.who.durability},
              {"lineage", lineage},
              {"events", found.events},
              {"bytes", found.bytes},
              {"last", time_of(last)},
              {"damage", found.damage},
              {"shards", std::move(shards)}});
    return judge(found.damage.empty());
  }
  to << "engine      " << found.who.engine << "\n"
     << "durability  " << found.who.durability << "\n"
     << "lineage     " << lineage << "\n"
     << "shards      " << found.shards.size() << "\n"
     << "events      " << found.events << "\n"
     << "bytes       " << found.bytes << "\n"
     << "last event  " << time_of(last) << "\n";
  if (!found.damage.empty()) to << "damage      " << found.damage << "\n";
  return judge(found.damage.empty());
}

exit_code report(const persistence::verification& found, output as, std::ostream& to) {
  const bool sound = found.wrong == 0;
  if (as == output::json) {
    line(to, {{"sound", sound},
              {"events", found.events},
              {"streams", found.streams},
              {"wrong", found.wrong},
              {"complaints", array(found.complaints.begin(), found.complaints.end())}});
    return judge(sound);
  }
  for (const auto& complaint : found.complaints) to << complaint << "\n";
  to << (sound ? "sound: " : "damaged: ") << found.events << " events of " << found.streams
     << " streams";
  if (!sound) to << ", " << found.wrong << " complaints";
  to << "\n";
  return judge(sound);
}

exit_code report(const persistence::repair_report& found, output as, std::ostream& to) {
  const bool sound = found.damage.empty() || found.done;
  if (as == output::json) {
    array shards;
    for (const auto& s : found.shards)
      shards.push_back(object{{"readable", s.readable}, {"witnessed", s.witnessed}});
    line(to, {{"damage", found.damage},
              {"done", found.done},
              {"shortOfWitness", found.short_of_witness},
              {"lineageBefore", runtime::to_string(found.lineage_before)},
              {"lineageAfter", runtime::to_string(found.lineage_after)},
              {"shards", std::move(shards)}});
    return judge(sound);
  }
  if (found.damage.empty()) {
    to << "nothing to repair: the journal opens. Its tables were not read through, which `mallbots "
          "journal verify` does\n";
    return exit_code::ok;
  }
  to << found.damage << "\n";
  bool lost = false;
  for (std::size_t i = 0; i < found.shards.size(); ++i)
    if (found.shards[i].readable < found.shards[i].witnessed) {
      lost = true;
      to << "shard " << i << ": readable up to " << found.shards[i].readable << ", but "
         << found.shards[i].witnessed << " was on the disk once\n";
    }
  to << (lost ? "acknowledged events are lost, so the journal gets a new lineage: restore a backup "
                "instead, if there is one\n"
         : found.short_of_witness
             ? "no witness tells whether acknowledged events are lost, so the journal gets a new "
               "lineage\n"
             : "every log reaches its witness; whether events of the last second before the end "
               "are lost cannot be known\n");
  to << (found.done ? "repaired: what could be read is kept, the rest is dropped\n"
                    : "nothing was changed; `mallbots journal repair --apply` keeps what can be "
                      "read and drops the rest, for good\n");
  return judge(sound);
}

} // namespace reenact::tools
