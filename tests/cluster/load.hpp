#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/cluster/history.hpp"
#include "tests/cluster/mall.hpp"

namespace reenact::tests {

struct load_options {
  std::size_t clients = 8;
  /// Of what each client chooses; how they meet is the machine's. The keys are made of it, so no
  /// two loads on one journal have the same.
  std::uint64_t seed = 0;
  std::chrono::milliseconds patience{10'000}; ///< for an answer; then the outcome is unknown
  std::size_t operations_max = 100'000;       ///< of a client: it has seen enough then
};

/// Where the clients of a load meet: which nodes there are, what is known of the shop, and whether
/// to go on. Thread safe, but for the history, of which each client has its part.
class meeting_place {
public:
  meeting_place(const load_options& how, std::vector<std::uint16_t> gateways);

  /// One of the nodes: as many turns as there are lead to all of them.
  std::uint16_t gateway(std::uint64_t turn) const;
  void move(std::vector<std::uint16_t> gateways);
  bool ended() const;
  void end();
  /// Lets some time pass before something is tried again; less when nodes come or it ends.
  void pause();

  void answered(const operation& what);
  void bought();
  bool await(std::uint64_t answers);
  std::uint64_t purchases() const;

  const load_options how;
  history seen;
  mall shop;

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::uint16_t> gateways_;
  std::uint64_t moves_ = 0, answers_ = 0, purchases_ = 0;
  bool ended_ = false;
};

/// Clients of the shop, a thread each, that create, change, remove, read, list and buy what they
/// share, one request at a time, over any of several nodes: when one does not answer they go to
/// another, and send again under the same Idempotency-Key what they do not know the outcome of.
/// Everything is written down. Its calls are for one thread.
class load {
public:
  load(load_options how, std::vector<std::uint16_t> gateways);
  ~load() { end(); }
  load(const load&) = delete;
  load& operator=(const load&) = delete;

  /// The nodes listen there from now on.
  void move(std::vector<std::uint16_t> gateways) { at_.move(std::move(gateways)); }
  /// Waits until so many more requests were accepted or refused, by whichever nodes; false when two
  /// minutes were not enough.
  bool await(std::uint64_t answers) { return at_.await(answers); }
  /// Nothing more is begun, and what is unknown now stays so. Returns when all clients have left.
  void end();

  /// After end().
  const histories& seen() const { return at_.seen.all(); }
  /// How many orders were seen to be approved or rejected.
  std::uint64_t purchases() const { return at_.purchases(); }

private:
  meeting_place at_;
  std::vector<std::thread> clients_;
};

/// How often each ending came, and how many commands were sent more than once: "accepted 712, ...".
std::string summary(const histories& of);

} // namespace reenact::tests
