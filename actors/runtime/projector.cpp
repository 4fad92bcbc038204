#include "actors/runtime/projector.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>
#include <utility>

#include <spdlog/spdlog.h>

namespace reenact::runtime {

using namespace persistence;

namespace {

std::vector<view_schema> schemas_of(const model::registry& types) {
  std::vector<view_schema> all;
  for (const auto& v : types.views()) {
    auto made = schema_of(v->name, v->prototype->GetDescriptor(), v->version);
    if (!made) throw std::logic_error(made.error().text);
    all.push_back(std::move(*made));
  }
  return all;
}

std::vector<std::string> names_of(const model::registry& types) {
  std::vector<std::string> all;
  for (const auto& v : types.views()) all.push_back(v->name);
  return all;
}

std::string place_of(shard_id shard, sequence_t at) {
  return "record " + std::to_string(at) + " of shard " + std::to_string(shard);
}

bool covers(const std::vector<sequence_t>& positions, const std::vector<sequence_t>& ends) {
  return std::ranges::equal(positions, ends, std::greater_equal<>());
}

} // namespace

projector::projector(const model::registry& types, const journal& from, const clock& time,
                     timers& clockwork, options how)
  : types_(types),
    journal_(from),
    time_(time),
    clockwork_(clockwork),
    how_(std::move(how)),
    schemas_(schemas_of(types)),
    barrier_(from, time, clockwork, how_.barrier, names_of(types), [this] { hurry(); }),
    part_("the views' file", time, how_.retry) {}

projector::~projector() { stop(); }

void projector::start() {
  thread_ = std::thread([this] { part_.keep_at([this] { work(); }); });
}

void projector::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  part_.hurry();
  if (thread_.joinable()) thread_.join();
  barrier_.stop_all("the node ends");
  if (file_ == nullptr) return;
  if (auto closed = file_->close(); !closed) spdlog::warn("{}", closed.error().text);
  followed_.clear();
  file_.reset();
}

void projector::wake() {
  std::lock_guard lock(mutex_);
  news_ = true;
  if (idle_) wake_.notify_one();
}

/// Somebody waits: the batch that gathers is closed.
void projector::hurry() {
  std::lock_guard lock(mutex_);
  news_ = true;
  wake_.notify_one();
}

std::size_t projector::index_of(std::string_view view) const {
  const auto& all = types_.views();
  return static_cast<std::size_t>(
      std::ranges::find_if(all, [&](const auto& v) { return v->name == view; }) - all.begin());
}

const view_schema& projector::schema(const model::view_type& view) const {
  return schemas_[index_of(view.name)];
}

void projector::when_current(const model::view_type& view, read_barrier::callback then) {
  barrier_.wait(index_of(view.name), std::move(then));
}

bool projector::take_order(std::string_view view, bool rebuild) {
  const auto index = index_of(view);
  if (index == schemas_.size()) return false;
  {
    std::lock_guard lock(mutex_);
    orders_.push_back({index, rebuild});
  }
  wake();
  return true;
}

void projector::begin_anew() {
  {
    std::lock_guard lock(mutex_);
    reopen_ = true;
  }
  wake();
}

bool projector::rebuild(const std::string& view) { return take_order(view, true); }
bool projector::restart(const std::string& view) { return take_order(view, false); }

bool projector::step() {
  {
    std::lock_guard lock(mutex_);
    news_ = false;
    if (resting_) return false;
    if (std::exchange(reopen_, false)) {
      followed_.clear();
      file_.reset();
    }
  }
  try {
    const auto read = barrier_.read_ends();
    if (!read) { // the journal is away; who waits is told when patience runs out
      pause(how_.ask_again);
      return false;
    }
    const auto& until = *read;
    if (auto ok = advance(until); !ok) {
      rest(ok.error().text);
      return false;
    }
    publish();
    return std::ranges::any_of(followed_, [&](const auto& f) {
      return f->stopped.empty() && f->rows.positions() != until;
    });
  } catch (...) { // what is in memory may be half done
    rest(what_was_thrown());
  }
  return false;
}

/// Lets everything go, and begins again later with what the file has.
void projector::rest(const std::string& why) {
  followed_.clear();
  file_.reset();
  barrier_.stop_all(why);
  pause(part_.failed(why));
}

void projector::pause(duration wait) {
  std::lock_guard lock(mutex_);
  resting_ = clockwork_.after(wait, [this] {
    {
      std::lock_guard again(mutex_);
      resting_ = false;
    }
    wake();
  });
}

status projector::advance(const ends& until) {
  if (file_ == nullptr)
    if (auto ok = open(until); !ok) return ok;
  if (auto ok = obey(); !ok) return ok;
  take_feed();
  read(until);
  if (auto ok = write(); !ok) return ok;
  return switch_over(until);
}

status projector::open(const ends& until) {
  auto opened =
      view_file::open(how_.path, {journal_.about().lineage, until, how_.boot_id}, schemas_);
  if (!opened) return opened.error();
  file_ = std::move(*opened);
  ++generation_;
  if (!file_->discarded().empty()) spdlog::warn("views are filled anew: {}", file_->discarded());
  for (std::size_t v = 0; v < schemas_.size(); ++v)
    for (const auto side : {view_side::serving, view_side::aside})
      if (file_->has(v, side)) follow(v, side);
  return done{};
}

void projector::follow(std::size_t view, view_side side) {
  followed_.emplace_back(
      new followed{projection(*types_.views()[view], *file_, view, side, how_.rows_kept_max, time_,
                              side == view_side::serving ? how_.counts : nullptr)});
}

status projector::obey() {
  std::vector<order> orders;
  {
    std::lock_guard lock(mutex_);
    orders.swap(orders_);
  }
  for (const auto& o : orders) {
    for (auto& f : followed_)
      if (f->rows.view() == o.view) f->stopped.clear();
    if (!o.rebuild) continue;
    std::erase_if(followed_, [&](const auto& f) {
      return f->rows.view() == o.view && f->rows.side() == view_side::aside;
    });
    if (auto ok = file_->build_aside(o.view); !ok) return ok;
    follow(o.view, view_side::aside);
  }
  return done{};
}

/// Tables that are equally far share one reading of a shard; one that is filled has its own, so
/// that those that are read do not wait for it.
void projector::read(const ends& until) {
  std::vector<std::set<sequence_t>> behind(until.size());
  std::size_t readings = 0;
  for (shard_id s = 0; s < until.size(); ++s) {
    for (const auto& f : followed_)
      if (f->stopped.empty() && f->rows.positions()[s] < until[s])
        behind[s].insert(f->rows.positions()[s]);
    readings += behind[s].size();
  }
  for (shard_id s = 0; s < until.size(); ++s)
    for (const auto after : behind[s])
      read_shard(s, after, std::max<std::size_t>(1, how_.batch_events_max / readings));
}

void projector::read_shard(shard_id shard, sequence_t after, std::size_t most) {
  std::vector<followed*> by;
  for (auto& f : followed_)
    if (f->stopped.empty() && f->rows.positions()[shard] == after) by.push_back(f.get());
  auto last = after;
  auto ok = journal_.read_log(shard, after + 1, most, [&](const stored& at) {
    last = at.sequence;
    take(by, at);
    return true;
  });
  if (ok && last == after)
    ok = failure{failure::kind::corrupt, place_of(shard, after + 1) + " is missing"};
  if (ok) return;
  if (how_.unread && ok.error().what == failure::kind::corrupt)
    how_.unread("the log of shard " + std::to_string(shard), ok.error());
  for (auto* f : by)
    if (f->stopped.empty()) f->stop(ok.error().text);
}

/// What the writer left: for those who have everything before it.
void projector::take_feed() {
  feed_.take(recent_);
  std::vector<followed*> by;
  recent_.each([&](const stored& at) {
    by.clear();
    for (auto& f : followed_)
      if (f->stopped.empty() && f->rows.positions()[at.shard] + 1 == at.sequence)
        by.push_back(f.get());
    take(by, at);
    return true;
  });
}

/// The next record of a shard. It is decoded once, and only if somebody wants it.
void projector::take(const std::vector<followed*>& by, const stored& at) {
  bool decoded = false, whole = false;
  for (auto* f : by) {
    if (!f->stopped.empty()) continue;
    if (!f->rows.concerns(at)) {
      f->rows.pass(at);
      continue;
    }
    if (!std::exchange(decoded, true))
      whole = record_.ParseFromArray(at.record.data(), static_cast<int>(at.record.size()));
    const status taken =
        whole ? f->rows.take(record_, at) : failure{failure::kind::corrupt, "it is no record"};
    if (!taken) f->stop(place_of(at.shard, at.sequence) + ": " + taken.error().text);
  }
}

void projector::followed::stop(const std::string& why) {
  spdlog::error("view {} stops: {}", rows.type().name, why);
  stopped = why;
  rows.drop();
}

status projector::write() {
  std::vector<view_batch> batches;
  for (auto& f : followed_)
    if (f->stopped.empty() &&
        f->rows.positions() != file_->positions(f->rows.view(), f->rows.side()))
      batches.push_back(f->rows.batch());
  auto ok = file_->write(batches);
  if (ok)
    for (auto& f : followed_)
      if (f->stopped.empty()) f->rows.written();
  return ok;
}

status projector::switch_over(const ends& until) {
  std::vector<std::size_t> filled;
  for (const auto& f : followed_)
    if (f->rows.side() == view_side::aside && f->stopped.empty() &&
        covers(f->rows.positions(), until))
      filled.push_back(f->rows.view());
  for (const auto view : filled) {
    if (auto ok = file_->serve_aside(view); !ok) return ok;
    std::erase_if(followed_, [&](const auto& f) { return f->rows.view() == view; });
    follow(view, view_side::serving);
    spdlog::info("view {} is filled", schemas_[view].name);
  }
  return done{};
}

void projector::publish() {
  for (std::size_t v = 0; v < schemas_.size(); ++v) {
    const bool serving = file_->has(v, view_side::serving);
    const auto side = serving ? view_side::serving : view_side::aside;
    view_progress is{.serving = serving, .positions = file_->positions(v, side)};
    for (const auto& f : followed_)
      if (f->rows.view() == v && f->rows.side() == side) is.stopped = f->stopped;
    barrier_.publish(v, std::move(is));
  }
}

void projector::work() {
  for (;;) {
    while (step()) {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, how_.gather, [&] { return stopping_ || barrier_.anybody_gathered(); });
    idle_ = true;
    wake_.wait(lock, [&] { return stopping_ || (news_ && !resting_); });
    idle_ = false;
    if (stopping_) return;
  }
}

} // namespace reenact::runtime
