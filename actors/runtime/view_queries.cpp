#include "actors/runtime/view_queries.hpp"

#include <utility>

namespace reenact::runtime {

using namespace persistence;

/// A query that is finished once, also when the queue it stands in is dropped.
class view_queries::question {
public:
  explicit question(query_ptr asked) : asked_(std::move(asked)) {}
  ~question() { turn_away("the query was dropped"); }
  question(const question&) = delete;
  question& operator=(const question&) = delete;

  const query& asked() const { return *asked_; }

  void turn_away(std::string why) { end(answer::kind::unavailable, std::move(why)); }
  void answer_with(result<view_page> page) {
    if (page && page->rows.empty() && asked_->unknown != nullptr) return reject(*asked_->unknown);
    if (page) {
      asked_->rows = std::move(page->rows);
      asked_->next = std::move(page->next);
      return end(answer::kind::accepted, {});
    }
    // What a module selects by is tested with it: what a client can get wrong is the token.
    if (page.error().what == failure::kind::refused)
      return reject(model::invalid("views.query", page.error().text));
    turn_away(page.error().text);
  }

private:
  void reject(const model::rejection& why) {
    asked_->code = why.code;
    end(answer::kind::rejected, std::string(why.text));
  }
  void end(answer::kind how, std::string text) {
    const auto home = std::exchange(asked_, nullptr);
    if (home == nullptr) return;
    home->what = how;
    home->text = std::move(text);
    home->finished();
  }

  query_ptr asked_;
};

void view_queries::ask(query_ptr q) {
  const auto* view = q->view;
  const bool barrier = q->barrier;
  auto asked = std::make_shared<question>(std::move(q));
  if (!barrier) return enqueue(std::move(asked));
  views_.when_current(*view, [this, asked](std::string why) {
    if (why.empty()) return enqueue(asked);
    asked->turn_away(std::move(why));
  });
}

void view_queries::enqueue(std::shared_ptr<question> q) {
  if (!readers_.push([this, q] { q->answer_with(read(q->asked())); }))
    q->turn_away("too many queries on views");
}

result<view_page> view_queries::read(const query& q) {
  auto with = connect();
  if (!with) return with.error();
  auto which = q.which;
  if (which.limit == 0) which.limit = page_rows;
  auto page = with->reader->read(views_.schema(*q.view), which);
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(*with));
  return page;
}

result<view_queries::connection> view_queries::connect() {
  const auto now = views_.generation();
  {
    std::lock_guard lock(mutex_);
    std::erase_if(idle_, [&](const connection& c) { return c.generation != now; });
    if (!idle_.empty()) {
      auto taken = std::move(idle_.back());
      idle_.pop_back();
      return taken;
    }
  }
  auto opened = view_reader::open(views_.path());
  if (!opened) return opened.error();
  return connection{now, std::move(*opened)};
}

} // namespace reenact::runtime
