#include "engine/worker/run.hpp"

#include <unistd.h>

#include <cstdio>

#include "engine/worker/confine.hpp"
#include "engine/worker/connection.hpp"
#include "engine/worker/host_table.hpp"
#include "engine/worker/loader.hpp"
#include "engine/worker/serve.hpp"
#include "engine/worker/trial.hpp"

namespace posterior::worker {
namespace {

constexpr int exit_done = 0;
constexpr int exit_usage = 2;
constexpr int exit_refused = 3;

void refuse(const connection& host, wire::refusal_step step, const std::string& reason) {
  host.send(wire::encode(wire::refusal{step, reason}));
  _exit(exit_refused);
}

std::string reason_of(const host_table& table, const char* call, posterior_status status) {
  const std::string said = table.error();
  return std::string{call} + " returned " + std::to_string(status) + (said.empty() ? "" : ": " + said);
}

posterior_detector* start(const connection& host, const loaded& from, host_table& table, trial& tried) {
  const posterior_host* const shown = tried.host(table);
  const std::string_view config = tried.config();
  posterior_status status = from.plugin->init(shown);
  if (status < 0)
    refuse(host, wire::refusal_step::init, reason_of(table, "init", status));
  host.send(wire::encode_loaded());
  table.clear_error();
  posterior_detector* detector = nullptr;
  status = from.made_by->create(from.made_by, shown, {config.data(), config.size()}, &detector);
  if (status < 0)
    refuse(host, wire::refusal_step::create, reason_of(table, "create", status));
  if (detector == nullptr)
    refuse(host, wire::refusal_step::create, "create returned 0 and made no detector");
  return detector;
}

wire::load_order understood(const wire::bytes& frame, int library) {
  const auto order = wire::decode_load(frame);
  if (!order || library < 0)
    _exit(exit_usage);
  return *order.value;
}

// Returns what holds of it; ends this process if something that is required does not.
std::uint32_t confine_as_required(const connection& host, const wire::kernel_support& kernel,
                                  const wire::load_order& order) {
  const std::uint32_t held = confine(kernel, order.memory_mib);
  const std::uint32_t missing = (order.required | wire::confinement_least) & ~held;
  if (missing != 0)
    refuse(host, step_of_missing(missing), name_missing(missing, kernel));
  return held;
}

} // namespace

int run(const wire::kernel_support& kernel) {
  const connection host{wire::connection_fd};
  if (!bind_to_parent(wire::connection_fd)) {
    std::fputs("posterior-worker: is started by posterior to run one detector; it does nothing by itself\n",
               stderr);
    return exit_usage;
  }
  int library = -1;
  const auto frame = host.receive(library);
  if (!frame)
    return exit_usage;
  const wire::load_order order = understood(*frame, library);
  const std::uint32_t held = confine_as_required(host, kernel, order);
  host.send(wire::encode(wire::greeting{wire::protocol, POSTERIOR_ABI_MINOR, held}));

  host_table table;
  trial tried{order.config};
  auto opened = load(order, library);
  if (const auto* no = std::get_if<refused>(&opened))
    refuse(host, no->step, no->reason);
  auto& plugin = std::get<loaded>(opened);
  plugin.made_by = tried.made_by(plugin);
  posterior_detector* detector = start(host, plugin, table, tried);
  host.send(wire::encode_ready());

  evaluator evaluator{*plugin.made_by, detector, table, order.records};
  serve(host, evaluator);
  _exit(exit_done);
}

} // namespace posterior::worker
