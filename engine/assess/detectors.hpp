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

// What the host must know about each plugin with code, read from the document. Sorted by plugin.
std::vector<host::detector_spec> detector_specs(const kb::snapshot& knowledge);

// Everything recorded, in the finding's own unit, and the attributes `age`, `sex`, `body-mass` and `height`
// as findings of these names where the knowledge has them. The host sends each detector what it consumes.
std::vector<host::observation> detector_input(const cases::patient_case& c, const kb::snapshot& knowledge);

// Owns a share of the pool; `knowledge` must be the snapshot that is assessed with.
detector_port ask_detectors(std::shared_ptr<host::worker_pool> workers, const kb::snapshot& knowledge,
                            silence_observer silent);

} // namespace posterior::assess
