#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include <caf/make_counted.hpp>
#include <catch2/catch.hpp>

#include "actors/mallbots/modules.hpp"
#include "actors/runtime/node.hpp"
#include "messages/schema.hpp"
#include "tests/runtime/unruly_journal.hpp"

/// A node on real threads.
namespace reenact::tests {

using namespace reenact::runtime;

/// Calls of one kind of request, made ready to be sent many times.
struct sender {
  sender(node& to, const any_message& request) : node_(to), request_(request.New()) {
    request_->CopyFrom(request);
    target_ = to.hosted().find(request.GetDescriptor());
    for (const auto* service : messages::services())
      for (int i = 0; i < service->method_count(); ++i)
        if (service->method(i)->input_type() == request.GetDescriptor()) rpc_ = service->method(i);
  }

  class counted final : public call {
  public:
    explicit counted(std::function<void(answer)> home) : home_(std::move(home)) {}

  private:
    void finished() noexcept override { home_(std::move(result)); }
    std::function<void(answer)> home_;
  };

  void send(const std::string& entity, std::function<void(answer)> home, bool fresh = false) const {
    auto c = caf::make_counted<counted>(std::move(home));
    c->type = target_.aggregate;
    c->request_type = target_.request;
    c->rpc = rpc_;
    c->request.reset(request_->New());
    c->request->CopyFrom(*request_);
    c->result.response = messages::new_message(rpc_->output_type());
    c->entity = entity;
    c->fresh = fresh;
    c->id = random_uuid(node_.random());
    c->deadline = node_.time().now() + std::chrono::minutes(5);
    node_.submit(std::move(c));
  }

  answer ask(const std::string& entity) const {
    std::promise<answer> got;
    send(entity, [&](answer a) { got.set_value(std::move(a)); });
    return got.get_future().get();
  }

  node& node_;
  std::unique_ptr<any_message> request_;
  model::registry::target target_;
  const messages::method* rpc_ = nullptr;
};

/// The node. What it calls ends before it does.
struct running {
  running() : journal(std::make_unique<unruly_journal>(persistence::open_options{})) {
    mallbots::install(types);
  }
  explicit running(node_options how) : running() { start(std::move(how)); }

  void start(node_options how = {}) {
    live = std::make_unique<node>(types, *journal, time, random, std::move(how));
    REQUIRE(live->start());
  }

  model::registry types;
  std::unique_ptr<unruly_journal> journal;
  system_clock time;
  system_entropy random;
  std::unique_ptr<node> live;
};

} // namespace reenact::tests
