#include "engine/worker/serve.hpp"

#include <algorithm>
#include <cfenv>
#include <clocale>
#include <cstddef>
#include <cstring>

#include "engine/worker/confine.hpp"

namespace posterior::worker {
namespace {

// What ABI 1.0 has of a finding. Not sizeof: that grows with each minor, and an older plugin stays welcome.
constexpr std::size_t finding_bytes_min =
    offsetof(posterior_finding, reserved) + sizeof(posterior_finding::reserved);

bool is_key(std::string_view text) {
  if (text.empty() || text.size() > wire::id_bytes_max)
    return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':'))
      return false;
  return true;
}

bool readable(posterior_str text) {
  return text.size <= wire::id_bytes_max && (text.size == 0 || text.data != nullptr);
}

std::string copy(posterior_str text) {
  return text.size == 0 ? std::string{} : std::string{text.data, text.size};
}

const posterior_record* observation_at(const posterior_case* self, std::uint32_t index) noexcept {
  const auto& all = *static_cast<const std::vector<posterior_observation>*>(self->ctx);
  return index < all.size() ? &all[index].record : nullptr;
}

std::vector<posterior_observation> as_records(const std::vector<wire::observation>& observations) {
  std::vector<posterior_observation> all;
  all.reserve(observations.size());
  for (const wire::observation& one : observations)
    all.push_back({{sizeof(posterior_observation), POSTERIOR_RECORD_OBSERVATION, 0},
                   {one.finding.data(), one.finding.size()},
                   one.state,
                   one.side,
                   one.value,
                   one.certainty,
                   one.level,
                   0,
                   one.day});
  return all;
}

bool environment_unchanged() {
  return std::fegetround() == FE_TONEAREST && std::strcmp(std::setlocale(LC_ALL, nullptr), "C") == 0;
}

wire::finding as_wire(const pushed_finding& one) {
  return {one.finding,   one.rule,          one.raw.state, one.raw.side,
          one.raw.value, one.raw.certainty, one.raw.level};
}

} // namespace

posterior_status collector::push(const posterior_sink* sink, const posterior_record* record) noexcept {
  return static_cast<collector*>(sink->ctx)->take(record);
}

posterior_status collector::breach(wire::outcome what, posterior_status status) {
  if (verdict_ == wire::outcome::done)
    verdict_ = what;
  return status;
}

posterior_status collector::take(const posterior_record* record) {
  if (record == nullptr)
    return breach(wire::outcome::unreadable, POSTERIOR_E_BAD_ARGUMENT);
  if (record->kind >= POSTERIOR_RECORD_PRIVATE)
    return POSTERIOR_OK;
  if (record->kind != POSTERIOR_RECORD_FINDING || record->size < finding_bytes_min || record->flags != 0)
    return breach(wire::outcome::unreadable, POSTERIOR_E_BAD_ARGUMENT);
  if (findings_.size() >= records_max_)
    return breach(wire::outcome::too_many, POSTERIOR_E_LIMIT);
  posterior_finding raw{};
  std::memcpy(&raw, record, std::min(std::size_t{record->size}, sizeof raw));
  if (!readable(raw.finding) || !readable(raw.rule) || raw.reserved != 0)
    return breach(wire::outcome::unreadable, POSTERIOR_E_BAD_ARGUMENT);
  findings_.push_back({copy(raw.finding), copy(raw.rule), raw});
  return POSTERIOR_OK;
}

std::vector<wire::bytes> evaluator::answer(std::uint32_t request, std::uint32_t deadline_ms,
                                           const std::vector<wire::observation>& observations) {
  std::vector<posterior_observation> records = as_records(observations);
  const posterior_case input{sizeof(posterior_case), static_cast<std::uint32_t>(records.size()), &records,
                             observation_at};
  collector findings{records_max_};
  const posterior_sink output = findings.sink();
  host_.clear_error();
  host_.set_deadline_ms(deadline_ms);

  const posterior_status status = made_by_.evaluate(detector_, &input, &output);

  const std::string error = status < 0 ? host_.error() : std::string{};
  const std::string_view key = is_key(error) ? std::string_view{error} : std::string_view{};
  wire::findings_part all{request, findings.verdict(), status, key, true, {}};
  if (!environment_unchanged())
    all.result = wire::outcome::left_environment;
  else if (all.result == wire::outcome::done && status < 0)
    all.result = wire::outcome::detector_failed;
  if (all.result == wire::outcome::done)
    for (const pushed_finding& one : findings.findings())
      all.findings.push_back(as_wire(one));
  return wire::encode_findings(all).value_or(std::vector<wire::bytes>{});
}

void serve(const connection& host, evaluator& detector) {
  std::vector<wire::bytes> parts; // observations point into them
  std::vector<wire::observation> observations;
  while (auto frame = host.receive()) {
    parts.push_back(std::move(*frame));
    auto part = wire::decode_evaluate(parts.back());
    if (!part || observations.size() + part.value->observations.size() > wire::records_max)
      return;
    observations.insert(observations.end(), part.value->observations.begin(), part.value->observations.end());
    if (!part.value->last)
      continue;
    for (const wire::bytes& answer :
         detector.answer(part.value->request, part.value->deadline_ms, observations))
      if (!host.send(answer))
        return;
    if (is_spent())
      return; // between two cases, so that the host starts a fresh worker for the next and nobody waits in
              // vain
    observations.clear();
    parts.clear();
  }
}

} // namespace posterior::worker
