#include "engine/case/case.hpp"

namespace posterior::cases {

std::string_view to_string(sex s) {
  switch (s) {
  case sex::female:
    return "female";
  case sex::male:
    return "male";
  case sex::other:
    return "other";
  case sex::unknown:
    break;
  }
  return "unknown";
}

std::string_view to_string(setting s) {
  switch (s) {
  case setting::physio_outpatient:
    return "physio-outpatient";
  case setting::primary_care:
    return "primary-care";
  case setting::hospital:
    return "hospital";
  case setting::sport:
    return "sport";
  case setting::surgical:
    return "surgical";
  case setting::unknown:
    break;
  }
  return "unknown";
}

std::string_view to_string(truth t) {
  switch (t) {
  case truth::present:
    return "present";
  case truth::absent:
    return "absent";
  case truth::unknown:
    break;
  }
  return "unknown";
}

} // namespace posterior::cases
