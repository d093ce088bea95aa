#include "engine/host/load_steps.hpp"

namespace posterior::host {

std::optional<load_step> step_of(failure why) {
  switch (why) {
  case failure::file: // of two steps: the file's rights, and what stands in it
    return load_step::file;
  case failure::not_trusted:
  case failure::revoked:
  case failure::tampered:
    return load_step::trust;
  case failure::not_started:
    return load_step::start;
  case failure::not_confined:
  case failure::weakly_confined:
    return load_step::confine;
  case failure::not_loadable:
  case failure::died_loading:
  case failure::load_late:
    return load_step::load;
  case failure::no_symbol:
  case failure::foreign_symbol:
    return load_step::symbol;
  case failure::bad_descriptor:
  case failure::abi_major:
  case failure::abi_minor:
  case failure::other_id:
  case failure::other_version:
  case failure::bad_class:
    return load_step::descriptor;
  case failure::init_failed:
  case failure::create_failed:
  case failure::create_late:
    return load_step::create;
  default:
    return std::nullopt;
  }
}

std::string_view cure_of(failure why) {
  switch (why) {
  case failure::file:
    return "install the plugin anew, or ask its author for a build with the SDK's CMake functions";
  case failure::not_started:
    return "look whether the system has processes, memory and descriptors left; `posterior doctor` tries "
           "each plugin";
  case failure::not_confined:
  case failure::weakly_confined:
    return "`posterior doctor` says what this system lacks and how to switch it on";
  case failure::not_loadable:
    return "install what is missing, or ask the author for a build with the SDK's CMake functions, which "
           "link it in";
  case failure::died_loading:
  case failure::load_late:
    return "ask the author: `posterior plugin check` shows what the library does while it is loaded";
  case failure::no_symbol:
  case failure::foreign_symbol:
    return "ask the author for a library that uses POSTERIOR_PLUGIN or defines the descriptor itself";
  case failure::abi_major:
  case failure::abi_minor:
    return "ask the author for a build against SDK 1.x as this engine has it, or upgrade Posterior";
  case failure::other_id:
  case failure::other_version:
    return "library and manifest must come from one build: install the plugin anew, or ask its author";
  case failure::bad_descriptor:
  case failure::bad_class:
    return "ask the author: `posterior plugin check` names what the descriptor lacks";
  case failure::init_failed:
  case failure::create_failed:
  case failure::create_late:
    return "look at the plugin's settings, or ask its author";
  case failure::forbidden_call:
    return "ask the author: a detector computes, and neither starts nor signals nor looks into processes";
  default:
    return {};
  }
}

std::string with_cure(failure why, std::string found) {
  const std::string_view cure = cure_of(why);
  if (cure.empty())
    return found;
  return found.empty() ? std::string{cure} : found + "; " + std::string{cure};
}

} // namespace posterior::host
