#include "persistence/redis/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <hiredis/hiredis.h>

namespace reenact::persistence::redis {
namespace {

std::chrono::milliseconds left(deadline until) {
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
  return std::max(rest, std::chrono::milliseconds(0));
}

timeval as_timeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1'000, .tv_usec = time.count() % 1'000 * 1'000};
}

template <class Number>
Number parse(std::string_view digits) {
  Number n = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, n);
  return read.ec == std::errc() && read.ptr == end ? n : 0;
}

bool has_text(const redisReply* of) {
  return of != nullptr && (of->type == REDIS_REPLY_STRING || of->type == REDIS_REPLY_STATUS ||
                           of->type == REDIS_REPLY_ERROR);
}

} // namespace

bool answer_view::is_nil() const { return of_ == nullptr || of_->type == REDIS_REPLY_NIL; }
bool answer_view::is_error() const { return of_ != nullptr && of_->type == REDIS_REPLY_ERROR; }
bool answer_view::is_array() const { return of_ != nullptr && of_->type == REDIS_REPLY_ARRAY; }

std::string_view answer_view::text() const {
  return has_text(of_) ? std::string_view(of_->str, of_->len) : std::string_view();
}

std::int64_t answer_view::integer() const {
  if (of_ != nullptr && of_->type == REDIS_REPLY_INTEGER) return of_->integer;
  return parse<std::int64_t>(text());
}

std::uint64_t answer_view::number() const {
  if (of_ != nullptr && of_->type == REDIS_REPLY_INTEGER)
    return of_->integer < 0 ? 0 : static_cast<std::uint64_t>(of_->integer);
  return parse<std::uint64_t>(text());
}

std::size_t answer_view::size() const { return is_array() ? of_->elements : 0; }

answer_view answer_view::operator[](std::size_t i) const {
  return i < size() ? answer_view(of_->element[i]) : answer_view();
}

void answer::release::operator()(redisReply* whole) const { freeReplyObject(whole); }
answer::answer(redisReply* whole) : whole_(whole) {}

void connection::close::operator()(redisContext* context) const { redisFree(context); }
connection::connection(redisContext* context) : context_(context) {}
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection> connection::open(const address& to, deadline until) {
  const auto patience = as_timeval(std::max(left(until), std::chrono::milliseconds(1)));
  auto* context = to.host.empty() ? redisConnectUnixWithTimeout(to.path.c_str(), patience)
                                  : redisConnectWithTimeout(to.host.c_str(), to.port, patience);
  connection made(context);
  const auto unreachable = [&](const std::string& why) {
    return failure{failure::kind::unreachable, "cannot reach " + to.shown() + ": " + why};
  };
  if (context == nullptr) return unreachable("out of memory");
  if (context->err != 0) return unreachable(context->errstr);
  if (!to.host.empty()) redisEnableKeepAlive(context);
  return made;
}

bool connection::alive() const { return context_ != nullptr && !dead_; }

void connection::interrupt() const {
  if (context_ != nullptr) ::shutdown(context_->fd, SHUT_RDWR);
}

failure connection::fail(const std::string& why) {
  dead_ = true;
  return {failure::kind::unknown, "the connection to Redis was lost: " + why};
}

bool connection::wait_for(short events, deadline until) const {
  pollfd ready{.fd = context_->fd, .events = events, .revents = 0};
  for (;;) {
    const int n = ::poll(&ready, 1, static_cast<int>(left(until).count()));
    if (n > 0) return true;
    if (n == 0 || errno != EINTR) return false;
  }
}

void connection::put(const command& what) {
  out_ += '*';
  out_ += std::to_string(what.parts());
  out_ += "\r\n";
  out_ += what.text();
}

// Not by hiredis, whose write() would raise SIGPIPE and has no deadline.
status connection::flush(deadline until) {
  if (!alive()) return fail("it had ended");
  while (sent_ < out_.size()) {
    const auto n =
        ::send(context_->fd, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      sent_ += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(POLLOUT, until)) return fail("it took nothing more in time");
    } else if (errno != EINTR) {
      return fail(std::system_category().message(errno));
    }
  }
  out_.clear();
  sent_ = 0;
  return done{};
}

result<answer> connection::receive(deadline until) {
  if (auto sent = flush(until); !sent) return sent.error();
  for (;;) {
    void* whole = nullptr;
    if (redisGetReplyFromReader(context_.get(), &whole) != REDIS_OK) return fail(context_->errstr);
    if (whole != nullptr) return answer(static_cast<redisReply*>(whole));
    if (!wait_for(POLLIN, until)) return fail("no answer in time");
    if (redisBufferRead(context_.get()) != REDIS_OK) return fail(context_->errstr);
  }
}

result<answer> connection::ask(const command& what, deadline until) {
  put(what);
  return receive(until);
}

} // namespace reenact::persistence::redis
