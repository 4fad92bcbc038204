#include <ostream>
#include <string>
#include <unordered_map>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "messages/model/record.pb.h"
#include "tools/journal/inspection.hpp"
#include "tools/journal/progress.hpp"

namespace reenact::tools {
namespace {

/// One pass over one shard's log: what the next record must look like, and what was wrong.
class shard_check {
public:
  shard_check(persistence::shard_id shard, std::uint32_t shards, std::vector<std::string>& wrong)
    : shard_(shard),
      shards_(shards),
      wrong_(wrong) {}

  void see(const persistence::stored& at) {
    if (at.sequence != sequence_ + 1) complain(at, "follows " + std::to_string(sequence_));
    if (at.stamp < stamp_) complain(at, "is stamped earlier than the record before it");
    if (persistence::shard_of(at.entity, shards_) != shard_) complain(at, "is of another shard");
    auto& version = versions_[std::string(at.type) + "/" + std::string(at.entity)];
    if (at.version != version + 1)
      complain(at,
               "is version " + std::to_string(at.version) + " after " + std::to_string(version));
    version = at.version;
    sequence_ = at.sequence;
    stamp_ = at.stamp;
    check_content(at);
  }

  void end(persistence::sequence_t log_end, const persistence::status& how) {
    if (!how)
      wrong_.push_back("shard " + std::to_string(shard_) + ": " + how.error().text);
    else if (sequence_ != log_end)
      wrong_.push_back("shard " + std::to_string(shard_) + " ends at " + std::to_string(sequence_) +
                       ", not at " + std::to_string(log_end));
  }

  std::size_t streams() const { return versions_.size(); }

private:
  void check_content(const persistence::stored& at) {
    ::model::Record record;
    if (!record.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())))
      return complain(at, "cannot be decoded");
    if (!record.type().empty() &&
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(record.type()) ==
            nullptr)
      complain(at, "is of type " + record.type() + ", which this program does not know");
  }

  void complain(const persistence::stored& at, const std::string& what) {
    wrong_.push_back("shard " + std::to_string(shard_) + ", record " + std::to_string(at.sequence) +
                     " (" + std::string(at.type) + "/" + std::string(at.entity) + ") " + what);
  }

  const persistence::shard_id shard_;
  const std::uint32_t shards_;
  std::vector<std::string>& wrong_;
  persistence::sequence_t sequence_ = 0;
  persistence::stamp_t stamp_ = 0;
  std::unordered_map<std::string, persistence::version_t> versions_;
};

struct findings {
  std::vector<std::string> wrong;
  std::uint64_t records = 0;
  std::uint64_t streams = 0;
};

findings read_all(const persistence::journal& of) {
  findings found;
  const auto shards = of.about().shards;
  const auto ends = of.log_ends();
  progress said(shards);
  for (persistence::shard_id shard = 0; shard < shards; ++shard) {
    said.shard(shard);
    shard_check check(shard, shards, found.wrong);
    const auto how = of.read_log(shard, 1, ends[shard], [&](const persistence::stored& at) {
      said.record();
      ++found.records;
      check.see(at);
      return true;
    });
    check.end(ends[shard], how);
    found.streams += check.streams();
  }
  return found;
}

} // namespace

exit_code verify(const persistence::journal& of, output as, std::ostream& to) {
  const auto found = read_all(of);
  const bool sound = found.wrong.empty();
  if (as == output::json) {
    boost::json::array wrong(found.wrong.begin(), found.wrong.end());
    to << boost::json::serialize(boost::json::object{{"sound", sound},
                                                     {"records", found.records},
                                                     {"streams", found.streams},
                                                     {"wrong", std::move(wrong)}})
       << "\n";
  } else {
    for (const auto& line : found.wrong) to << line << "\n";
    to << (sound ? "sound: " : "damaged: ") << found.records << " records of " << found.streams
       << " streams in " << of.about().shards << " shards\n";
  }
  return sound ? exit_code::ok : exit_code::damaged;
}

} // namespace reenact::tools
