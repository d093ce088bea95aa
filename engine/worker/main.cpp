// posterior-worker: the process that holds one detector's code, and nothing else of value. The host starts it
// with a socket as descriptor 3 and everything else closed or /dev/null; it answers until the socket closes.
//
// It never returns from main once foreign code was loaded: _exit() runs no destructor of a plugin.
#include <unistd.h>

#include <cstdio>

#include "engine/wire/frames.hpp"
#include "engine/worker/confine.hpp"
#include "engine/worker/connection.hpp"
#include "engine/worker/host_table.hpp"
#include "engine/worker/loader.hpp"
#include "engine/worker/serve.hpp"

namespace {

using namespace posterior;

constexpr int exit_done = 0;
constexpr int exit_usage = 2;
constexpr int exit_refused = 3;

void refuse(const worker::connection& host, wire::refusal_step step, const std::string& reason) {
  host.send(wire::encode(wire::refusal{step, reason}));
  _exit(exit_refused);
}

std::string reason_of(const worker::host_table& table, const char* call, posterior_status status) {
  const std::string said = table.error();
  return std::string{call} + " returned " + std::to_string(status) + (said.empty() ? "" : ": " + said);
}

posterior_detector* start(const worker::connection& host, const worker::loaded& from,
                          worker::host_table& table, std::string_view config) {
  posterior_status status = from.plugin->init(table.get());
  if (status < 0)
    refuse(host, wire::refusal_step::init, reason_of(table, "init", status));
  host.send(wire::encode_loaded());
  table.clear_error();
  posterior_detector* detector = nullptr;
  status = from.made_by->create(from.made_by, table.get(), {config.data(), config.size()}, &detector);
  if (status < 0)
    refuse(host, wire::refusal_step::create, reason_of(table, "create", status));
  if (detector == nullptr)
    refuse(host, wire::refusal_step::create, "create returned 0 and made no detector");
  return detector;
}

} // namespace

int main() {
  const worker::connection host{wire::connection_fd};
  if (!worker::bind_to_parent(wire::connection_fd)) {
    std::fputs("posterior-worker: is started by posterior to run one detector; it does nothing by itself\n",
               stderr);
    return exit_usage;
  }
  const auto frame = host.receive();
  const auto order = frame ? wire::decode_load(*frame) : wire::decoded<wire::load_order>{};
  if (!order)
    return exit_usage;
  const auto confined = worker::confine(order.value->memory_mib);
  if (!confined)
    refuse(host, wire::refusal_step::confine, "a limit of the process could not be set");

  worker::host_table table;
  auto opened = worker::load(*order.value);
  if (const auto* no = std::get_if<worker::refused>(&opened))
    refuse(host, no->step, no->reason);
  const auto& plugin = std::get<worker::loaded>(opened);
  posterior_detector* detector = start(host, plugin, table, order.value->config);
  host.send(wire::encode(wire::greeting{wire::protocol, POSTERIOR_ABI_MINOR, *confined}));

  worker::evaluator evaluator{*plugin.made_by, detector, table, order.value->records};
  worker::serve(host, evaluator);
  _exit(exit_done);
}
