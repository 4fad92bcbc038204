#include "persistence/journal_writer.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace reenact::persistence {
namespace {

std::size_t bytes_of(const append& a) {
  std::size_t bytes = 0;
  for (const auto& record : a.records) bytes += record.size();
  for (const auto* timers : {&a.set, &a.cleared})
    for (const auto& t : *timers) bytes += t.name.size();
  return bytes;
}

/// Timers without a record are no barrier but an append that the journal refuses.
bool is_barrier(const pending* p) {
  return p->what.records.empty() && p->what.set.empty() && p->what.cleared.empty();
}

} // namespace

journal_writer::journal_writer(journal& to, options bounds, std::function<void()> committed)
  : journal_(to),
    bounds_(std::move(bounds)),
    committed_(std::move(committed)) {}

journal_writer::~journal_writer() { stop(); }

bool journal_writer::push(pending* p) {
  const auto bytes = bytes_of(p->what);
  std::unique_lock lock(mutex_);
  if (stopping_ || queue_.size() >= bounds_.queue_max) return false;
  if (queued_bytes_ + bytes > bounds_.queue_bytes_max) return false;
  queue_.push_back(p);
  queued_bytes_ += bytes;
  wake(lock);
  return true;
}

bool journal_writer::run(std::function<void(journal&)> task) {
  std::unique_lock lock(mutex_);
  if (stopping_ || tasks_.size() >= bounds_.queue_max) return false;
  tasks_.push_back(std::move(task));
  wake(lock);
  return true;
}

// A futex call for each push would cost more than the push: only a waiting writer is woken, once.
void journal_writer::wake(std::unique_lock<std::mutex>& held) {
  const bool sleeps = std::exchange(waiting_, false);
  held.unlock();
  if (sleeps) wake_.notify_one();
}

void journal_writer::start() { thread_ = std::thread(&journal_writer::work, this); }

void journal_writer::stop() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    wake(lock);
  }
  if (thread_.joinable()) {
    thread_.join();
  } else {
    while (step()) {
    }
  }
}

void journal_writer::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      while (queue_.empty() && tasks_.empty()) {
        if (stopping_) return;
        waiting_ = true;
        wake_.wait(lock);
      }
      waiting_ = false;
    }
    step();
  }
}

template <class F>
bool journal_writer::attempt(F what) {
  try {
    what();
  } catch (...) {
    broken_ = true;
    if (bounds_.thrown) bounds_.thrown();
  }
  return !broken_;
}

bool journal_writer::step() {
  taken_.clear();
  {
    const std::scoped_lock lock(mutex_);
    taken_.swap(queue_);
    taken_tasks_.swap(tasks_);
    queued_bytes_ = 0;
  }
  if (taken_.empty() && taken_tasks_.empty()) return false;
  for (const auto& task : taken_tasks_)
    if (!broken_) attempt([&] { task(journal_); });
  taken_tasks_.clear(); // what they captured ends here, not at the next step

  std::size_t begin = 0;
  std::size_t appends = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    const auto more = bytes_of(taken_[i]->what);
    if (appends == bounds_.group_max || (bytes > 0 && bytes + more > bounds_.group_bytes_max)) {
      commit_group(std::span(taken_).subspan(begin, i - begin));
      begin = i;
      appends = bytes = 0;
    }
    appends += is_barrier(taken_[i]) ? 0 : 1;
    bytes += more;
  }
  commit_group(std::span(taken_).subspan(begin));
  return true;
}

void journal_writer::commit_group(std::span<pending* const> group) {
  appends_.clear();
  lost_.clear();
  for (const pending* p : group) {
    if (!is_barrier(p)) {
      appends_.push_back(&p->what);
    } else if (p->what.head != nullptr && p->what.head->closed) {
      lost_.push_back(p->what.head);
    }
  }
  std::vector<outcome> outcomes;
  if (!appends_.empty()) outcomes = commit();
  answer(group, outcomes);
  if (committed_ && std::ranges::any_of(outcomes, [](const outcome& o) {
        return o.what == outcome::kind::appended;
      }))
    attempt(std::cref(committed_));
}

std::vector<outcome> journal_writer::commit() {
  std::vector<outcome> outcomes;
  const auto lost = broken_ ? outcome::kind::failed : outcome::kind::unknown;
  if (!broken_ && attempt([&] {
        outcomes = journal_.commit(appends_);
        if (bounds_.durable) bounds_.durable(appends_, outcomes);
      }))
    return outcomes;
  for (const append* a : appends_)
    if (a->head != nullptr) a->head->closed = true;
  return std::vector<outcome>(appends_.size(), outcome{lost});
}

// A barrier before the append that failed still leaves well: what it saw is durable. So the slots
// that are lost are gathered in the order of the queue, not read from `closed`.
void journal_writer::answer(std::span<pending* const> group, std::span<const outcome> outcomes) {
  auto next = outcomes.begin();
  for (pending* p : group) {
    head_slot* head = p->what.head;
    if (is_barrier(p)) {
      const bool lost = head != nullptr && std::ranges::find(lost_, head) != lost_.end();
      p->done(lost ? outcome{outcome::kind::failed}
                   : outcome{outcome::kind::appended, head == nullptr ? 0 : head->version.load()});
      continue;
    }
    const outcome& how = *next++;
    if (head != nullptr) {
      if (how.what != outcome::kind::appended) lost_.push_back(head);
      --head->in_flight;
    }
    p->done(how); // may end the life of p and of its slot
  }
}

std::size_t journal_writer::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

} // namespace reenact::persistence
