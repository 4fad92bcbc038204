#include "actors/runtime/link_actor.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/runtime/part.hpp"

namespace reenact::runtime {
namespace {

constexpr duration wait_first = std::chrono::milliseconds(50);
constexpr duration wait_longest = std::chrono::seconds(1);
/// Probe, connection and greeting, each: then it is tried anew.
constexpr duration step_longest = std::chrono::seconds(2);

enum class phase { resting, dialing, connecting, greeting, up };

/// How much has crossed since the link is up.
struct amount {
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
};

class link_life : public std::enable_shared_from_this<link_life> {
public:
  link_life(caf::event_based_actor* self, link_ground& ground, peer whom,
            std::shared_ptr<link_outbox> outbox)
    : self_(self),
      ground_(ground),
      whom_(std::move(whom)),
      outbox_(std::move(outbox)),
      dials_(ground.me.incarnation() < whom_.incarnation) {}

  void begin() {
    begun_ = true;
    if (dials_) dial(attempt_);
  }

  void dial(std::uint64_t attempt) {
    if (attempt != attempt_ || state_ != phase::resting) return;
    step(phase::dialing);
    ground_.lines.dial(whom_.address, [me = address(), attempt](const dialer::outcome& how) {
      if (const auto alive = caf::actor_cast<caf::actor>(me))
        caf::anon_send(alive, link_dialed{attempt, how});
    });
  }

  void dialed(const link_dialed& d) {
    if (d.attempt != attempt_ || state_ != phase::dialing) return;
    if (!d.how.why.empty()) return give_up(d.how.why);
    step(phase::connecting);
    // Without a timeout of CAF's: the attempt has its end by the ticks, and a late answer is known
    // by its number.
    self_
        ->request(ground_.net.connector(), caf::infinite, caf::connect_atom::value, d.how.at.host,
                  d.how.at.port)
        .then([this, attempt = attempt_](
                  const caf::node_id& node, const caf::strong_actor_ptr& door,
                  const std::set<std::string>&) { connected(attempt, node, door); },
              [this, attempt = attempt_](const caf::error& why) {
                if (attempt == attempt_ && state_ == phase::connecting)
                  give_up(self_->system().render(why));
              });
  }

  void greeted(const link_greeting& g) {
    if (!begun_) return;
    // Not by hanging up: it may be the same connection.
    if (state_ == phase::up) end("it has dialed anew", false);
    remote_ = g.remote;
    session_ = g.session;
    model::Frame frame;
    *frame.mutable_welcome()->mutable_from() = ground_.me;
    say(frame);
    come_up(g.from);
  }

  void heard(const link_envelope& e) {
    const auto frame = parse_frame(e.frame);
    if (!frame) {
      if (state_ == phase::up || state_ == phase::greeting) end("it does not speak as a node does");
      return;
    }
    if (frame->session() != session_ || session_ == 0) return; // of another life of the link
    heard_ = ground_.time.now();
    switch (frame->kind_case()) {
      case model::Frame::kWelcome:
        if (state_ == phase::greeting) welcomed(frame->welcome().from());
        break;
      case model::Frame::kRefusal:
        if (state_ == phase::greeting) refused(frame->refusal());
        break;
      case model::Frame::kCredit:
        if (state_ == phase::up) {
          dealt_with_ = {frame->credit().envelopes(), frame->credit().bytes()};
          send_on();
        }
        break;
      case model::Frame::kPayloads:
        if (state_ == phase::up) {
          // What the listener answers leaves when all of the frame is taken, without a message to
          // this actor itself.
          outbox_->coming();
          take_in(frame->payloads());
          send_on();
        }
        break;
      default: break;
    }
  }

  /// What waits leaves as far as the peer has room.
  void send_on() {
    while (state_ == phase::up) {
      const auto free = room();
      auto batch = outbox_->take(std::min<std::uint64_t>(free.envelopes, frame_envelopes_max),
                                 std::min<std::uint64_t>(free.bytes, frame_payload_bytes));
      if (batch.empty()) return;
      model::Frame frame;
      sent_.envelopes += batch.size();
      for (auto& one : batch) {
        sent_.bytes += one.size();
        frame.mutable_payloads()->add_envelopes(std::move(one));
      }
      say(frame);
    }
  }

  void tick(instant at) {
    if (state_ == phase::up) {
      // By the time the tick was posted, not taken: who was busy has not yet heard what waits.
      if (at - heard_ > ground_.silent_after) return end("nothing was heard of it");
      if (told_.envelopes != taken_.envelopes) tell_credit();
    } else if (state_ != phase::resting && at > until_) {
      give_up(state_ == phase::greeting ? "no answer to the greeting" : "no connection in time");
    }
  }

  void lost(const caf::down_msg& down) {
    if (!remote_ || down.source != remote_.address()) return;
    if (state_ == phase::up)
      end("the connection is lost", false);
    else if (state_ == phase::greeting)
      give_up("the connection is lost");
  }

  void leave(const std::string& why) {
    if (state_ == phase::up) end(why);
    hang_up();
    self_->quit();
  }

private:
  caf::actor_addr address() const { return caf::actor_cast<caf::actor_addr>(self_); }

  void step(phase next) {
    state_ = next;
    until_ = ground_.time.now() + step_longest;
  }

  void connected(std::uint64_t attempt, const caf::node_id& node,
                 const caf::strong_actor_ptr& door) {
    if (attempt != attempt_ || state_ != phase::connecting) return;
    if (node == self_->system().node()) return give_up("this node itself listens there");
    if (!door) return give_up("what listens there is no node");
    step(phase::greeting);
    remote_ = caf::actor_cast<caf::actor>(door);
    self_->monitor(remote_);
    session_ = ground_.random.draw() | 1U;
    model::Frame frame;
    *frame.mutable_hello()->mutable_from() = ground_.me;
    frame.mutable_hello()->set_to(whom_.incarnation);
    say(frame);
  }

  void welcomed(const model::Introduction& from) {
    auto sender = caf::actor_cast<caf::actor>(self_->current_sender());
    if (!sender) return;
    self_->demonitor(remote_);
    remote_ = std::move(sender);
    come_up(from);
  }

  void refused(const model::Refusal& refusal) {
    // The connection may be another link's by now: of this address's next incarnation.
    if (refusal.passing()) forget();
    give_up("refused: " + refusal.why(), refusal.passing());
  }

  void come_up(const model::Introduction& from) {
    self_->monitor(remote_);
    state_ = phase::up;
    window_ = {from.window_envelopes(), from.window_bytes()};
    sent_ = dealt_with_ = taken_ = told_ = {};
    heard_ = ground_.time.now();
    wait_ = wait_first;
    spdlog::info("link to {} ({:016x}) is up{}", from.node(), whom_.incarnation,
                 from.schema() == ground_.me.schema() ? "" : "; it knows other types");
    outbox_->open(voice());
    tell([this] { ground_.to.up(whom_.incarnation); });
  }

  link_outbox::voice voice() {
    model::Frame beat;
    beat.set_session(session_);
    beat.mutable_beat();
    return {.wake = [me = caf::actor(self_)] { caf::anon_send(me, link_wake{}); },
            .beat = [to = remote_, said = caf::make_message(link_envelope{
                                       beat.SerializeAsString()})] { caf::anon_send(to, said); }};
  }

  void take_in(const model::Payloads& payloads) {
    for (const auto& one : payloads.envelopes()) {
      ++taken_.envelopes;
      taken_.bytes += one.size();
      if (ground_.ending) return;
      if (!tell([&] { ground_.to.received(whom_.incarnation, one); })) return;
      if ((taken_.envelopes - told_.envelopes) * 4 >= ground_.me.window_envelopes() ||
          (taken_.bytes - told_.bytes) * 4 >= ground_.me.window_bytes())
        tell_credit();
    }
  }

  void tell_credit() {
    model::Frame frame;
    frame.mutable_credit()->set_envelopes(taken_.envelopes);
    frame.mutable_credit()->set_bytes(taken_.bytes);
    told_ = taken_;
    say(frame);
  }

  amount room() const {
    const auto less = [](std::uint64_t of, std::uint64_t by) { return of > by ? of - by : 0; };
    return {less(window_.envelopes, sent_.envelopes - dealt_with_.envelopes),
            less(window_.bytes, sent_.bytes - dealt_with_.bytes)};
  }

  void say(model::Frame& frame) {
    frame.set_session(session_);
    self_->send(remote_, link_envelope{frame.SerializeAsString()});
  }

  /// False: the listener failed, and with it the link.
  template <class What>
  bool tell(What what) {
    try {
      what();
      return true;
    } catch (...) {
      spdlog::error("what listens to the links failed: {}", what_was_thrown());
    }
    if (state_ == phase::up) end("what it sent could not be taken");
    return false;
  }

  /// It was up, and is not any more.
  void end(const std::string& why, bool connected = true) {
    const bool was_up = state_ == phase::up;
    state_ = phase::resting;
    outbox_->close();
    if (connected) hang_up();
    forget();
    spdlog::warn("link to {} ({:016x}) is down: {}", whom_.address, whom_.incarnation, why);
    if (was_up) tell([&] { ground_.to.down(whom_.incarnation, why); });
    try_later();
  }

  /// It did not come up.
  void give_up(const std::string& why, bool expected = false) {
    hang_up();
    forget();
    state_ = phase::resting;
    if (!expected && refusals_.due(why, ground_.time.now()))
      spdlog::warn("no link to {} ({:016x}): {}; tried on", whom_.address, whom_.incarnation, why);
    try_later();
  }

  void hang_up() {
    if (remote_) ground_.net.disconnect(remote_->node());
  }

  void forget() {
    if (remote_) self_->demonitor(remote_);
    remote_ = nullptr;
    session_ = 0;
  }

  void try_later() {
    ++attempt_;
    if (!dials_) return;
    // Between half the wait and the whole, so that nodes do not knock in step.
    const auto half = static_cast<std::uint64_t>(wait_.count()) / 2;
    const duration wait(half + ground_.random.draw() % half);
    wait_ = std::min(wait_ * 2, wait_longest);
    (void)ground_.clockwork.after(wait, [me = address(), attempt = attempt_] {
      if (const auto alive = caf::actor_cast<caf::actor>(me))
        caf::anon_send(alive, link_dial{attempt});
    });
  }

  caf::event_based_actor* self_;
  link_ground& ground_;
  const peer whom_;
  const std::shared_ptr<link_outbox> outbox_;
  const bool dials_;
  bool begun_ = false;

  phase state_ = phase::resting;
  std::uint64_t attempt_ = 0; ///< which try of dialing
  duration wait_ = wait_first;
  instant until_{}; ///< the end of the step, before it is up
  rare_warning refusals_;

  caf::actor remote_; ///< the peer's door, then its link
  std::uint64_t session_ = 0;
  instant heard_{};
  amount window_;     ///< what the peer takes
  amount sent_;       ///< to it
  amount dealt_with_; ///< of that, by the peer
  amount taken_;      ///< from it
  amount told_;       ///< of that, to the peer
};

} // namespace

bool rare_warning::due(const std::string& text, instant now) {
  if (text == last_ && now - at_ < std::chrono::minutes(1)) return false;
  last_ = text;
  at_ = now;
  return true;
}

caf::behavior link_actor(caf::event_based_actor* self, link_ground* ground, peer whom,
                         std::shared_ptr<link_outbox> outbox, caf::actor before) {
  const auto life = std::make_shared<link_life>(self, *ground, std::move(whom), std::move(outbox));
  const auto waits_for = caf::actor_cast<caf::actor_addr>(before);
  self->set_down_handler([=](caf::down_msg& down) {
    if (waits_for && down.source == waits_for) return life->begin();
    life->lost(down);
  });
  self->set_exit_handler([=](caf::exit_msg&) {}); // a peer may send one; it ends by link_leave
  self->set_default_handler(caf::drop);
  if (before)
    self->monitor(before);
  else
    life->begin();
  return {[=](const link_envelope& e) { life->heard(e); },
          [=](link_wake) { life->send_on(); },
          [=](const link_tick& t) { life->tick(t.at); },
          [=](const link_dial& d) { life->dial(d.attempt); },
          [=](const link_dialed& d) { life->dialed(d); },
          [=](const link_greeting& g) { life->greeted(g); },
          [=](const link_leave& l) { life->leave(l.why); }};
}

} // namespace reenact::runtime
