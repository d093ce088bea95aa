// Asks the detectors of a snapshot's plugins about a case: turns the case into what the host sends, and what
// it answers into derived findings. The port may be called by several threads at once, as the pool may.
#pragma once

#include <functional>
#include <memory>

#include "engine/assess/assess.hpp"
#include "engine/host/pool.hpp"

namespace posterior::assess {

// Told of every detector that gave no answer, for the operator. Its argument holds no case data but must not
// be kept.
using silence_observer = std::function<void(const host::detector_answer&)>;

// Whether the code of a plugin may run, and which file is loaded.
struct code_ruling {
  host::failure barred = host::failure::none; // else the reason why it does not run
  std::string reason;                         // for the operator, when barred
  bool bundled = false;                       // this build's own
  std::string library;                        // absolute path of what is loaded
  std::string sha256;                         // of that file; empty: any
};
using code_policy = std::function<code_ruling(const kb::plugin_entry&)>;

// What the host must know about each plugin with code, read from the document and ruled on. Sorted by plugin.
std::vector<host::detector_spec> detector_specs(const kb::snapshot& knowledge, const code_policy& may_run);

// Everything recorded, in the finding's own unit, and the attributes `age`, `sex`, `body-mass` and `height`
// as findings of these names where the knowledge has them. The host sends each detector what it consumes.
std::vector<host::observation> detector_input(const cases::patient_case& c, const kb::snapshot& knowledge);

// Owns a share of the pool; `specs` must be of the snapshot that is assessed with.
detector_port ask_detectors(std::shared_ptr<host::worker_pool> workers,
                            std::vector<host::detector_spec> specs, silence_observer silent);

} // namespace posterior::assess
