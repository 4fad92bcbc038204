#include "actors/runtime/projector.hpp"

#include <filesystem>
#include <map>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/runtime/views_stage.hpp"

using namespace reenact::tests;
using namespace mallbots::stores;
using ids = std::vector<std::string>;

namespace {

/// Counts what reaches it; throws when told to. Its rows are shelves: one a store.
struct counted {
  static constexpr auto name = "counted";
  using row = Store;
  using events = reenact::model::types<StoreCreated, StoreRebranded>;
  using queries = reenact::model::types<>;
  static inline bool broken = false;

  static void evolve(Store& r, const StoreCreated&) { r.set_location(r.location() + "c"); }
  static void evolve(Store& r, const StoreRebranded& e) {
    if (broken) throw std::runtime_error("no such brand");
    if (e.name() == "42") throw 42;
    r.set_location(r.location() + "r");
  }
};

/// Products, with the name of their store in the description: an event of a store reaches all of
/// them.
struct shelf {
  static constexpr auto name = "shelf";
  using row = Product;
  using events = reenact::model::types<ProductAdded, StoreRebranded>;
  using removed_by = reenact::model::types<ProductRemoved>;
  using queries = reenact::model::types<storespb::GetCatalogRequest>;

  static reenact::messages::filter select(const storespb::GetCatalogRequest& q) {
    return reenact::messages::filter().equals("store_id", q.store_id());
  }
  static void evolve(Product& r, const ProductAdded& e, const reenact::model::record_info& i) {
    reenact::messages::assign(r, e);
    r.set_price(static_cast<std::int64_t>(i.sequence));
  }
  static void evolve(Product& r, const StoreRebranded& e) { r.set_description(e.name()); }
};

void install_counted(reenact::model::registry& node) {
  mallbots::install(node);
  node.view<counted>();
}

void install_shelf(reenact::model::registry& node) { node.view<shelf>(); }

/// Rows of a view as the file has them, by key.
std::map<std::string, std::string> table(views_stage& s, const reenact::model::view_type& of) {
  auto reader = reenact::persistence::view_reader::open(s.options.path);
  REQUIRE(reader);
  const auto page = (*reader)->read(s.views->schema(of), {});
  REQUIRE(page);
  std::map<std::string, std::string> rows;
  for (const auto& bytes : page->rows) {
    std::unique_ptr<any_message> row(of.prototype->New());
    REQUIRE(row->ParseFromString(bytes));
    rows[row->GetReflection()->GetString(*row, of.key)] = row->ShortDebugString();
  }
  return rows;
}

const reenact::model::view_type& view(views_stage& s, const std::string& name) {
  for (const auto& v : s.types.views())
    if (v->name == name) return *v;
  throw std::logic_error("no view " + name);
}

} // namespace

TEST_CASE("rows evolve as their aggregate does, and go with it", "[projector]") {
  views_stage s;
  s.open_store("s-1");
  s.append("stores.Store", "s-1", pb<StoreRebranded>("store_id: 's-1' name: 'new'"));
  s.append("stores.Product", "p-1", pb<ProductAdded>("product_id: 'p-1' store_id: 's-1'"));
  s.append("stores.Product", "p-2", pb<ProductAdded>("product_id: 'p-2' store_id: 's-1'"));
  s.project();
  CHECK(table(s, view(s, "stores.mall")) ==
        std::map<std::string, std::string>{{"s-1", "store_id: \"s-1\" name: \"new\""}});
  s.append("stores.Product", "p-1", pb<ProductRemoved>("product_id: 'p-1'"));
  s.project();
  CHECK(table(s, view(s, "stores.catalog")).size() == 1);
}

TEST_CASE("a note and an event of no interest are passed by", "[projector]") {
  views_stage s;
  s.open_store("s-1");
  ::model::Record note;
  note.mutable_metadata()->set_command_id("c");
  s.append("stores.Store", "s-1", note.SerializeAsString());
  s.append("customers.Customer", "c-1", pb<Store>());
  s.project();
  CHECK(s.progress("stores.mall").events_behind == 0);
  CHECK(table(s, view(s, "stores.mall")).size() == 1);
}

TEST_CASE("each event counts once, fed or read, through restarts and batches of any size",
          "[projector]") {
  const auto events_max = GENERATE(1, 3, 1'000);
  const auto feed_each = GENERATE(0, 1, 2);
  views_stage s(install_counted,
                [&](auto& o) { o.batch_events_max = static_cast<std::size_t>(events_max); });
  s.feed_each = static_cast<reenact::persistence::sequence_t>(feed_each);
  std::map<std::string, std::string> expected;
  const auto opened = [&](int n) {
    const auto id = "s-" + std::to_string(n);
    s.open_store(id);
    expected[id] = "store_id: \"" + id + "\" location: \"c\"";
  };
  const auto rebranded = [&](int n) {
    const auto id = "s-" + std::to_string(n);
    s.append("stores.Store", id, pb<StoreRebranded>("store_id: '" + id + "'"));
    expected[id].insert(expected[id].size() - 1, "r");
  };
  for (int n = 0; n < 20; ++n) opened(n);
  s.views->step();
  s.restart(); // in the middle of the first filling
  for (int n = 0; n < 20; ++n) rebranded(n % 7);
  s.project();
  s.restart();
  for (int n = 0; n < 20; ++n) rebranded(n % 5);
  s.project();
  CHECK(table(s, view(s, "counted")) == expected);
  REQUIRE(s.views->rebuild("counted"));
  s.project();
  CHECK(table(s, view(s, "counted")) == expected);
}

TEST_CASE("a list is in order of creation over all shards, and the same after a rebuild",
          "[projector]") {
  views_stage s;
  ids opened;
  for (int n = 0; n < 50; ++n) {
    opened.push_back("s-" + std::to_string(n));
    s.open_store(opened.back());
    if (n % 20 == 0) s.project();
  }
  const auto first = s.ask();
  s.settle();
  REQUIRE(first->stores().size() == 50);
  REQUIRE(s.views->rebuild("stores.mall"));
  const auto again = s.ask();
  s.settle();
  CHECK(again->stores() == first->stores());
}

TEST_CASE("an event with a foreign key reaches every row that shares it", "[projector]") {
  views_stage s(install_shelf);
  const auto add = [&](const std::string& id, const std::string& store) {
    s.append("stores.Product", id,
             pb<ProductAdded>("product_id: '" + id + "' store_id: '" + store + "'"));
  };
  add("p-1", "s-1");
  add("p-2", "s-2");
  s.project(); // these are in the table, the next one in the same batch as the event
  s.restart();
  add("p-3", "s-1");
  s.append("stores.Store", "s-1", pb<StoreRebranded>("store_id: 's-1' name: 'ours'"));
  s.append("stores.Product", "p-2", pb<ProductRemoved>("product_id: 'p-2'"));
  s.project();
  const auto rows = table(s, view(s, "shelf"));
  REQUIRE(rows.size() == 2);
  CHECK(rows.at("p-1").find("ours") != std::string::npos);
  CHECK(rows.at("p-1").find("price") != std::string::npos); // of the record's place
  CHECK(rows.contains("p-3"));
}

TEST_CASE("a view whose module throws stops alone, and goes on when it is let", "[projector]") {
  views_stage s(install_counted);
  s.open_store("s-1");
  s.project();
  counted::broken = true;
  s.append("stores.Store", "s-1", pb<StoreRebranded>("store_id: 's-1' name: 'x'"));
  s.project();
  CHECK(s.progress("counted").stopped.find("no such brand") != std::string::npos);
  CHECK(s.progress("counted").events_behind == 1);
  CHECK(s.progress("stores.mall").events_behind == 0);
  counted::broken = false;
  REQUIRE(s.views->restart("counted"));
  s.project();
  CHECK(s.progress("counted").stopped.empty());
  CHECK(table(s, view(s, "counted")).at("s-1").find("\"cr\"") != std::string::npos);
}

TEST_CASE("what a view takes of another module is received, unless it is read to fill it",
          "[projector]") {
  views_stage s(install_counted);
  s.open_store("s-1");
  const message_counts counts(s.types);
  s.options.counts = &counts;
  s.restart();
  s.project(); // the first store fills the view
  const auto& opened = counts.all_received().at({"", "storesapi.StoreCreated"});
  CHECK(opened.handled.now().all() == 0);
  s.open_store("s-2");
  s.project();
  CHECK(opened.handled.now().all() == 1);
  REQUIRE(s.views->rebuild("counted"));
  s.project();
  CHECK(opened.handled.now().all() == 1);
  const auto& rebranded = counts.all_received().at({"", "storesapi.StoreRebranded"});
  StoreRebranded odd;
  odd.set_store_id("s-1");
  odd.set_name("42");
  s.append("stores.Store", "s-1", odd);
  s.project();
  CHECK(rebranded.handled.now().all() == 0);
  CHECK(rebranded.failed.now().all() == 1);
}

TEST_CASE("a view stops alone whatever its module throws", "[projector]") {
  views_stage s(install_counted);
  s.open_store("s-1");
  s.append("stores.Store", "s-1", pb<StoreRebranded>("store_id: 's-1' name: '42'"));
  s.project();
  CHECK_FALSE(s.progress("counted").stopped.empty());
  CHECK(s.progress("stores.mall").events_behind == 0);
}

TEST_CASE("bytes that are no event stop the views that wanted it, and say where", "[projector]") {
  views_stage s;
  ::model::Record r;
  r.set_type("mallbots.stores.StoreCreated");
  r.set_payload("\xff\xff");
  s.append("stores.Store", "s-1", r.SerializeAsString());
  const auto waiting = s.ask();
  s.project();
  CHECK(s.progress("stores.mall").stopped.find("record 1 of shard") == 0);
  CHECK(s.progress("stores.catalog").stopped.empty());
  CHECK(waiting->unavailable());
  CHECK(s.ask()->unavailable()); // at once
}

TEST_CASE("a log that is damaged stops who reads it, and the place is told", "[projector]") {
  std::string told;
  views_stage s(mallbots::install, [&](auto& o) {
    o.unread = [&](const auto& place, const auto& why) { told = place + ": " + why.text; };
  });
  s.open_store("s-1");
  s.journal->reading_fails = [] { return true; };
  using reenact::persistence::failure;
  s.journal->read_failure = {failure::kind::corrupt, "a bad block in 7.sst"};
  s.project();
  CHECK(s.progress("stores.mall").stopped == "a bad block in 7.sst");
  CHECK(s.ask()->text == "view stores.mall has stopped");
  const auto shard = reenact::persistence::shard_of("s-1", s.journal->about().shards);
  CHECK(told == "the log of shard " + std::to_string(shard) + ": a bad block in 7.sst");
}

TEST_CASE("a rebuild goes on aside while the rows there are stay current", "[projector]") {
  views_stage s(mallbots::install, [](auto& o) { o.batch_events_max = 4; });
  for (int n = 0; n < 100; ++n) s.open_store("s-" + std::to_string(n));
  s.project();
  REQUIRE(s.views->rebuild("stores.mall"));
  s.views->step();
  s.open_store("new");
  const auto seen = s.ask();
  s.views->step();
  s.views->step();
  s.readers.step();
  CHECK(seen->stores().size() == 101);
  s.project();
  CHECK(table(s, view(s, "stores.mall")).size() == 101);
  CHECK_FALSE(s.views->rebuild("nothing"));
}

TEST_CASE("a file that fails turns queries away, and is opened again in time", "[projector]") {
  views_stage s(mallbots::install, [](auto& o) { o.path += "/not/there/yet"; });
  s.open_store("s-1");
  const auto early = s.ask();
  CHECK_FALSE(s.views->step());
  CHECK(early->unavailable());
  CHECK(s.ask()->unavailable());
  std::filesystem::create_directories(std::filesystem::path(s.options.path).parent_path());
  s.pass(s.options.retry.first);
  s.views->step();
  const auto seen = s.ask();
  s.settle();
  CHECK(seen->stores() == ids{"s-1"});
}

TEST_CASE(
    "whatever else throws turns queries away, for a while, and no row is lost or counted twice",
    "[projector]") {
  views_stage s(install_counted);
  s.open_store("s-1");
  s.project();
  s.append("stores.Store", "s-1", pb<StoreRebranded>("store_id: 's-1' name: 'x'"));
  const auto early = s.ask();
  int read = 0;
  s.journal->reading_fails = [&]() -> bool {
    ++read;
    throw std::runtime_error("boom");
  };
  CHECK_FALSE(s.views->step());
  CHECK(early->unavailable());
  CHECK(early->text == "view stores.mall has stopped"); // why is for the operator
  CHECK(s.progress("stores.mall").stopped == "boom");
  s.views->wake(); // as the writer does: it is not tried again for that
  CHECK_FALSE(s.views->step());
  CHECK(read == 1);
  s.journal->reading_fails = nullptr;
  s.pass(s.options.retry.first);
  const auto seen = [&] {
    s.project();
    return s.ask();
  }();
  s.settle();
  CHECK(seen->stores() == ids{"s-1"});
  CHECK(table(s, view(s, "counted")).at("s-1").find("\"cr\"") != std::string::npos);
}

TEST_CASE("what the writer leaves is taken once, and let go over its bound", "[projector]") {
  log_feed feed;
  recent_records taken;
  const auto count = [&] {
    feed.take(taken);
    std::size_t n = 0;
    taken.each([&](const reenact::persistence::stored& at) {
      CHECK(at.version == 6 + n % 2);
      CHECK(at.sequence == 40 + n++ % 2);
      CHECK(at.type == "t");
      CHECK(at.entity == "e");
      return at.record.size() == 1'000'000;
    });
    return n;
  };
  const reenact::persistence::append two{
      .shard = 3,
      .writer = {},
      .type = "t",
      .entity = "e",
      .expected = 5,
      .records = {std::string(1'000'000, 'a'), std::string(1'000'000, 'b')}};
  const reenact::persistence::append* const group[] = {&two, &two};
  using reenact::persistence::outcome;
  const outcome outcomes[] = {{outcome::kind::appended, 7, 40, 1}, {outcome::kind::conflict}};
  feed.add(group, outcomes);
  feed.add(group, outcomes);
  CHECK(count() == 4);
  CHECK(count() == 0);
  for (int n = 0; n < 7; ++n) feed.add(group, outcomes);
  CHECK(count() == 4); // five passed the bound, and went when the sixth came
}
