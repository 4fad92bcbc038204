#include "actors/runtime/read_barrier.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace reenact::runtime {

using persistence::sequence_t;

namespace {

bool covers(const std::vector<sequence_t>& at, const std::vector<sequence_t>& ends) {
  return std::equal(at.begin(), at.end(), ends.begin(), ends.end(), std::greater_equal<>());
}

/// Readers see everything up to these ends.
bool current(const view_progress& is, const std::vector<sequence_t>& ends) {
  return is.serving && covers(is.positions, ends);
}

std::string excuse(const view_progress& is) {
  if (!is.stopped.empty()) return "view " + is.name + " has stopped"; // why is in the log
  return "view " + is.name + (is.serving ? " is " : " is being filled, ") +
         std::to_string(is.events_behind) + " events and " +
         std::to_string(static_cast<std::int64_t>(is.seconds_behind * 1'000)) + " ms behind";
}

} // namespace

read_barrier::read_barrier(const persistence::journal& of, const clock& time, timers& clockwork,
                           options how, const std::vector<std::string>& views,
                           std::function<void()> gathered)
  : journal_(of),
    time_(time),
    clockwork_(clockwork),
    how_(how),
    gathered_(std::move(gathered)) {
  for (const auto& name : views) {
    auto& is = views_.emplace_back().is;
    is.name = name;
    is.positions.resize(of.about().shards);
  }
}

void read_barrier::measure(view_state& v, const std::vector<sequence_t>& ends) const {
  auto& is = v.is;
  is.events_behind = 0;
  for (std::size_t s = 0; s < is.positions.size(); ++s)
    is.events_behind += ends[s] - std::min(ends[s], is.positions[s]);
  const bool behind = is.events_behind > 0 || !is.serving;
  if (!behind)
    v.behind_since = {};
  else if (v.behind_since == instant{})
    v.behind_since = time_.now();
  is.seconds_behind =
      behind ? std::chrono::duration<double>(time_.now() - v.behind_since).count() : 0;
}

void read_barrier::wait(std::size_t view, callback then) {
  const auto ends = journal_.log_ends();
  std::string refused;
  {
    std::lock_guard lock(mutex_);
    auto& v = views_[view];
    // What others have written since is not known without asking.
    const bool known = !journal_.about().shared;
    const bool now = known && v.is.stopped.empty() && current(v.is, ends);
    if (!now) measure(v, ends);
    if (!v.is.stopped.empty())
      refused = excuse(v.is);
    else if (!now && (waiting_.size() >= how_.waiting_max || !arm(how_.patience)))
      refused = "too many queries wait for views";
    else if (!now)
      waiting_.push_back({view, time_.now() + how_.patience, nullptr, std::exchange(then, {})});
  }
  if (then) return then(std::move(refused));
  gathered_();
}

bool read_barrier::anybody_gathered() const {
  std::lock_guard lock(mutex_);
  return std::ranges::any_of(waiting_, [](const waiter& w) { return w.until == nullptr; });
}

persistence::result<std::vector<sequence_t>> read_barrier::read_ends() {
  {
    std::lock_guard lock(mutex_); // who comes later must not be given ends from before
    for (auto& w : waiting_) w.asked = true;
  }
  auto read = journal_.read_ends();
  if (!read) return read;
  const auto shared = std::make_shared<const std::vector<sequence_t>>(*read);
  std::lock_guard lock(mutex_);
  for (auto& w : waiting_)
    if (w.asked && w.until == nullptr) w.until = shared;
  return read;
}

template <class Why>
void read_barrier::let_go(Why why) {
  std::vector<std::pair<callback, std::string>> gone;
  {
    std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](waiter& w) {
      std::optional<std::string> answer = why(w);
      if (answer) gone.emplace_back(std::move(w.then), std::move(*answer));
      return answer.has_value();
    });
  }
  for (auto& [then, answer] : gone) then(std::move(answer));
}

void read_barrier::publish(std::size_t view, view_progress is) {
  const auto ends = journal_.log_ends();
  {
    std::lock_guard lock(mutex_);
    auto& v = views_[view];
    is.name = v.is.name;
    v.is = std::move(is);
    measure(v, ends);
  }
  let_go([&](const waiter& w) -> std::optional<std::string> {
    const auto& now = views_[w.view].is;
    if (!now.stopped.empty()) return excuse(now);
    return w.until != nullptr && current(now, *w.until) ? std::optional<std::string>("")
                                                        : std::nullopt;
  });
}

void read_barrier::stop_all(const std::string& why) {
  {
    std::lock_guard lock(mutex_);
    for (auto& v : views_) v.is.stopped = why;
  }
  let_go([&](const waiter& w) { return std::optional(excuse(views_[w.view].is)); });
}

bool read_barrier::arm(duration in) {
  if (armed_) return true;
  return armed_ = clockwork_.after(in, [this] { expire(); });
}

void read_barrier::expire() {
  const auto ends = journal_.log_ends();
  const auto now = time_.now();
  auto next = instant::max();
  {
    std::lock_guard lock(mutex_);
    armed_ = false;
    for (auto& v : views_) measure(v, ends);
  }
  let_go([&](const waiter& w) -> std::optional<std::string> {
    if (w.deadline <= now) return excuse(views_[w.view].is);
    next = std::min(next, w.deadline);
    return {};
  });
  std::lock_guard lock(mutex_);
  if (next != instant::max()) arm(next - now);
}

std::vector<view_progress> read_barrier::progress() {
  const auto ends = journal_.log_ends();
  std::lock_guard lock(mutex_);
  std::vector<view_progress> all;
  for (auto& v : views_) {
    measure(v, ends);
    all.push_back(v.is);
  }
  return all;
}

} // namespace reenact::runtime
