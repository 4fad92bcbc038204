#include "gateway/http_list.hpp"

#include <google/protobuf/message.h>

#include "gateway/io_thread.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {
namespace {

const messages::field* repeated_message(const messages::descriptor* of) {
  for (int i = 0; i < of->field_count(); ++i)
    if (of->field(i)->is_repeated() && of->field(i)->message_type() != nullptr) return of->field(i);
  return nullptr;
}

} // namespace

void http_list::ask() {
  home_ = &exchange_->home();
  rows_field_ = repeated_message(response_.GetDescriptor());
  row_.reset(view->prototype->New());
  shown_ = messages::new_message(rows_field_->message_type());
  whole_ = which.limit == 0;
  cluster_.ask(self(this));
}

void http_list::finished() noexcept { home_->let_answer(this, &http_list::take_page); }

void http_list::take_page() {
  if (what != runtime::answer::kind::accepted) return refuse();
  std::string text;
  if (exchange_) text.append("{\"").append(rows_field_->json_name()).append("\":[");
  if (!append_rows(text)) {
    what = runtime::answer::kind::broken;
    this->text = "a row of the view " + view->name + " is no " + row_->GetTypeName();
    return refuse();
  }
  const bool last = !whole_ || next.empty();
  if (last) append_end(text);
  if (!exchange_) {
    auto to = std::move(*piece_);
    piece_.reset();
    return last ? std::move(to).end(std::move(text)) : std::move(to).write(std::move(text));
  }
  auto e = std::move(*exchange_);
  exchange_.reset();
  if (last) return replies_.send(std::move(e), {.body = text});
  ready_ = std::move(text);
  replies_.stream(std::move(e), {},
                  [me = self(this)](next_piece to) { me->produce(std::move(to)); });
}

/// The first page is there already; each following one is asked for here.
void http_list::produce(next_piece piece) {
  if (!ready_.empty()) return std::move(piece).write(std::exchange(ready_, {}));
  piece_.emplace(std::move(piece));
  which.after = std::exchange(next, {});
  barrier = false;
  rows.clear();
  cluster_.ask(self(this));
}

bool http_list::append_rows(std::string& out) {
  for (const auto& bytes : rows) {
    if (!row_->ParseFromString(bytes)) return false;
    shown_->Clear();
    messages::assign(*shown_, *row_);
    if (!std::exchange(first_row_, false)) out += ',';
    append_json(out, *shown_);
  }
  return true;
}

void http_list::append_end(std::string& out) {
  out += ']';
  const auto* more = response_.GetDescriptor()->FindFieldByName("next");
  if (more != nullptr && !(next.empty() && more->has_presence())) {
    out += ",\"next\":";
    append_json(out, std::string_view(next));
  }
  out += '}';
}

/// Before the first byte the client is told; after it the answer is broken off.
void http_list::refuse() {
  piece_.reset();
  if (!exchange_) return;
  replies_.refuse(std::move(*exchange_), {.what = what, .code = code, .text = text});
  exchange_.reset();
}

} // namespace reenact::gateway
