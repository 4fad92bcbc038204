#include "actors/runtime/link_system.hpp"

#include <latch>
#include <memory>

#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/openssl/all.hpp>
#include <caf/openssl/manager.hpp>

namespace reenact::runtime {
namespace {

/// CAF's middleman with an identity of our own.
class anonymous_middleman final : public caf::io::middleman {
public:
  anonymous_middleman(caf::actor_system& system, const caf::node_id& id)
    : caf::io::middleman(system),
      id_(id),
      backend_(&system) {}

  void init(caf::actor_system_config& how) override {
    caf::io::middleman::init(how);
    // The base has just set it, and has no option for it. The system itself is not constant.
    const_cast<caf::node_id&>(system().node()) = id_;
  }

  caf::io::network::multiplexer& backend() override { return backend_; }

private:
  const caf::node_id id_;
  caf::io::network::default_multiplexer backend_;
};

caf::node_id drawn(entropy& random) {
  caf::node_id::default_data::host_id_type host{};
  for (auto& byte : host) byte = static_cast<std::uint8_t>(random.draw() & 0xff);
  return caf::make_node_id(static_cast<std::uint32_t>(random.draw() | 1U), host);
}

caf::timespan span(duration d) { return std::chrono::duration_cast<caf::timespan>(d); }

} // namespace

class link_system::configuration : public caf::actor_system_config {
public:
  configuration(const tls_files* files, patience how, const caf::node_id& id) {
    add_message_type<link_envelope>("envelope");
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("middleman.heartbeat-interval", span(how.beat));
    set("middleman.connection-timeout", span(how.silent));
    set("middleman.enable-automatic-connections", false);
    module_factories.push_back([id](caf::actor_system& system) -> caf::actor_system::module* {
      return new anonymous_middleman(system, id);
    });
    if (files == nullptr) return;
    openssl_certificate = files->certificate;
    openssl_key = files->key;
    openssl_cafile = files->authority;
    load<caf::openssl::manager>();
  }
};

link_system::link_system(const tls_files* files, patience how, entropy& random)
  : tls_(files != nullptr),
    configuration_(std::make_unique<configuration>(files, how, drawn(random))),
    system_(*configuration_),
    broker_(system_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"))) {}

link_system::~link_system() {
  // What disconnect() has left to CAF's thread is done there first: CAF drops it, undone and with
  // all it holds.
  std::latch done(1);
  system_.middleman().backend().post([&] { done.count_down(); });
  done.wait();
  broker_ = nullptr;
}

persistence::result<std::uint16_t> link_system::publish(const caf::actor& whom,
                                                        const std::string& host,
                                                        std::uint16_t port) {
  constexpr bool reuse = true;
  auto bound = tls_ ? caf::openssl::publish(whom, port, host.c_str(), reuse)
                    : system_.middleman().publish(whom, port, host.c_str(), reuse);
  if (bound) return *bound;
  return persistence::failure{persistence::failure::kind::refused,
                              "cannot listen for links on " + host + ":" + std::to_string(port) +
                                  ": " + system_.render(bound.error())};
}

caf::io::middleman_actor link_system::connector() {
  return tls_ ? system_.openssl_manager().actor_handle() : system_.middleman().actor_handle();
}

void link_system::disconnect(const caf::node_id& node) {
  auto& io = system_.middleman().backend();
  io.post([broker = broker_, node, &io] {
    auto* basp = static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(broker));
    if (basp->getf(caf::abstract_actor::is_terminated_flag)) return;
    basp->context(&io);
    const auto line = basp->instance.tbl().lookup_direct(node);
    if (!line) return;
    basp->connection_cleanup(*line, caf::sec::none);
    basp->close(*line);
  });
}

} // namespace reenact::runtime
