#include "engine/plan/phases.hpp"

namespace posterior::plan {

gate gate_of(kb::phase stage) {
  switch (stage) {
  case kb::phase::protection:
    return {"at once, for the first one to three days after the injury",
            "walking is comfortable and a light contraction does not hurt"};
  case kb::phase::neural:
    return {"at once, before the other work or at another time of the day",
            "free of pain and after-effect for one week"};
  case kb::phase::mobility:
    return {"at once; short, before activation and strength in the same session",
            "the range that was limited has stayed for two sessions"};
  case kb::phase::activation:
    return {"at once, after mobility in the same session",
            "the right muscle is felt first and nothing cramps in 2 x 10, or after three weeks"};
  case kb::phase::isometric:
    return {"when activation is clean and pain stays at 3 of 10 or below",
            "all sets held with pain at 3 of 10 or below, back to usual by the next morning"};
  case kb::phase::concentric:
    return {"when the holds are met in two sessions",
            "one or two repetitions more than asked in two sessions"};
  case kb::phase::eccentric:
    return {"from the second or third week, when easier loading has not hurt for two sessions; last in the "
            "session",
            "the lowering is slow and even in two sessions"};
  case kb::phase::integration:
    return {"from the fourth to sixth week, when strength is close to the other side",
            "the demands of sport or work are met without symptoms the next day"};
  }
  return {};
}

} // namespace posterior::plan
