#include "actors/runtime/view_queries.hpp"

#include <condition_variable>
#include <mutex>

#include <caf/make_counted.hpp>
#include <catch2/catch.hpp>

#include "messages/mallbots/ordering/order.pb.h"
#include "messages/mallbots/search/api.pb.h"
#include "messages/mallbots/search/orders.pb.h"
#include "tests/runtime/views_stage.hpp"

using namespace reenact::tests;
using namespace mallbots::stores;
using mallbots::ordering::OrderCreated;
using ids = std::vector<std::string>;
using storespb::GetParticipatingStoresRequest;
using storespb::GetStoresRequest;

TEST_CASE("a query waits for the projection and sees what was acknowledged", "[queries]") {
  views_stage s;
  s.settle();
  s.open_store("s-1");
  const auto waits = s.ask(); // the projection is held back
  CHECK(waits->times == 0);
  s.settle();
  CHECK(waits->stores() == ids{"s-1"});
  const auto current = s.ask(); // no step of the projector needed
  s.readers.step();
  CHECK(current->stores() == ids{"s-1"});
}

TEST_CASE("past its patience a query is turned away with the lag, never answered stale",
          "[queries]") {
  views_stage s;
  s.settle();
  s.open_store("s-1");
  const auto first = s.ask();
  s.pass(std::chrono::seconds(1));
  const auto second = s.ask();
  s.pass(std::chrono::milliseconds(999));
  CHECK(first->times == 0);
  s.pass(std::chrono::milliseconds(1));
  REQUIRE(first->unavailable());
  CHECK(first->text == "view stores.mall is 1 events and 2000 ms behind");
  CHECK(second->times == 0);
  s.pass(std::chrono::seconds(1));
  CHECK(second->unavailable());
  const auto third = s.ask();
  s.settle();
  CHECK(third->stores() == ids{"s-1"});
  CHECK(s.progress("stores.mall").seconds_behind == 0);
}

TEST_CASE("a query waits for its own view only, and for what was there when it came", "[queries]") {
  views_stage s(mallbots::install, [](auto& o) { o.batch_events_max = 1; });
  s.settle();
  for (int n = 0; n < 20; ++n) s.open_store("s-" + std::to_string(n));
  const auto waits = s.ask();
  for (int n = 0; n < 3; ++n) s.views->step();
  CHECK(waits->times == 0);
  s.project();
  s.open_store("later"); // not projected, not waited for
  s.readers.step();
  CHECK(waits->stores().size() == 20);
}

TEST_CASE("no more wait than may, and no more are queued than may", "[queries]") {
  views_stage s(mallbots::install, [](auto& o) { o.barrier.waiting_max = 3; });
  s.settle();
  s.open_store("s-1");
  std::vector<caf::intrusive_ptr<asked>> all;
  for (int n = 0; n < 4; ++n) all.push_back(s.ask());
  CHECK(all[3]->unavailable());
  s.settle();
  for (int n = 0; n < 3; ++n) CHECK(all[static_cast<std::size_t>(n)]->accepted());

  all.clear();
  for (std::size_t n = 0; n <= view_queries::queue_max; ++n) all.push_back(s.ask());
  CHECK(all.back()->unavailable());
  s.settle();
  CHECK(all.front()->accepted());
}

TEST_CASE("an answer comes in pages, the first behind the barrier", "[queries]") {
  views_stage s;
  constexpr std::size_t stores = view_queries::page_rows + 7;
  for (std::size_t n = 0; n < stores; ++n) s.open_store("s-" + std::to_string(n));
  const auto two = s.ask(pb<GetStoresRequest>("limit: 2"));
  s.settle();
  REQUIRE(two->stores().size() == 2);
  const auto third = s.ask(pb<GetStoresRequest>("limit: 1 next: '" + two->next + "'"));
  s.settle();
  CHECK(third->stores().size() == 1);
  CHECK(third->stores() != two->stores());

  const auto whole = s.ask();
  s.settle();
  CHECK(whole->stores().size() == view_queries::page_rows);
  REQUIRE_FALSE(whole->next.empty());
  whole->which.after = whole->next;
  whole->barrier = false;
  whole->times = 0;
  s.open_store("not projected, not waited for");
  s.queries->ask(whole);
  s.readers.step();
  CHECK(whole->stores().size() == 7);
  CHECK(whole->next.empty());
}

TEST_CASE("a filter selects, and a bad next is refused", "[queries]") {
  views_stage s;
  s.open_store("s-1");
  s.open_store("s-2");
  s.append("stores.Store", "s-2",
           pb<StoreParticipationEnabled>("store_id: 's-2' participating: true"));
  const auto some = s.ask(GetParticipatingStoresRequest());
  const auto bad = s.ask(pb<GetStoresRequest>("next: 'x'"));
  const auto none = s.ask(pb<storespb::GetCatalogRequest>("store_id: 'nobody'"));
  s.settle();
  CHECK(some->stores() == ids{"s-2"});
  CHECK(bad->what == answer::kind::rejected);
  CHECK(none->accepted());
  CHECK(none->rows.empty());
}

TEST_CASE("a row that has to be there is found behind the barrier, or refused", "[queries]") {
  views_stage s;
  s.settle();
  s.append("ordering.Order", "o-1", pb<OrderCreated>("order_id: 'o-1'"));
  const auto found = s.ask(pb<searchpb::GetOrderRequest>("id: 'o-1'"));
  const auto none = s.ask(pb<searchpb::GetOrderRequest>("id: 'o-2'"));
  CHECK(found->times == 0);
  s.settle();
  REQUIRE(found->accepted());
  CHECK(found->rows.size() == 1);
  CHECK(none->times == 1);
  CHECK(none->what == answer::kind::rejected);
  CHECK(none->code == 5);
  CHECK(none->text == "order not found");
}

TEST_CASE("a list is in order of the times that its view tells", "[queries]") {
  views_stage s;
  for (const auto* second : {"3", "1", "2"})
    s.append("ordering.Order", second,
             pb<OrderCreated>("order_id: '" + std::string(second) +
                              "' created_at { seconds: " + second + " }"));
  s.append("ordering.Order", "1", pb<mallbots::ordering::OrderApproved>("order_id: '1'"));
  const auto all = s.ask(searchpb::SearchOrdersRequest());
  s.settle();
  REQUIRE(all->accepted());
  ids listed;
  for (const auto& bytes : all->rows) {
    mallbots::search::Order o;
    REQUIRE(o.ParseFromString(bytes));
    listed.push_back(o.order_id());
  }
  CHECK(listed == ids{"3", "2", "1"});
}

TEST_CASE("whoever is asked when the node ends is answered", "[queries]") {
  caf::intrusive_ptr<asked> waiting, queued;
  {
    views_stage s;
    s.settle();
    queued = s.ask();
    s.open_store("s-1");
    waiting = s.ask();
    s.readers.stop();
    s.views->stop();
  }
  CHECK(waiting->unavailable());
  CHECK(queued->unavailable());
}

namespace {

/// A query that a thread waits for.
class awaited final : public query {
public:
  void await() {
    std::unique_lock lock(mutex_);
    REQUIRE(wake_.wait_for(lock, std::chrono::seconds(30), [&] { return home_; }));
  }

private:
  void finished() noexcept override {
    std::lock_guard lock(mutex_);
    home_ = true;
    wake_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool home_ = false;
};

} // namespace

TEST_CASE("on real threads every query sees the write before it", "[queries]") {
  views_stage s;
  s.views->start();
  s.readers.start(2);
  for (std::size_t n = 0; n < 200; ++n) {
    s.open_store("s-" + std::to_string(n));
    s.views->wake();
    auto q = caf::make_counted<awaited>();
    q->view = s.types.answering(GetStoresRequest::descriptor());
    s.queries->ask(q);
    q->await();
    REQUIRE(q->rows.size() == n + 1);
  }
  s.readers.stop();
  s.views->stop();
}
