#include "actors/runtime/fact_fetch.hpp"

#include <utility>

namespace reenact::runtime {

/// Asks one entity for its state.
class fact_fetch::fact_call final : public call {
public:
  explicit fact_call(std::shared_ptr<fact_fetch> of) : of_(std::move(of)) {}

private:
  void finished() noexcept override { std::exchange(of_, nullptr)->arrived(); }

  std::shared_ptr<fact_fetch> of_;
};

void fact_fetch::start(directory& at, surroundings& here, call_ptr command,
                       std::vector<model::want> wanted) {
  const std::shared_ptr<fact_fetch> fetch(new fact_fetch(at, std::move(command)));
  for (const auto& w : wanted) {
    auto c = caf::make_counted<fact_call>(fetch);
    c->type = here.types.hosting(w.state); // known: the registry checked at start
    c->entity = w.entity;
    c->deadline = fetch->command_->deadline;
    fetch->calls_.push_back(std::move(c));
  }
  fetch->wanted_ = std::move(wanted);
  fetch->outstanding_ = fetch->calls_.size();
  // A copy, because the last answer may come, and end the fetch, while we still ask.
  for (const auto& c : std::vector(fetch->calls_)) at.submit(c);
}

void fact_fetch::arrived() {
  if (--outstanding_ > 0) return;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    auto& fact = *calls_[i];
    if (fact.result.what != answer::kind::accepted) {
      auto why = answer::failed(fact.result.what, fact.result.text);
      calls_.clear();
      return at_.give_up(*command_, std::move(why));
    }
    command_->facts_.put(std::move(wanted_[i]), std::move(fact.state));
  }
  calls_.clear();
  at_.resume(*command_);
}

} // namespace reenact::runtime
