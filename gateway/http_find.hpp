#pragma once

#include "actors/runtime/cluster.hpp"
#include "gateway/exchange.hpp"
#include "gateway/replies.hpp"
#include "messages/fields.hpp"

namespace reenact::gateway {

/// One row of a view that an HTTP request asked for by its key, and its answer. Works on the
/// request's I/O thread.
class http_find final : public runtime::query {
public:
  /// `response` is the prototype of the rpc's response, which is filled from the row; `none` is
  /// what is answered when there is none, and outlives the query.
  http_find(exchange e, runtime::cluster& of, const replies& with,
            const messages::any_message& response, const model::rejection& none)
    : exchange_(std::move(e)),
      cluster_(of),
      replies_(with),
      response_(response) {
    unknown = &none;
  }

  /// To be called once `view` and `which` are set.
  void ask() { cluster_.ask(caf::intrusive_ptr<http_find>(this)); }

private:
  void finished() noexcept override;
  void answer();
  void refuse();

  exchange exchange_;
  runtime::cluster& cluster_;
  const replies& replies_;
  const messages::any_message& response_;
};

} // namespace reenact::gateway
