#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "messages/mallbots/customers/customer.pb.h"
#include "messages/model/record.pb.h"
#include "persistence/open.hpp"
#include "tools/journal/dump.hpp"

using namespace reenact::tools;
namespace persistence = reenact::persistence;
using Catch::Contains;

namespace {

std::string record_of(const google::protobuf::Message& event) {
  ::model::Record record;
  record.set_type(event.GetDescriptor()->full_name());
  record.set_payload(event.SerializeAsString());
  auto& about = *record.mutable_metadata();
  about.set_command_id(std::string(16, '\x11'));
  about.set_event_id(std::string(16, '\x22'));
  about.set_correlation_id(std::string(16, '\x33'));
  about.set_traceparent("00-1-2-01");
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

std::string dumped(const small_journal& all, const selection& which, output as = output::text) {
  const auto& journal = all.get();
  const record_source from{
      .ends = journal.log_ends(),
      .read_log = [&](auto shard, auto first,
                      const auto& visit) { return journal.read_log(shard, first, 1'000, visit); },
      .read_stream = [&](const auto& of,
                         const auto& visit) { return journal.read_stream(of, 1, visit); }};
  std::ostringstream to;
  CHECK(dump(from, which, as, to));
  return to.str();
}

template <class Found>
std::string reported(const Found& found, output as, exit_code expected) {
  std::ostringstream to;
  CHECK(report(found, as, to) == expected);
  return to.str();
}

auto lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

} // namespace

TEST_CASE("a dump shows records with their place and their event") {
  small_journal journal;
  journal.append("a", registered("Ada"));
  CHECK_THAT(dumped(journal, {}), Contains(" customers.Customer/a 1 ") &&
                                      Contains("mallbots.customers.CustomerRegistered {"
                                               "\"name\":\"Ada\"} by 11111111-1111"));
  const auto json = boost::json::parse(dumped(journal, {}, output::json));
  CHECK(json.at("event").at("name").as_string() == "Ada");
  CHECK(json.at("version").as_int64() == 1);
  CHECK(json.at("commandId").as_string() == "11111111-1111-1111-1111-111111111111");
  CHECK(json.at("eventId").as_string() == "22222222-2222-2222-2222-222222222222");
  CHECK(json.at("correlationId").as_string() == "33333333-3333-3333-3333-333333333333");
  CHECK(json.at("causationId").as_string().empty());
  CHECK(json.at("traceparent").as_string() == "00-1-2-01");
}

TEST_CASE("a dump shows by which command a note was left") {
  small_journal journal;
  ::model::Record note;
  note.mutable_handled()->set_command_id(std::string(16, '\x44'));
  journal.append("a", registered("Ada"));
  journal.append("a", note.SerializeAsString());
  CHECK_THAT(dumped(journal, {}), Contains(" 2 note by 44444444-4444"));
  CHECK_THAT(dumped(journal, {}, output::json),
             Contains(R"("commandId":"44444444-4444-4444-4444-444444444444")"));
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
  const std::string type = "customers.Customer";
  CHECK(lines(dumped(journal, {.type = type, .entity = "a", .shard = (shard + 1) % 4})) == 0);
  CHECK(lines(dumped(journal, {.type = type, .entity = "a", .from = 1'000})) == 0);
}

TEST_CASE("stat says who a journal is, how much is in it and whether it opens") {
  persistence::statistics found;
  found.who.engine = "rocksdb";
  found.events = 3;
  found.shards.resize(2);
  found.shards[1] = {.end = 3, .witnessed = 2, .last = 1'795'456'800'000'001, .owner = {4, 5}};
  CHECK_THAT(reported(found, output::text, exit_code::ok),
             Contains("events      3\n") && Contains("last event  2026-11-23T18:00:00.000001Z\n"));
  found.damage = "a bit has flipped";
  const auto json = boost::json::parse(reported(found, output::json, exit_code::damaged));
  CHECK(json.at("damage").as_string() == "a bit has flipped");
  CHECK(json.at("shards").at(1).at("end").as_int64() == 3);
}

TEST_CASE("verify repeats each complaint and ends with the code for damage") {
  persistence::verification found;
  found.events = 5;
  found.streams = 3;
  CHECK(reported(found, output::text, exit_code::ok) == "sound: 5 events of 3 streams\n");
  found.wrong = 1;
  found.complaints = {"shard 1 misses 7"};
  CHECK(reported(found, output::text, exit_code::damaged) ==
        "shard 1 misses 7\ndamaged: 5 events of 3 streams, 1 complaints\n");
  const auto json = boost::json::parse(reported(found, output::json, exit_code::damaged));
  CHECK_FALSE(json.at("sound").as_bool());
}

TEST_CASE("repair says what is lost before it does anything, and what it did") {
  persistence::repair_report found;
  CHECK_THAT(reported(found, output::text, exit_code::ok), Contains("nothing to repair"));
  found.damage = "the log is torn";
  found.shards = {{.readable = 7, .witnessed = 9}};
  found.short_of_witness = true;
  CHECK_THAT(reported(found, output::text, exit_code::damaged),
             Contains("shard 0: readable up to 7, but 9 was on the disk once") &&
                 Contains("acknowledged events are lost") && Contains("nothing was changed"));
  found.shards[0].witnessed = 0;
  CHECK_THAT(reported(found, output::text, exit_code::damaged),
             Contains("no witness tells") && !Contains("on the disk once"));
  found.done = true;
  CHECK_THAT(reported(found, output::text, exit_code::ok), Contains("repaired:"));
}
