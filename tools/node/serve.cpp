#include "tools/node/serve.hpp"

#include <iostream>

#include <spdlog/spdlog.h>

#include "tools/node/data_directory.hpp"
#include "tools/node/log.hpp"
#include "tools/node/port_holder.hpp"
#include "tools/node/stop_signal.hpp"

namespace reenact::tools {

exit_code serve(const settings& with) {
  stop_signal stop;
  open_log(with.text("log.level"), with.text("log.format"));
  const auto data = data_directory::take(with.text("data.directory"));
  if (!data) {
    spdlog::critical("{}", data.error().text);
    return exit_code::failed;
  }
  spdlog::info("stopping at {}", stop.wait());
  return exit_code::ok;
}

} // namespace reenact::tools
