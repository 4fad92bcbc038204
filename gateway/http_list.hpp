#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actors/runtime/cluster.hpp"
#include "gateway/exchange.hpp"
#include "gateway/replies.hpp"
#include "messages/fields.hpp"

namespace reenact::gateway {

/// A list that an HTTP request asked for: rows of a view, written as they come. One page is an
/// answer like any other; a longer list is streamed, the next page asked for when the client has
/// taken the one before, so that no list is ever held in memory. Works on the request's I/O thread.
class http_list final : public runtime::query {
public:
  /// `response` is the prototype of the rpc's response, which has one repeated message.
  http_list(exchange e, runtime::cluster& of, const replies& with,
            const messages::any_message& response)
    : exchange_(std::move(e)),
      cluster_(of),
      replies_(with),
      response_(response) {}

  /// To be called once `view` and `which` are set.
  void ask();

private:
  using self = caf::intrusive_ptr<http_list>;

  void finished() noexcept override;
  void take_page();
  bool append_rows(std::string& out);
  void append_end(std::string& out);
  void produce(next_piece piece);
  void refuse();

  std::optional<exchange> exchange_; // until the answer has begun
  std::optional<next_piece> piece_;  // while a following page is on its way
  runtime::cluster& cluster_;
  const replies& replies_;
  const messages::any_message& response_;
  io_thread* home_ = nullptr;
  const messages::field* rows_field_ = nullptr;
  std::unique_ptr<messages::any_message> row_, shown_;
  std::string ready_; // the first page, until it is asked for
  bool whole_ = false, first_row_ = true;
};

} // namespace reenact::gateway
