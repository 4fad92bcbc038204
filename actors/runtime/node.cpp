#include "actors/runtime/node.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>
#include <caf/all.hpp>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/entity_actor.hpp"
#include "actors/runtime/region_actor.hpp"
#include "actors/runtime/supervisor.hpp"
#include "actors/runtime/timers.hpp"
#include "actors/runtime/view_queries.hpp"

namespace reenact::runtime {
namespace {

caf::actor_system_config& configured(caf::actor_system_config& c, std::size_t workers) {
  // `sharing`: the default policy polls, and answers later (docs/adr).
  c.set("scheduler.policy", caf::atom("sharing"));
  c.set("scheduler.max-threads",
        workers > 0 ? workers : std::max<std::size_t>(1, std::thread::hardware_concurrency()));
  return c;
}

/// What answers lists.
struct read_side {
  read_side(const model::registry& types, const persistence::journal& journal, const clock& time,
            timers& clockwork, const projector::options& how, const restart_policy& restart)
    : readers(time, restart, view_queries::queue_max),
      views(types, journal, time, clockwork, how),
      queries(views, readers) {}

  reader_pool readers;
  projector views;
  view_queries queries;
};

} // namespace

struct node::parts {
  parts(const model::registry& types, persistence::journal& journal, const clock& time,
        entropy& random, node_options o)
    : how(std::move(o)),
      among(time),
      held(journal.about().shared ? static_cast<lease&>(among) : alone),
      readers(time, needed()),
      writer(journal, watched(how.writer),
             [this] {
               if (lists) lists->views.wake();
             }),
      clockwork(time, needed()),
      system(configured(config, how.workers)),
      here{system, types, journal, writer, readers, time, random, held, how.limits, how.ports},
      reactions(here, entities, clockwork, how.policies),
      entities(here),
      tail_readers(time, how.restart),
      tail(journal, tail_readers, time, clockwork, listening()),
      region("the region", time, needed()) {
    if (journal.about().shared) {
      others.emplace(here, entities, reactions, clockwork, among, how.cluster.value());
      here.others = &others->router();
    }
    here.journal_suspect = [this] { check_journal(); };
    how.views.counts = &here.said;
    how.views.unread = [this](const auto& place, const auto& why) { here.unread.add(place, why); };
    if (!how.views.path.empty())
      lists = std::make_unique<read_side>(types, journal, time, clockwork, how.views, how.restart);
  }

  /// The node without such a part is none: too many failures end it.
  restart_policy needed() {
    auto policy = how.restart;
    policy.give_up = [this](const std::string& why) { give_up(why); };
    return policy;
  }

  persistence::journal_writer::options watched(persistence::journal_writer::options writing) {
    writing.durable = [this](auto group, auto outcomes) {
      if (lists) lists->views.feed().add(group, outcomes);
      reactions.add(group, outcomes);
      tail.wake();
    };
    writing.thrown = [this] { give_up("the journal's writer failed: " + what_was_thrown()); };
    return writing;
  }

  event_tail::options listening() {
    auto options = how.tail;
    options.unread = [this](const auto& place, const auto& why) { here.unread.add(place, why); };
    return options;
  }

  void watch_journal() {
    here.journal.watch({.grown =
                            [this] {
                              if (lists) lists->views.wake();
                              tail.wake();
                            },
                        .shrunk = [this](const std::string& what) { forget(what); }});
  }

  /// Acknowledged events are gone: what is remembered of them must go too (protocols.md B2).
  void forget(const std::string& what) {
    spdlog::critical("acknowledged events are lost: {}", what);
    {
      const std::lock_guard lock(loss_mutex);
      loss = what;
    }
    others->keeper().begin_anew();
    if (lists) lists->views.begin_anew();
  }

  void check_journal() {
    const auto health = here.journal.health();
    if (!health) give_up(health.error().text);
  }

  void give_up(const std::string& why) {
    held.give_up();
    if (failed.exchange(true)) return;
    spdlog::critical("the node cannot go on: {}", why);
    // Not here: whoever noticed may be one that stop() waits for.
    if (how.fatal) last_words = std::thread(how.fatal, why);
  }

  bool alone_now() const {
    return std::ranges::none_of(others->seen().members, [this](const auto& m) {
      return m.who.incarnation != here.tokens.incarnation() && !m.who.leaving;
    });
  }

  /// Calls are not answered yet, or shards not with somebody else who could take them.
  bool busy() const {
    if (entities.unanswered() > 0) return true;
    return others && (others->router().unanswered() > 0 || (others->has_shards() && !alone_now()));
  }

  void stop() {
    draining = true;
    reactions.stop();
    for (const auto& [name, to] : here.ports) to->close();
    if (others) others->end_lease();
    held.give_up();
    here.journal.watch({});
    tail.close();
    clockwork.stop();
    tail_readers.stop();
    if (lists) {
      lists->readers.stop();
      lists->views.stop();
    }
    readers.stop();
    writer.stop();
    if (others) others->stop();
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
    root = nullptr;
    entities.close();
    system.await_all_actors_done();
    entities.answer_all();
  }

  /// A restarted region begins under new tokens; what its predecessor's entities still write is
  /// fenced.
  persistence::result<caf::actor> start_region() {
    if (region_started && others)
      others->keeper().begin_anew();
    else if (region_started &&
             !claim_anew(here, entities, [this](const auto& why) { give_up(why); }))
      return persistence::failure{persistence::failure::kind::unreachable,
                                  "the journal's queue is full"};
    region_started = true;
    auto started = system.spawn(region_actor, &here, &entities, &clockwork);
    entities.report_to(started);
    return started;
  }

  void sweep_later() {
    clockwork.after(how.sweep_each, [this] {
      entities.sweep();
      sweep_later();
    });
  }

  node_options how;
  embedded_lease alone;
  timed_lease among; ///< several
  lease& held;
  std::atomic<bool> failed{false};
  std::atomic<bool> draining{true}; // until start()
  bool region_started = false;      // the supervisor's
  std::once_flag stopped;
  reader_pool readers;
  persistence::journal_writer writer;
  timers clockwork;
  caf::actor_system_config config;
  caf::actor_system system;
  surroundings here;
  reactor reactions; ///< before the directory, whose last calls come home to it
  directory entities;
  reader_pool tail_readers; ///< apart from the others: whoever only listens delays nobody
  event_tail tail;
  part region;
  std::optional<cluster_side> others; ///< on a shared journal
  mutable std::mutex loss_mutex;      ///< guards what follows
  std::string loss;                   ///< of acknowledged events; empty: none is known
  std::unique_ptr<read_side> lists;   ///< null without views
  caf::actor root;
  std::thread last_words; ///< calls `fatal`
};

node::node(const model::registry& types, persistence::journal& journal, const clock& time,
           entropy& random, node_options how)
  : parts_(std::make_unique<parts>(types, journal, time, random, std::move(how))) {}

node::~node() {
  stop();
  if (parts_->last_words.joinable()) parts_->last_words.join();
}

persistence::status node::start() {
  auto& p = *parts_;
  if (!p.others) {
    if (auto claimed = claim_shards(p.here); !claimed) return claimed;
    if (auto prepared = p.reactions.prepare(p.here.journal, p.here.tokens.all()); !prepared)
      return prepared;
  }
  p.writer.start();
  p.readers.start(p.how.readers);
  p.tail_readers.start(1);
  p.clockwork.start();
  if (p.lists) {
    p.lists->views.start();
    p.lists->readers.start(p.how.view_readers);
  }
  p.root = p.system.spawn(
      supervisor, &p.region,
      std::function<persistence::result<caf::actor>()>([&p] { return p.start_region(); }),
      &p.clockwork);
  p.sweep_later();
  p.draining = false;
  p.reactions.start();
  if (!p.others) return persistence::done{};
  p.watch_journal();
  return p.others->start();
}

void node::leave() {
  if (parts_->others) parts_->others->leave();
}

bool node::drain(duration patience) {
  auto& p = *parts_;
  leave();
  p.draining = true;
  p.reactions.pause();
  const auto end = p.here.time.now() + patience;
  // Looked at, not waited for: this happens once in a node's life.
  while (p.busy() && p.here.time.now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return !p.busy();
}

void node::stop() {
  std::call_once(parts_->stopped, [this] { parts_->stop(); });
}

void node::give_up(const std::string& why) { parts_->give_up(why); }

const model::registry& node::hosted() const { return parts_->here.types; }
caf::actor_system& node::system() { return parts_->system; }
const clock& node::time() const { return parts_->here.time; }
const persistence::journal& node::journal() const { return parts_->here.journal; }
entropy& node::random() { return parts_->here.random; }

void node::submit(call_ptr c) {
  if (parts_->draining) return directory::turn_away(std::move(c), "the node is draining");
  if (c->request_type != nullptr && c->request_type->decide != nullptr)
    if (auto open = journal().open_to_commands(); !open)
      return directory::turn_away(std::move(c), open.error().text);
  parts_->entities.submit(std::move(c));
}

void node::ask(query_ptr q) {
  auto& p = *parts_;
  if (p.lists && !p.draining) return p.lists->queries.ask(std::move(q));
  q->what = answer::kind::unavailable;
  q->text = p.lists ? "the node is draining" : "this node keeps no views";
  q->finished();
}

void node::follow(const tail_query_ptr& q) { parts_->tail.ask(q); }
void node::end_following() { parts_->tail.close(); }

log_places node::log_ends() const {
  log_places ends;
  for (const auto end : journal().log_ends())
    ends.emplace_back(static_cast<std::uint32_t>(ends.size()), end);
  return ends;
}

std::uint32_t node::shard_of(std::string_view entity) const {
  return persistence::shard_of(entity, journal().about().shards);
}

uuid node::lineage() const { return journal().about().lineage; }

std::vector<policy_progress> node::policies() const { return parts_->reactions.progress(); }

std::vector<given_up_reaction> node::given_up(std::string_view policy) const {
  std::vector<given_up_reaction> all;
  for (persistence::shard_id s = 0; s < journal().about().shards; ++s) {
    const auto ok = journal().read_dead_letters(policy, s, [&](const persistence::dead_letter& d) {
      all.push_back({s, d.at, d.why, d.attempts, d.when});
      return true;
    });
    if (!ok) spdlog::warn("dead letters of shard {}: {}", s, ok.error().text);
  }
  return all;
}

std::vector<view_progress> node::views() const {
  return parts_->lists ? parts_->lists->views.progress() : std::vector<view_progress>();
}

bool node::rebuild(const std::string& view) {
  return parts_->lists && parts_->lists->views.rebuild(view);
}

readiness node::ready() const {
  readiness r;
  if (parts_->draining) r.missing.push_back("the node is draining");
  if (parts_->failed) r.missing.push_back("the node cannot go on");
  if (const auto takes = journal().open_to_commands(); !takes)
    r.missing.push_back(takes.error().text);
  if (parts_->others) std::ranges::move(parts_->others->missing(), std::back_inserter(r.missing));
  r.ready = r.missing.empty();
  return r;
}

const command_counts& node::accepted() const { return parts_->here.accepted; }
const message_counts& node::said() const { return parts_->here.said; }
const unreadable& node::unread() const { return parts_->here.unread; }
std::size_t node::resident() const { return parts_->entities.resident(); }
std::size_t node::unanswered() const { return parts_->entities.unanswered(); }
persistence::roster node::seen() const {
  return parts_->others ? parts_->others->seen() : persistence::roster{};
}

} // namespace reenact::runtime
