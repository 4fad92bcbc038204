#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "messages/mallbots/customers/customer.pb.h"
#include "messages/model/record.pb.h"
#include "persistence/open.hpp"
#include "tools/journal/inspection.hpp"

using namespace reenact::tools;
namespace persistence = reenact::persistence;
using Catch::Contains;

namespace {

std::string record_of(const google::protobuf::Message& event) {
  ::model::Record record;
  record.set_type(event.GetDescriptor()->full_name());
  record.set_payload(event.SerializeAsString());
  record.mutable_metadata()->set_command_id(std::string(16, '\x11'));
  return record.SerializeAsString();
}

std::string registered(const std::string& name) {
  mallbots::customers::CustomerRegistered event;
  event.set_name(name);
  return record_of(event);
}

/// A journal of four shards in memory, written to as a node would.
class small_journal {
public:
  small_journal() : held_(std::move(*persistence::open("memory:", {.shards = 4}))) {}

  void append(const std::string& entity, const std::string& record) {
    const auto shard = persistence::shard_of(entity, 4);
    if (tokens_[shard].epoch == 0) tokens_[shard] = *held_->claim(shard, 1);
    const persistence::stream of{"customers.Customer", entity};
    const persistence::append what{.shard = shard,
                                   .writer = tokens_[shard],
                                   .type = of.type,
                                   .entity = of.entity,
                                   .expected = *held_->head(of),
                                   .records = {record}};
    const std::vector<const persistence::append*> group = {&what};
    REQUIRE(held_->commit(group)[0].what == persistence::outcome::kind::appended);
  }

  const persistence::journal& get() const { return *held_; }

private:
  std::unique_ptr<persistence::journal> held_;
  std::vector<persistence::token> tokens_{4};
};

std::string dumped(const small_journal& from, const selection& which, output as = output::text) {
  std::ostringstream to;
  CHECK(dump(from.get(), which, as, to) == exit_code::ok);
  return to.str();
}

auto lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

} // namespace

TEST_CASE("stat says who a journal is and how much is in it") {
  small_journal journal;
  for (const auto* id : {"a", "b", "c"}) journal.append(id, registered(id));
  std::ostringstream text, json;
  CHECK(stat(journal.get(), output::text, text) == exit_code::ok);
  CHECK_THAT(text.str(), Contains("engine      memory") && Contains("records     3, "));
  CHECK(stat(journal.get(), output::json, json) == exit_code::ok);
  const auto read = boost::json::parse(json.str());
  CHECK(read.at("records").as_int64() == 3);
  CHECK(read.at("logEnds").as_array().size() == 4);
}

TEST_CASE("a dump shows records with their place and their event") {
  small_journal journal;
  journal.append("a", registered("Ada"));
  CHECK_THAT(dumped(journal, {}), Contains(" customers.Customer/a 1 ") &&
                                      Contains("mallbots.customers.CustomerRegistered {"
                                               "\"name\":\"Ada\"}\n"));
  const auto json = boost::json::parse(dumped(journal, {}, output::json));
  CHECK(json.at("event").at("name").as_string() == "Ada");
  CHECK(json.at("version").as_int64() == 1);
  CHECK(json.at("commandId").as_string() == "11111111-1111-1111-1111-111111111111");
}

TEST_CASE("a dump can be narrowed to a stream, a shard, a beginning and a number") {
  small_journal journal;
  for (const auto* id : {"a", "b", "a", "c", "a"}) journal.append(id, registered(id));
  CHECK(lines(dumped(journal, {})) == 5);
  CHECK(lines(dumped(journal, {.type = "customers.Customer", .entity = "a"})) == 3);
  CHECK(lines(dumped(journal, {.entity = "b"})) == 1);
  CHECK(lines(dumped(journal, {.type = "stores.Store"})) == 0);
  CHECK(lines(dumped(journal, {.from = 1'000})) == 0);
  CHECK(lines(dumped(journal, {.most = 2})) == 2);
  const auto shard = persistence::shard_of("a", 4);
  CHECK(lines(dumped(journal, {.entity = "a", .shard = shard})) == 3);
  CHECK(lines(dumped(journal, {.entity = "a", .shard = (shard + 1) % 4})) == 0);
}

TEST_CASE("a sound journal is verified, one with records that nobody can read is not") {
  small_journal journal;
  for (const auto* id : {"a", "b", "a"}) journal.append(id, registered(id));
  std::ostringstream sound, damaged;
  CHECK(verify(journal.get(), output::text, sound) == exit_code::ok);
  CHECK(sound.str() == "sound: 3 records of 2 streams in 4 shards\n");

  journal.append("b", "\xff\xff no record");
  ::model::Record foreign;
  foreign.set_type("nowhere.Nothing");
  journal.append("c", foreign.SerializeAsString());
  CHECK(verify(journal.get(), output::text, damaged) == exit_code::damaged);
  CHECK_THAT(damaged.str(), Contains("(customers.Customer/b) cannot be decoded"));
  CHECK_THAT(damaged.str(), Contains("of type nowhere.Nothing, which this program does not know"));
  CHECK_THAT(damaged.str(), Contains("damaged: 5 records of 3 streams"));
}
