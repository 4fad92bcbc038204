#include "gateway/io_thread.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "gateway/session.hpp"

namespace reenact::gateway {
namespace {

thread_local io_thread* this_thread = nullptr;

std::string http_date(std::time_t t) {
  std::tm utc{};
  gmtime_r(&t, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

} // namespace

io_thread::io_thread(unsigned number, std::shared_ptr<http_shared> shared)
  : number_(number),
    shared_(std::move(shared)),
    part_("an I/O thread", options().now, options().restart),
    work_(loop_.get_executor()),
    timer_(loop_),
    now_(options().now()),
    date_(http_date(options().wall())) {}

io_thread* io_thread::current() { return this_thread; }

void io_thread::start() {
  thread_ = std::thread([this] {
    this_thread = this;
    wait_for_tick();
    options().around([this] { part_.keep_at([this] { loop_.run(); }); });
    this_thread = nullptr;
    std::vector<errand> late; // they may hold sessions, which hold this
    const std::lock_guard lock(mutex_);
    ended_ = true;
    late.swap(inbox_);
  });
}

void io_thread::join() {
  post([this] {
    close_all();
    ticking_ = false; // a tick that is due already cannot be canceled
    timer_.cancel();
    work_.reset();
  });
  part_.hurry();
  if (thread_.joinable()) thread_.join();
}

bool io_thread::survives(const errand& e) {
  try {
    e();
    return true;
  } catch (...) {
    spdlog::error("a request failed: {}", runtime::what_was_thrown());
    return false;
  }
}

void io_thread::post(errand e) {
  bool was_empty;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    was_empty = inbox_.empty();
    inbox_.push_back(std::move(e));
  }
  if (was_empty) boost::asio::post(loop_, [this] { run_errands(); });
}

void io_thread::run_errands() {
  {
    const std::lock_guard lock(mutex_);
    running_.swap(inbox_);
  }
  for (auto& e : running_) survives(e);
  running_.clear();
}

void io_thread::wait_for_tick() {
  timer_.expires_after(options().tick);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec || !ticking_) return;
    wait_for_tick(); // first, as a tick that fails must not be the last
    tick();
  });
}

void io_thread::tick() {
  now_ = options().now();
  date_ = http_date(options().wall());
  // From the end, because a session that closes is replaced by the last one.
  for (auto i = sessions_.size(); i-- > 0;) sessions_[i]->tick();
}

void io_thread::drain() {
  draining_ = true;
  for (auto i = sessions_.size(); i-- > 0;) sessions_[i]->drain();
}

void io_thread::close_all() {
  while (!sessions_.empty()) sessions_.back()->close();
}

void io_thread::add(boost::intrusive_ptr<session> s) {
  s->slot_ = sessions_.size();
  sessions_.push_back(std::move(s));
}

void io_thread::remove(session& s) {
  const auto slot = s.slot_;
  sessions_.back()->slot_ = slot;
  std::swap(sessions_[slot], sessions_.back());
  sessions_.pop_back(); // may be the last reference to s
  if (shared_->connections.fetch_sub(1) == 1) shared_->last_closed();
}

} // namespace reenact::gateway
