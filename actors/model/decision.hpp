#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <google/protobuf/message.h>

namespace reenact::model {

using any_message = google::protobuf::Message;
using descriptor = google::protobuf::Descriptor;

/// The domain says no: a named constant with a stable slug. Tests compare the name, clients the
/// text.
struct rejection {
  int code = 0; ///< gRPC status code; the gateway derives HTTP status and details from it
  std::string_view slug;
  std::string_view text;
  bool operator==(const rejection& other) const { return slug == other.slug; }
};

/// A rule is violated: 400.
constexpr rejection invalid(std::string_view slug, std::string_view text) {
  return {3, slug, text};
}
/// What the command speaks of is not there: 404.
constexpr rejection not_found(std::string_view slug, std::string_view text) {
  return {5, slug, text};
}
/// Not for this customer: 401.
constexpr rejection unauthorized(std::string_view slug, std::string_view text) {
  return {16, slug, text};
}

/// Accepted, and nothing happened: no event.
struct accepted {};

/// Not now, but possible (protocols.md D2): HTTP answers the rule's text, sagas and policies try
/// again.
struct later {
  rejection why;
};

/// A durable timer (protocols.md B8), named by the command that it sends to its own entity, once.
struct alarm {
  const descriptor* command;
  std::optional<std::chrono::microseconds> in; ///< nothing: it is cleared
};

using alarm_list = std::vector<alarm>;

/// What an aggregate answers to a command: events, a refusal, or not yet; and, with events or an
/// acceptance, which of its timers it sets. A value without identity.
class decision {
public:
  using event_list = std::vector<std::unique_ptr<any_message>>;

  decision(accepted) {}
  decision(rejection no) : held_(no) {}
  decision(later when) : held_(when) {}
  template <class Event>
  requires std::derived_from<Event, any_message> decision(Event event) {
    and_then(std::move(event));
  }

  /// A further event of the same command; all of them or none become durable.
  template <class Event>
  requires std::derived_from<Event, any_message> decision& and_then(Event event) {
    std::get<event_list>(held_).push_back(std::make_unique<Event>(std::move(event)));
    return *this;
  }

  /// The entity is sent a `Command` when this time has passed, however often nodes die meanwhile;
  /// an earlier timer of the same command is replaced.
  template <class Command>
  decision&& wake_in(std::chrono::microseconds later) && {
    alarms_.push_back({Command::descriptor(), later});
    return std::move(*this);
  }
  /// No such timer any more.
  template <class Command>
  decision&& sleep() && {
    alarms_.push_back({Command::descriptor(), std::nullopt});
    return std::move(*this);
  }

  const rejection* refused() const { return std::get_if<rejection>(&held_); }
  const later* postponed() const { return std::get_if<later>(&held_); }
  /// Null unless accepted.
  event_list* events() { return std::get_if<event_list>(&held_); }
  const alarm_list& alarms() const { return alarms_; }

private:
  std::variant<event_list, rejection, later> held_;
  alarm_list alarms_;
};

} // namespace reenact::model
