// Data-only packs of made-up clinics, as many as wanted: each with a state of its own, findings about it and
// about states that Posterior brings, and exercises on one ladder. Texts say nothing clinical.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace posterior::bench {

struct pack_shape {
  int findings = 10, exercises = 5;
};

inline std::string pack_head(const std::string& prefix) {
  return "schema = \"posterior.pack/1\"\n\n[plugin]\nid = \"org.example." + prefix +
         "\"\nversion = \"1.0.0\"\nname = \"Pack " + prefix +
         "\"\nsummary = \"A state, what is found with it, and exercises.\"\nvendor = \"A clinic\"\n"
         "license = \"CC0-1.0\"\nrequires = [\"org.posterior.core\"]\nprefix = \"" +
         prefix + "\"\n\n[[source]]\nid = \"" + prefix + ":audit\"\ntitle = \"Audit of clinic " + prefix +
         "\"\nauthors = \"The clinic\"\nyear = 2020\nlocator = \"its own file\"\nkind = \"audit\"\nseen = "
         "\"judgement\"\n\n[[claim]]\nid = \"" +
         prefix + ":counted\"\ntext = \"Guarding was counted in the clinic's own patients.\"\nsource = \"" +
         prefix + ":audit\"\nplace = \"p. 1\"\ngrade = \"very-low\"\nseen = \"judgement\"\n";
}

inline std::string pack_state(const std::string& prefix) {
  const std::string id = prefix + ":guarding";
  return "\n[[state]]\nid = \"" + id +
         "\"\nname = \"Guarding\"\nkind = \"impairment\"\nlateral = true\npresent_when = \"The thigh "
         "tightens before "
         "the leg is moved.\"\nleak = [0.05, 0.01, 0.2]\nclaims = [\"" +
         prefix + ":counted\"]\n\n[[link]]\nfrom = \"neural-tension\"\nto = \"" + id +
         "\"\np = \"occasionally\"\nbecause = \"A nerve that hurts is protected.\"\nclaims = [\"" + prefix +
         ":counted\"]\n";
}

inline std::string pack_finding(const std::string& prefix, int number) {
  const std::string id = prefix + ":sign-" + std::to_string(number);
  const std::string about = number == 1 ? prefix + ":guarding" : "hamstring-shortness";
  const std::string how =
      number == 1 ? "accuracy = { sensitivity = [0.78, 0.6, 0.9], specificity = [0.8, 0.65, 0.9] }"
                  : "opinion = \"weakly-supports\"";
  return "\n[[finding]]\nid = \"" + id + "\"\nname = \"Sign " + std::to_string(number) + " of " + prefix +
         "\"\nkind = \"sign\"\nquestion = \"Is sign " + std::to_string(number) +
         " there?\"\nhow = \"Supine, the leg resting. Look from the side, then lift the heel a hand's "
         "breadth.\"\n"
         "lateral = true\nposition = \"supine\"\nminutes = 1\nsources = [\"" +
         prefix + ":audit: p. " + std::to_string(number) +
         "\"]\njudgement = \"How this clinic looks for it.\"\n\n[[observes]]\nfinding = \"" + id +
         "\"\nstate = \"" + about + "\"\n" + how + "\nsources = [\"" + prefix +
         ":audit\"]\njudgement = \"By the clinic's own count.\"\n";
}

inline std::string pack_exercise(const std::string& prefix, int number) {
  const std::string id = prefix + ":sit-tall-" + std::to_string(number);
  return "\n[[exercise]]\nid = \"" + id + "\"\nname = \"Sitting tall, step " + std::to_string(number) +
         "\"\npurpose = \"Less time in the position that provokes\"\ntargets = [\"posture\"]\nphase = "
         "\"protection\"\nequipment = [[\"chair\"]]\ndose = { reps = { min = 3, max = 5 }, per_day = { min = "
         "4, max "
         "= 8 }, basis = \"none: a habit\" }\ndepth = " +
         std::to_string(number) +
         "\nirritability = \"high\"\ncues = [\"Grow tall, breathe three times.\"]\nstop = [\"Symptoms spread "
         "further "
         "down the leg\"]\njudgement = \"It has no source.\"\n\n[[indication]]\nexercise = \"" +
         id +
         "\"\ncause = \"neural-tension\"\nrole = \"supporting\"\npurpose = \"Takes load off.\"\njudgement = "
         "\"Rest from the provoking position.\"\n";
}

inline std::string pack_text(int number, const pack_shape& shape) {
  const std::string prefix = "clinic" + std::to_string(number);
  std::string out = pack_head(prefix) + pack_state(prefix);
  for (int i = 1; i <= shape.findings; ++i)
    out += pack_finding(prefix, i);
  for (int i = 1; i <= shape.exercises; ++i)
    out += pack_exercise(prefix, i);
  return out;
}

// That many packs in a folder of their own, gone with this object.
class many_packs {
public:
  many_packs(int count, const pack_shape& shape) {
    char name[] = "/tmp/posterior-packs-XXXXXX";
    root_ = ::mkdtemp(name);
    std::filesystem::create_directory(root_ / "plugins");
    for (int i = 0; i < count; ++i)
      std::ofstream(root_ / "plugins" / ("clinic" + std::to_string(i) + ".pack.toml")) << pack_text(i, shape);
  }
  many_packs(const many_packs&) = delete;
  many_packs& operator=(const many_packs&) = delete;
  ~many_packs() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  std::string plugins() const { return root_ / "plugins"; }
  std::string home(int number) const { return root_ / ("home" + std::to_string(number)); }

private:
  std::filesystem::path root_;
};

} // namespace posterior::bench
