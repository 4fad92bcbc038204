#include "gateway/http_find.hpp"

#include <memory>
#include <string>
#include <utility>

#include <google/protobuf/message.h>

#include "gateway/io_thread.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {

void http_find::finished() noexcept { exchange_.home().let_answer(this, &http_find::answer); }

void http_find::answer() {
  if (what != runtime::answer::kind::accepted) return refuse();
  const std::unique_ptr<messages::any_message> row(view->prototype->New());
  const std::unique_ptr<messages::any_message> shown(response_.New());
  if (!row->ParseFromString(rows.front())) {
    what = runtime::answer::kind::broken;
    text = "a row of the view " + view->name + " is no " + row->GetTypeName();
    return refuse();
  }
  messages::assign(*shown, *row);
  std::string body;
  append_json(body, *shown);
  replies_.send(std::move(exchange_), {.body = body});
}

void http_find::refuse() {
  replies_.refuse(std::move(exchange_), {.what = what, .code = code, .text = text});
}

} // namespace reenact::gateway
