#include "actors/runtime/caf_links.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "actors/runtime/endpoint.hpp"
#include "actors/runtime/link_actor.hpp"
#include "actors/runtime/link_door.hpp"
#include "actors/runtime/link_system.hpp"

namespace reenact::runtime {
namespace {

struct link {
  std::shared_ptr<link_outbox> outbox;
  caf::actor actor;
};

model::Introduction introduction(const caf_links_options& how) {
  model::Introduction me;
  me.set_protocol(link_protocol);
  me.set_incarnation(how.incarnation);
  me.set_cluster(how.cluster);
  me.set_lineage(std::string(bytes_of(how.lineage)));
  me.set_schema(how.schema);
  me.set_node(how.node);
  me.set_window_envelopes(how.credit_envelopes);
  me.set_window_bytes(how.credit_bytes);
  return me;
}

/// Of an address without TLS.
std::string danger(const caf_links_options& how) {
  if (!how.tls.none() || how.insecure || is_loopback(how.host)) return {};
  return "links on " + how.host +
         " would be open to whoever reaches it: give it TLS (tools/dev-ca makes certificates for a "
         "trial), bind to loopback, or say --insecure where the network is the cluster's alone";
}

} // namespace

struct caf_links::parts {
  parts(caf_links_options o, std::optional<kept_tls_files> files, link_listener& to)
    : how(std::move(o)),
      tls(std::move(files)),
      lines(time),
      clockwork(time),
      net(std::in_place, tls ? &tls->names() : nullptr,
          link_system::patience{how.silent_after, 2 * how.silent_after}, random),
      ground{*net, lines, clockwork, time, random, to, introduction(how), how.silent_after} {
    clockwork.start();
  }

  persistence::status open() {
    door = net->actors().spawn(link_door, &ground, [this](std::uint64_t incarnation) {
      const std::lock_guard lock(mutex);
      const auto found = all.find(incarnation);
      return found == all.end() ? caf::actor() : found->second.actor;
    });
    auto bound = net->publish(door, how.host, how.port);
    if (!bound) return bound.error();
    port = *bound;
    beat_later();
    return persistence::done{};
  }

  void beat_later() {
    (void)clockwork.after(how.beat, [this] {
      {
        const std::lock_guard lock(mutex);
        const link_tick now{time.now()};
        for (auto& [incarnation, one] : all) {
          one.outbox->pulse();
          caf::anon_send(one.actor, now);
        }
      }
      beat_later();
    });
  }

  void follow(const std::vector<peer>& wanted) {
    const std::lock_guard lock(mutex);
    if (ground.ending) return;
    std::erase_if(leaving, [](const auto& gone) {
      return caf::actor_cast<caf::actor>(gone.second) == nullptr;
    });
    std::erase_if(all, [&](const auto& link) {
      if (std::ranges::find(wanted, link.first, &peer::incarnation) != wanted.end()) return false;
      leaving[link.first] = caf::actor_cast<caf::actor_addr>(link.second.actor);
      caf::anon_send(link.second.actor, link_leave{"it is followed no more"});
      return true;
    });
    for (const auto& one : wanted)
      if (one.incarnation != how.incarnation && !all.contains(one.incarnation)) begin(one);
  }

  void begin(const peer& whom) {
    const auto before = leaving.find(whom.incarnation);
    auto outbox = std::make_shared<link_outbox>(how.outbox_bytes_max);
    auto actor = net->actors().spawn(
        link_actor, &ground, whom, outbox,
        before == leaving.end() ? caf::actor() : caf::actor_cast<caf::actor>(before->second));
    all[whom.incarnation] = {std::move(outbox), std::move(actor)};
  }

  std::shared_ptr<link_outbox> outbox_to(std::uint64_t incarnation) {
    const std::lock_guard lock(mutex);
    const auto found = all.find(incarnation);
    return found == all.end() ? nullptr : found->second.outbox;
  }

  void stop() {
    std::map<std::uint64_t, link> ended;
    {
      const std::lock_guard lock(mutex);
      ground.ending = true;
      ended.swap(all);
      leaving.clear();
    }
    clockwork.stop();
    lines.stop();
    for (auto& [incarnation, one] : ended) caf::anon_send(one.actor, link_leave{"this node stops"});
    caf::anon_send(door, link_leave{"this node stops"});
    door = nullptr;
    ended.clear();
    net->actors().await_all_actors_done();
    net.reset();
  }

  const caf_links_options how;
  const std::optional<kept_tls_files> tls;
  const system_clock time;
  system_entropy random;
  dialer lines;
  timers clockwork;
  std::optional<link_system> net;
  link_ground ground;
  std::uint16_t port = 0;
  std::once_flag stopped;

  std::mutex mutex; ///< guards what follows
  std::map<std::uint64_t, link> all;
  std::map<std::uint64_t, caf::actor_addr> leaving; ///< who may not have left yet
  caf::actor door;
};

caf_links::caf_links(std::unique_ptr<parts> made) : parts_(std::move(made)) {}
caf_links::~caf_links() { stop(); }

persistence::result<std::unique_ptr<caf_links>> caf_links::listen(caf_links_options how,
                                                                  link_listener& to) {
  using kind = persistence::failure::kind;
  if (how.incarnation == 0 || how.credit_envelopes == 0 || how.credit_bytes == 0)
    return persistence::failure{kind::refused, "links need an incarnation and a credit, not 0"};
  if (auto why = danger(how); !why.empty()) return persistence::failure{kind::refused, why};
  std::optional<kept_tls_files> files;
  if (!how.tls.none()) {
    auto read = kept_tls_files::read(how.tls);
    if (!read) return read.error();
    files.emplace(std::move(*read));
  }
  std::unique_ptr<caf_links> made(
      new caf_links(std::make_unique<parts>(std::move(how), std::move(files), to)));
  if (auto opened = made->parts_->open(); !opened) return opened.error();
  return made;
}

std::uint16_t caf_links::port() const { return parts_->port; }

void caf_links::follow(const std::vector<peer>& all) { parts_->follow(all); }

bool caf_links::send(std::uint64_t peer, std::string envelope) {
  if (envelope.size() > envelope_bytes_max) return false;
  const auto outbox = parts_->outbox_to(peer);
  return outbox != nullptr && outbox->put(std::move(envelope));
}

void caf_links::stop() {
  std::call_once(parts_->stopped, [this] { parts_->stop(); });
}

} // namespace reenact::runtime
