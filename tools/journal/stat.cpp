#include <algorithm>
#include <numeric>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/ids.hpp"
#include "tools/journal/inspection.hpp"

namespace reenact::tools {

exit_code stat(const persistence::journal& of, output as, std::ostream& to) {
  const auto& about = of.about();
  const auto ends = of.log_ends();
  const auto records = std::accumulate(ends.begin(), ends.end(), persistence::sequence_t{0});
  const auto [least, most] = std::minmax_element(ends.begin(), ends.end());
  const auto lineage = runtime::to_string(about.lineage);
  if (as == output::json) {
    boost::json::array log_ends(ends.begin(), ends.end());
    to << boost::json::serialize(boost::json::object{{"engine", about.engine},
                                                     {"durability", about.durability},
                                                     {"lineage", lineage},
                                                     {"shards", about.shards},
                                                     {"records", records},
                                                     {"logEnds", std::move(log_ends)}})
       << "\n";
    return exit_code::ok;
  }
  to << "engine      " << about.engine << "\n"
     << "durability  " << about.durability << "\n"
     << "lineage     " << lineage << "\n"
     << "shards      " << about.shards << "\n"
     << "records     " << records << ", " << *least << " to " << *most << " in a shard\n";
  return exit_code::ok;
}

} // namespace reenact::tools
