// How findings speak about states: answers by accuracy, word or level, measured values by what they are like
// without and with the state.
#include <algorithm>
#include <array>
#include <cmath>

#include "kb/item.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {
namespace {

// --- answers ----------------------------------------------------------------------

accuracy read_accuracy_row(item& row, const accuracy* general) {
  accuracy out = general ? *general : accuracy{};
  if (general ? row.has("sensitivity") : true)
    out.sensitivity = row.required_probability("sensitivity").value_or(estimate{});
  if (general ? row.has("specificity") : true)
    out.specificity = row.required_probability("specificity").value_or(estimate{});
  return out;
}

void read_accuracy(item& f, observes& out) {
  const node* table = f.table("accuracy");
  if (!table)
    return;
  item row = f.part(*table, "accuracy");
  const accuracy general = read_accuracy_row(row, nullptr);
  out.accuracies[""] = general;
  for (const auto setting : settings) {
    const node* override_table = row.table(setting);
    if (!override_table)
      continue;
    item own = f.part(*override_table, "accuracy." + std::string(setting));
    out.accuracies[std::string(setting)] = read_accuracy_row(own, &general);
    own.finish();
  }
  row.finish();
}

// --- measured values --------------------------------------------------------------

void read_clip(fields& row, double& clip) {
  clip = row.number("clip").value_or(clip);
  if (clip < 1 || clip > 1000)
    row.problem(*row.raw("clip"), "bad-normal",
                fault("\"clip\" of " + row.what(), format_number(clip), "between 1 and 1000"));
}

// Two spreads, under whatever name.
bool refuse_two_spreads(fields& row) {
  const node* sd = row.self().find("sd");
  const node* two = sd && (sd->kind == node::type::array || sd->kind == node::type::table) ? sd : nullptr;
  for (const auto key : {"sd_absent", "sd_present", "absent_sd", "present_sd"})
    two = two ? two : row.self().find(key);
  if (!two)
    return false;
  for (const auto key :
       {"sd", "sd_absent", "sd_present", "absent_sd", "present_sd", "clip", "absent", "present"})
    row.raw(key);
  row.problem(
      *two, "unequal-sd",
      fault("the standard deviation of " + row.what(), "given for each of the two", "one for both"),
      "with two of them the likelihood ratio turns round in the tail, so that an extreme value speaks "
      "for the opposite; give the larger one, or the ratios themselves by \"ratios\"");
  return true;
}

normal_reading read_normal_row(fields& row, const normal_reading* general) {
  normal_reading out = general ? *general : normal_reading{};
  if (refuse_two_spreads(row))
    return out;
  const auto number = [&](std::string_view key, double& value) {
    if (!general && !row.has(key))
      row.missing(key, "a number");
    value = row.number(key).value_or(value);
  };
  number("absent", out.absent);
  number("present", out.present);
  number("sd", out.sd);
  read_clip(row, out.clip);
  if (out.sd <= 0)
    row.problem(*row.raw("sd"), "bad-normal",
                fault("\"sd\" of " + row.what(), format_number(out.sd), "above 0"));
  return out;
}

// Medians: a logarithm is taken of them.
normal_reading read_log_normal_row(fields& row, const normal_reading* general) {
  const normal_reading out = read_normal_row(row, general);
  for (const auto& [key, median] : {std::pair("absent", out.absent), std::pair("present", out.present)})
    if (median <= 0 && row.has(key))
      row.problem(*row.raw(key), "bad-normal",
                  fault("\"" + std::string(key) + "\" of " + row.what(), format_number(median),
                        "above 0, as the median of a log-normal is"));
  return out;
}

bool is_point(const node& n) {
  return n.kind == node::type::array && n.items.size() == 2 && n.items[0].is_number() &&
         n.items[1].is_number() && std::isfinite(n.items[0].number) && n.items[1].number >= 0.001 &&
         n.items[1].number <= 1000;
}

ratio_reading read_ratio_row(fields& row, const ratio_reading* general) {
  ratio_reading out = general ? *general : ratio_reading{};
  read_clip(row, out.clip);
  const node* list = row.array("points");
  if (!list) {
    if (!general)
      row.missing("points", "a list of [value, likelihood ratio]");
    return out;
  }
  out.points.clear();
  bool good = list->items.size() >= 2;
  for (const node& n : list->items) {
    good = good && is_point(n) && (out.points.empty() || out.points.back()[0] < n.items[0].number);
    if (good)
      out.points.push_back({n.items[0].number, n.items[1].number});
  }
  if (!good)
    row.problem(*list, "bad-ratios",
                fault("\"points\" of " + row.what(), "a list of another form",
                      "two or more [value, ratio] with ascending values and ratios between 0.001 and 1000"));
  return out;
}

// A table with a row for everybody and rows that override it for one sex.
template <typename Row, typename Read>
void read_by_sex(item& f, std::string_view key, std::map<std::string, Row>& out, Read read_row) {
  const node* table = f.table(key);
  if (!table)
    return;
  const std::string name = "\"" + std::string(key);
  fields row(*table, f.file(), "kb", name + "\" of " + f.what(), f.problems());
  const Row general = read_row(row, nullptr);
  out[""] = general;
  for (const auto sex : {"female", "male"}) {
    const node* override_table = row.table(sex);
    if (!override_table)
      continue;
    fields own(*override_table, f.file(), "kb", name + "." + std::string(sex) + "\" of " + f.what(),
               f.problems());
    out[sex] = read_row(own, &general);
    own.finish();
  }
  row.finish();
}

void read_values(item& f, observes& out) {
  read_by_sex(f, "normal", out.normals, read_normal_row);
  read_by_sex(f, "log_normal", out.log_normals, read_log_normal_row);
  read_by_sex(f, "ratios", out.ratios, read_ratio_row);
  if (int(f.has("normal")) + int(f.has("log_normal")) + int(f.has("ratios")) > 1)
    f.problem("one-way", fault(f.what(), "with more than one way to read a value",
                               "at most one of \"normal\", \"log_normal\" and \"ratios\""));
}

// --- levels -----------------------------------------------------------------------

bool is_level(const node& n) {
  const auto probable = [](const node& x) { return x.is_number() && x.number >= 0 && x.number <= 1; };
  return n.kind == node::type::array && n.items.size() == 2 && probable(n.items[0]) && probable(n.items[1]) &&
         n.items[0].number + n.items[1].number > 0;
}

void read_levels(item& f, observes& out) {
  out.worth = f.number_between("worth", 5, 5000);
  const node* list = f.array("levels");
  if (out.worth && !f.has("levels"))
    f.problem(*f.raw("worth"), "no-levels",
              fault("\"worth\" of " + f.what(), "given without \"levels\"", "with them"));
  if (!list)
    return;
  double absent = 0, present = 0;
  bool good = list->items.size() >= 2;
  for (const node& n : list->items) {
    good = good && is_level(n);
    if (!good)
      break;
    out.levels.push_back({n.items[0].number, n.items[1].number});
    absent += n.items[0].number;
    present += n.items[1].number;
  }
  const auto rounded = [](double sum) { return format_number(std::round(sum * 1000) / 1000); };
  const auto whole = [](double sum) { return std::abs(sum - 1) <= 0.001; };
  if (!good)
    f.problem(*list, "bad-levels",
              fault("\"levels\" of " + f.what(), "a list of another form",
                    "one [P(level | absent), P(level | present)] for each level, not both 0"));
  else if (!whole(absent) || !whole(present))
    f.problem(*list, "bad-levels",
              fault("\"levels\" of " + f.what(),
                    "adding up to " + rounded(absent) + " and " + rounded(present),
                    "adding up to 1 in each column"));
}

// --- all together -----------------------------------------------------------------

// The entry of `known` that `key` names; reported with the nearest one if there is none.
template <typename Map>
const typename Map::mapped_type* scale_entry(item& f, std::string_view key, const Map& known) {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : known)
    names.push_back(name);
  const auto i = f.choice(key, names);
  return i ? &known.at(std::string(names[*i])) : nullptr;
}

void read_words(item& f, observes& out) {
  out.read = f.text_or("read", "");
  out.opinion = f.text_or("opinion", "");
  const scale* words = f.context().words;
  if (!words)
    return;
  if (f.has("read"))
    if (const accuracy* row = scale_entry(f, "read", words->reads))
      out.accuracies[""] = *row;
  if (f.has("opinion"))
    if (const scale::opinion* ratios = scale_entry(f, "opinion", words->opinions)) {
      out.ratio_present = ratios->present;
      out.ratio_absent = ratios->absent;
    }
}

observes read_observes(item& f) {
  observes out;
  out.finding = f.required_reference("finding");
  out.state = f.required_reference("state");
  out.opposite = f.choice("side", {"same", "opposite"}).value_or(0) == 1;
  read_words(f, out);
  read_accuracy(f, out);
  read_values(f, out);
  read_levels(f, out);
  const int ways = int(f.has("read")) + int(f.has("accuracy")) + int(f.has("opinion")) + int(f.has("levels"));
  if (ways != 1)
    f.problem("one-way",
              fault(f.what(), ways == 0 ? "without a way to speak" : "with more than one way to speak",
                    "exactly one of \"read\", \"accuracy\", \"opinion\" and \"levels\""));
  out.rests_on = f.rests_on();
  out.from = f.from();
  return out;
}

} // namespace

void read_readings(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "observes", context, into, into.readings, problems, read_observes);
}

} // namespace posterior::kb
