#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/make_counted.hpp>
#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/projector.hpp"
#include "actors/runtime/view_queries.hpp"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"
#include "tests/given.hpp"
#include "tests/persistence/temporary_directory.hpp"
#include "tests/runtime/unruly_journal.hpp"

/// A node's views without its actors: records go straight to the journal; projector, readers and
/// timers are stepped on the test's thread.
namespace reenact::tests {

using namespace reenact::runtime;
using model::any_message;

class set_clock final : public runtime::clock {
public:
  instant now() const override { return now_; }
  std::int64_t wall_us() const override { return now_.time_since_epoch().count() / 1'000; }
  void advance(duration by) { now_ += by; }

private:
  instant now_{std::chrono::hours(1)};
};

/// A query that comes home to the test.
class asked final : public query {
public:
  bool accepted() const { return times == 1 && what == answer::kind::accepted; }
  bool unavailable() const { return times == 1 && what == answer::kind::unavailable; }
  /// The ids of the stores that were answered.
  std::vector<std::string> stores() const {
    REQUIRE(accepted());
    std::vector<std::string> ids;
    for (const auto& bytes : rows) {
      mallbots::stores::Store s;
      REQUIRE(s.ParseFromString(bytes));
      ids.push_back(s.store_id());
    }
    return ids;
  }

  int times = 0;

private:
  void finished() noexcept override { ++times; }
};

class views_stage {
public:
  static constexpr std::uint32_t shards = 4;

  explicit views_stage(const std::function<void(model::registry&)>& install = mallbots::install,
                       const std::function<void(projector::options&)>& change = {}) {
    install(types);
    options.path = directory.path() + "/views.sqlite";
    options.boot_id = "boot";
    if (change) change(options);
    journal = std::make_unique<unruly_journal>(persistence::open_options{.shards = shards});
    for (persistence::shard_id s = 0; s < shards; ++s) tokens.push_back(*journal->claim(s, 1));
    begin();
  }

  /// Ends the projector, and begins a new one on the same journal and file.
  void restart() {
    queries.reset();
    views.reset();
    begin();
  }

  /// One event of a stream, durable when this returns.
  void append(const std::string& type, const std::string& entity, const any_message& event) {
    ::model::Record r;
    r.set_type(event.GetTypeName());
    r.set_payload(event.SerializeAsString());
    append(type, entity, r.SerializeAsString());
  }
  void append(const std::string& type, const std::string& entity, std::string record) {
    persistence::append a;
    a.shard = persistence::shard_of(entity, shards);
    a.writer = tokens[a.shard];
    a.type = type;
    a.entity = entity;
    a.expected = *journal->head({type, entity});
    a.records = {std::move(record)};
    const persistence::append* const group[] = {&a};
    const auto outcomes = journal->commit(group);
    REQUIRE(outcomes[0].what == persistence::outcome::kind::appended);
    if (feed_each != 0 && outcomes[0].first % feed_each == 0) views->feed().add(group, outcomes);
  }
  void open_store(const std::string& id) {
    mallbots::stores::StoreCreated e;
    e.set_store_id(id);
    e.set_name("name of " + id);
    append("stores.Store", id, e);
  }

  caf::intrusive_ptr<asked> ask(const any_message& request) {
    const auto* view = types.answering(request.GetDescriptor());
    auto q = caf::make_counted<asked>();
    q->view = view;
    q->unknown = view->unknown_to(request.GetDescriptor());
    q->which = std::get<messages::filter>(model::selection(*view, request));
    queries->ask(q);
    return q;
  }
  caf::intrusive_ptr<asked> ask() { return ask(storespb::GetStoresRequest()); }

  void project() {
    while (views->step()) {
    }
  }
  /// Projects and reads until nothing is left to do.
  void settle() {
    project();
    while (readers.step()) {
    }
  }
  void pass(duration by) {
    time.advance(by);
    clockwork.step();
  }
  view_progress progress(const std::string& view) {
    for (auto& p : views->progress())
      if (p.name == view) return p;
    FAIL("no view " << view);
    return {};
  }

  model::registry types;
  temporary_directory directory;
  projector::options options;
  set_clock time;
  timers clockwork{time};
  reader_pool readers{time, {}, view_queries::queue_max};
  std::unique_ptr<unruly_journal> journal;
  std::vector<persistence::token> tokens;
  /// How many records of a shard there are for one that the projector is fed; 0: it reads them all.
  persistence::sequence_t feed_each = 0;
  std::unique_ptr<projector> views;
  std::unique_ptr<view_queries> queries;

private:
  void begin() {
    views = std::make_unique<projector>(types, *journal, time, clockwork, options);
    queries = std::make_unique<view_queries>(*views, readers);
  }
};

} // namespace reenact::tests
