#include "actors/runtime/event_tail.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "actors/runtime/part.hpp"
#include "actors/runtime/record_type.hpp"
#include "messages/model/record.pb.h"

namespace reenact::runtime {

using namespace persistence;

namespace {

void end(const tail_query_ptr& q, tail_query::ending how, std::string why = {}) {
  q->what = how;
  q->why = std::move(why);
  q->finished();
}

bool meant(const tail_query& q, const stored& at) {
  if (!q.entity.empty() && at.entity != q.entity) return false;
  const auto type = type_of_record(at.record);
  if (type) return q.types.contains(*type);
  ::model::Record whole;
  return whole.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())) &&
         q.types.contains(whole.type());
}

} // namespace

/// A query's turn with a reader, which ends it also when the queue that it stands in is dropped.
class event_tail::turn {
public:
  turn(event_tail& at, tail_query_ptr of) : at_(at), query_(std::move(of)) {}
  ~turn() {
    if (query_ != nullptr) end(query_, tail_query::ending::closed);
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

  void take() { at_.run(std::exchange(query_, nullptr)); }
  void refuse() {
    end(std::exchange(query_, nullptr), tail_query::ending::failed, "too many follow the events");
  }

private:
  event_tail& at_;
  tail_query_ptr query_;
};

event_tail::event_tail(const journal& from, reader_pool& readers, const clock& time,
                       timers& clockwork, options how)
  : journal_(from),
    readers_(readers),
    time_(time),
    clockwork_(clockwork),
    how_(std::move(how)) {}

void event_tail::ask(const tail_query_ptr& q) {
  q->what = tail_query::ending::pending;
  q->events.clear();
  enqueue(q);
}

void event_tail::enqueue(const tail_query_ptr& q) {
  if (closed_) return end(q, tail_query::ending::closed);
  const auto next = std::make_shared<turn>(*this, q);
  if (!readers_.push([next] { next->take(); })) next->refuse();
}

/// Fair to the others: when there is more than one turn's worth to pass, it queues again.
void event_tail::run(const tail_query_ptr& q) {
  const auto before = q->after;
  std::size_t records = 0;
  try {
    read(*q, records);
  } catch (...) {
    q->after = before;
    q->events.clear();
    return end(q, tail_query::ending::failed, what_was_thrown());
  }
  if (!q->events.empty()) return end(q, tail_query::ending::told);
  if (records >= how_.records_max) return enqueue(q);
  wait(q);
}

void event_tail::read(tail_query& q, std::size_t& records) const {
  std::size_t bytes = 0;
  const auto ends = journal_.log_ends();
  for (auto& [shard, seen] : q.after)
    if (ends[shard] > seen && !read_shard(q, shard, seen, bytes, records)) return;
}

/// False: the turn, or the batch, is at its end.
bool event_tail::read_shard(tail_query& q, shard_id shard, sequence_t& seen, std::size_t& bytes,
                            std::size_t& records) const {
  const auto ok =
      journal_.read_log(shard, seen + 1, how_.records_max - records, [&](const stored& at) {
        ++records;
        seen = at.sequence;
        if (!meant(q, at)) return true;
        q.events.push_back({at.shard, at.sequence, at.version, at.stamp, std::string(at.entity),
                            std::string(at.record)});
        bytes += at.record.size();
        return bytes < tail_query::bytes_max;
      });
  if (!ok) {
    if (how_.unread) how_.unread("the log of shard " + std::to_string(shard), ok.error());
    throw std::runtime_error("a log cannot be read");
  }
  return bytes < tail_query::bytes_max && records < how_.records_max;
}

void event_tail::wait(const tail_query_ptr& q) {
  bool sweep = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({q, time_.now() + how_.patience});
    waits_ = waiting_.size();
    sweep = !std::exchange(sweeping_, true);
  }
  if (sweep) answer_the_patient();
  if (closed_) return close();
  // What came before we waited has woken nobody.
  if (anything_for(*q, journal_.log_ends())) wake();
}

bool event_tail::anything_for(const tail_query& q, const std::vector<sequence_t>& ends) {
  return std::ranges::any_of(q.after, [&](const auto& p) { return ends[p.first] > p.second; });
}

void event_tail::wake() {
  if (waits_ == 0 || round_armed_.exchange(true)) return;
  if (!clockwork_.after(how_.pause, [this] { round(); })) round_armed_ = false;
}

void event_tail::round() {
  round_armed_ = false;
  std::vector<waiting> ready;
  const auto ends = journal_.log_ends();
  {
    const std::lock_guard lock(mutex_);
    const auto rest = std::partition(waiting_.begin(), waiting_.end(), [&](const waiting& w) {
      return !anything_for(*w.query, ends);
    });
    std::move(rest, waiting_.end(), std::back_inserter(ready));
    waiting_.erase(rest, waiting_.end());
    waits_ = waiting_.size();
  }
  for (const auto& w : ready) enqueue(w.query);
}

/// Looks at times, as a timer for each wait would be one for each batch of each client.
void event_tail::answer_the_patient() {
  std::vector<waiting> late;
  const auto now = time_.now();
  {
    const std::lock_guard lock(mutex_);
    const auto rest = std::partition(waiting_.begin(), waiting_.end(),
                                     [&](const waiting& w) { return w.until > now; });
    std::move(rest, waiting_.end(), std::back_inserter(late));
    waiting_.erase(rest, waiting_.end());
    waits_ = waiting_.size();
    sweeping_ =
        !waiting_.empty() && clockwork_.after(how_.patience / 3, [this] { answer_the_patient(); });
  }
  for (const auto& w : late) end(w.query, tail_query::ending::told);
}

void event_tail::close() {
  closed_ = true;
  std::vector<waiting> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(waiting_);
    waits_ = 0;
  }
  for (const auto& w : all) end(w.query, tail_query::ending::closed);
}

} // namespace reenact::runtime
