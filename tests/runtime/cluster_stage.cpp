#include "tests/runtime/cluster_stage.hpp"

#include <algorithm>

namespace reenact::tests {
namespace {

caf::actor_system_config& on_this_thread(caf::actor_system_config& c) {
  c.set("scheduler.policy", caf::atom("testing"));
  return c;
}

persistence::member named(const surroundings& here) {
  return {.incarnation = here.tokens.incarnation(), .name = "node", .roles = "gateway,entities"};
}

} // namespace

// -- network ----------------------------------------------------------------------

bool network::step(std::uint64_t which) {
  if (connect()) return true;
  std::vector<ends> full;
  for (const auto& [wire, held] : wires_)
    if (!held.empty() && plugs_.contains(wire.second) && !silent_.contains(wire.second))
      full.push_back(wire);
  if (full.empty()) return false;
  const auto wire = full[which % full.size()];
  const auto envelope = std::move(wires_[wire].front());
  wires_[wire].pop_front();
  plugs_.at(wire.second)->to_.received(wire.first, envelope);
  return true;
}

bool network::connect() {
  for (const auto& [a, one] : plugs_)
    for (const auto b : one->wanted_) {
      const auto other = plugs_.find(b);
      if (other == plugs_.end() || !other->second->wanted_.contains(a)) continue;
      if (silent_.contains(a) || silent_.contains(b) || cut_.contains(pair(a, b))) continue;
      if (!up_.insert(pair(a, b)).second) continue;
      one->to_.up(b);
      other->second->to_.up(a);
      return true;
    }
  return false;
}

void network::break_link(const ends& which) {
  if (up_.erase(which) == 0) return;
  const auto [a, b] = which;
  wires_.erase({a, b});
  wires_.erase({b, a});
  if (const auto one = plugs_.find(a); one != plugs_.end()) one->second->to_.down(b, "cut");
  if (const auto one = plugs_.find(b); one != plugs_.end()) one->second->to_.down(a, "cut");
}

void network::cut(std::uint64_t a, std::uint64_t b) {
  cut_.insert(pair(a, b));
  break_link(pair(a, b));
}

// The silent node hears of it when it moves again, as if it had looked at the clock then.
void network::silence(std::uint64_t node) {
  silent_.insert(node);
  for (const auto& link : std::set(up_))
    if (link.first == node || link.second == node) break_link(link);
}

// -- station ----------------------------------------------------------------------

station::station(const model::registry& types, const std::shared_ptr<persistence::journal>& shared,
                 virtual_clock& time, seeded_entropy& random, network& net, bounds limits)
  : system(std::make_unique<caf::actor_system>(on_this_thread(config))),
    coordinator(dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler())),
    journal(std::make_unique<unruly_journal>(shared)),
    readers(time),
    writer(*journal,
           {.durable = [this](auto group, auto outcomes) { policies.add(group, outcomes); }}, {}),
    clockwork(time),
    held(time),
    here{*system, types, *journal, writer, readers, time, random, held, limits, {}, {}, &router},
    policies(here, entities, clockwork, {.store_events = 1}),
    entities(here),
    router(here, entities, clockwork, {},
           {.doubt = [this](auto shard, const auto& under) { keeper.doubt(shard, under); },
            .owners_changed = [this] { beat_at = {}; }}),
    keeper(here, entities, policies, router, {}),
    members(std::move(*journal->join()), named(here), held, time, {},
            {.seen =
                 [this, &net](const persistence::roster& now) {
                   keeper.see(now);
                   std::vector<peer> all;
                   for (const auto& m : now.members)
                     if (m.who.incarnation != incarnation()) all.push_back({m.who.incarnation, ""});
                   plug->follow(all);
                   (void)net;
                 },
             .lapsed = [this] { keeper.lose_all(); }}),
    time_(time) {
  plug.emplace(net, incarnation(), router);
  router.connect(*plug);
  region = system->spawn(region_actor, &here, &entities, &clockwork);
  entities.report_to(region);
}

bool station::write() {
  if (writing_) return false;
  writing_ = true;
  const bool wrote = writer.step();
  writing_ = false;
  return wrote;
}

void station::beat() { beat_at = time_.now() + members.step(); }

bool station::act(std::uint64_t which) {
  auto& jobs = coordinator.jobs;
  if (jobs.empty()) return false;
  std::swap(jobs[which % jobs.size()], jobs.front());
  return coordinator.try_run_once();
}

bool station::step(std::uint64_t which) {
  if (time_.now() >= beat_at) {
    beat();
    return true;
  }
  for (std::uint64_t tried = 0; tried < 5; ++tried) {
    switch ((which + tried) % 5) {
      case 0:
        if (write()) return true;
        break;
      case 1:
        if (readers.step()) return true;
        break;
      case 2:
        if (clockwork.step() > 0) return true;
        break;
      case 3:
        if (policies.step()) return true;
        break;
      default:
        if (act(which >> 8U)) return true;
    }
  }
  return false;
}

void station::stop() {
  if (!region) return;
  policies.stop();
  members.stop();
  clockwork.stop();
  readers.stop();
  writing_ = true;
  writer.stop();
  router.stop();
  caf::anon_send_exit(region, caf::exit_reason::user_shutdown);
  region = nullptr;
  entities.close();
  while (act(0)) {
  }
  entities.answer_all();
}

// -- cluster ----------------------------------------------------------------------

cluster_stage::cluster_stage(std::uint64_t seed, std::size_t nodes, bounds limits)
  : random(seed),
    order_(seed),
    limits_(limits) {
  mallbots::install(types);
  journal = std::move(*persistence::open(
      "memory:", {.shards = 16, .clock = [this] { return time.wall_us(); }, .shared = true}));
  while (nodes_.size() < nodes) join();
}

cluster_stage::~cluster_stage() {
  for (auto& n : nodes_) n->stop();
}

std::size_t cluster_stage::join() {
  nodes_.push_back(std::make_unique<station>(types, journal, time, random, net, limits_));
  return nodes_.size() - 1;
}

void cluster_stage::freeze(std::size_t n) {
  still_.insert(n);
  net.silence(node(n).incarnation());
}

void cluster_stage::thaw(std::size_t n) {
  still_.erase(n);
  net.unsilence(node(n).incarnation());
}

std::shared_ptr<outcome_seen> cluster_stage::ask(std::size_t at, const any_message& request,
                                                 const std::string& entity, const with& change) {
  auto seen = std::make_shared<outcome_seen>();
  auto c = caf::make_counted<probe>(seen);
  const auto target = types.find(request.GetDescriptor());
  c->type = target.aggregate;
  c->request_type = target.request;
  c->rpc = messages::rpc_of(request.GetTypeName());
  c->request.reset(request.New());
  c->request->CopyFrom(request);
  c->result.response = messages::new_message(c->rpc->output_type());
  c->entity = entity;
  c->id = random_uuid(random);
  c->deadline = time.now() + std::chrono::seconds(30);
  if (change) change(*c);
  node(at).entities.submit(std::move(c));
  return seen;
}

bool cluster_stage::step() {
  const auto first = order_();
  const auto all = nodes_.size() + 1;
  for (std::size_t tried = 0; tried < all; ++tried) {
    const auto n = (first + tried) % all;
    if (n == nodes_.size() ? net.step(order_()) : moves(n) && node(n).step(order_())) return true;
  }
  return false;
}

void cluster_stage::run_for(duration longest) {
  constexpr auto tick = std::chrono::milliseconds(5);
  for (duration passed{}; passed < longest; passed += tick) {
    while (step()) {
    }
    time.advance(tick);
  }
  while (step()) {
  }
}

void cluster_stage::settle() { run_for(std::chrono::seconds(5)); }

std::optional<std::size_t> cluster_stage::owner(const std::string& entity) const {
  const auto shard = persistence::shard_of(entity, journal->about().shards);
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (nodes_[n]->here.tokens.has(shard) && nodes_[n]->held.valid()) return n;
  return {};
}

} // namespace reenact::tests
