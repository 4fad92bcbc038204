#pragma once

#include <string_view>

#include "actors/runtime/call.hpp"
#include "gateway/exchange.hpp"
#include "gateway/replies.hpp"

namespace reenact::gateway {

/// A call that an HTTP request made, and that answers it: it travels home to the request's I/O
/// thread and is written there.
class http_call final : public runtime::call {
public:
  http_call(exchange e, const replies& with) : exchange_(std::move(e)), replies_(with) {}

  const exchange& asked() const { return exchange_; }
  /// Instead of submit: the request is not one that can be asked.
  void refuse(std::string_view why) { replies_.send_error(std::move(exchange_), 400, 3, why); }

private:
  void finished() noexcept override;
  void answer();
  void check_if_match();
  bool unchanged() const;

  exchange exchange_;
  const replies& replies_;
};

} // namespace reenact::gateway
