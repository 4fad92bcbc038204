#include "gateway/http_find.hpp"

#include <memory>
#include <string>
#include <utility>

#include <google/protobuf/message.h>

#include "gateway/io_thread.hpp"
#include "gateway/refusal.hpp"
#include "gateway/transcode.hpp"

namespace reenact::gateway {

void http_find::finished() noexcept {
  auto& home = exchange_.home();
  if (io_thread::current() == &home) {
    io_thread::survives([this] { answer(); }); // else the exchange is dropped with the query
    return;
  }
  home.post([me = caf::intrusive_ptr<http_find>(this)] { me->answer(); });
}

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
  const auto no = refusal_of({.what = what, .code = code, .text = text});
  header_list headers;
  if (!no.retry_after.empty()) headers.push_back({"Retry-After", no.retry_after});
  replies_.send(std::move(exchange_), {.status = no.status, .body = no.body}, std::move(headers));
}

} // namespace reenact::gateway
