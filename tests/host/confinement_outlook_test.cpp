#include <catch2/catch_test_macros.hpp>

#include "engine/host/confinement_outlook.hpp"

using namespace posterior;
using host::confinement_level;

TEST_CASE("what a kernel lacks is said in words, with a cure, and nothing is said where nothing lacks") {
  const auto full = host::foresee_confinement({"6.12.0", 6, true});
  CHECK(full.level == confinement_level::full);
  CHECK(full.text == "kernel 6.12.0 filters system calls and keeps code from files (Landlock 6), so plugin "
                     "code runs in full "
                     "confinement");
  CHECK(full.cure.empty());

  const auto partial = host::foresee_confinement({"5.10.0", 0, true});
  CHECK(partial.level == confinement_level::partial);
  CHECK(partial.text.find("kernel 5.10.0 cannot keep code from files (no Landlock)") == 0);
  CHECK(partial.cure.find("CONFIG_SECURITY_LANDLOCK=y") != std::string::npos);

  const auto none = host::foresee_confinement({"", 7, false});
  CHECK(none.level == confinement_level::none);
  CHECK(none.text.find(
            "kernel of unknown version filters no system calls (seccomp), so no plugin's code runs") == 0);
  CHECK(none.cure.find("CONFIG_SECCOMP_FILTER=y") != std::string::npos);
}
