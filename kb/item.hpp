// The fields that statements share (FORMAT.md section 4), on top of the plain field reader. Private to the
// readers of kb. Borrows node, context and problems; one thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "kb/reader.hpp"
#include "kb/schema.hpp"
#include "kb/values/fields.hpp"

namespace posterior::kb {

class item : public fields {
public:
  // `kind` is the name of the array: "state", "link".
  item(const node& table, std::string_view kind, const reading_context& context, diagnostics& problems);

  // A table inside this statement: "NAME of the exercise ...".
  item part(const node& table, std::string_view name);

  const reading_context& context() const { return context_; }
  origin from() const;

  // The id that this statement defines: in the namespace of the bundle, and beginning with `start` after the
  // prefix ("rf-").
  std::string own_id(std::string_view start = {});
  std::string required_name();

  // An id that something else defines; only its spelling can be checked here.
  std::string reference(std::string_view key);
  std::string required_reference(std::string_view key);
  std::vector<std::string> references(std::string_view key);
  std::vector<std::vector<std::string>> reference_groups(std::string_view key);

  // [mean, low, high], { counts = [hits, of] }, or a word of the scale.
  std::optional<estimate> probability(std::string_view key);
  std::optional<estimate> required_probability(std::string_view key);
  std::optional<range> min_max(std::string_view key);
  std::optional<clauses> conditions(std::string_view key);
  std::vector<code> codes();
  std::string oxford_level();
  std::vector<phase> phases(std::string_view key);
  // A whole number between `low` and `high`, both included; `otherwise` where none is given.
  int whole(std::string_view key, int low, int high, int otherwise);

  basis rests_on(bool needed = true);

  // Whether it says review = "draft".
  bool is_draft();

  // A word of an enumeration whose values are 0 to `last` and spelt by to_string.
  template <typename E>
  std::optional<E> word(std::string_view key, E last) {
    return enumerated<E>(choice(key, spelt(last)));
  }
  template <typename E>
  std::optional<E> required_word(std::string_view key, E last) {
    return enumerated<E>(required_choice(key, spelt(last)));
  }

private:
  item(const node& table, std::string what, const item& parent, diagnostics& problems);
  template <typename E>
  static std::vector<std::string_view> spelt(E last) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
      out.push_back(to_string(static_cast<E>(i)));
    return out;
  }
  template <typename E>
  static std::optional<E> enumerated(std::optional<std::size_t> i) {
    return i ? std::optional(static_cast<E>(*i)) : std::nullopt;
  }
  bool is_reference(const node& value, std::string_view key);
  std::vector<citation> citations();

  const reading_context& context_;
};

// [mean, low, high] with low <= mean <= high, all between `least` and `most`; of a probability also
// { counts = [hits, of] }.
std::optional<estimate> read_interval(fields& f, const node& value, std::string_view key, double least,
                                      double most);

// The settings a case may be recorded in, as accuracies and priors name them.
inline constexpr std::array<std::string_view, 5> settings{"physio-outpatient", "primary-care", "hospital",
                                                          "sport", "surgical"};

// Reads every table of `kind` with `read`.
template <typename T, typename Read>
void read_list(fields& top, std::string_view kind, const reading_context& context, std::vector<T>& list,
               diagnostics& problems, Read read) {
  for (const node* table : top.tables(kind)) {
    item f(*table, kind, context, problems);
    list.push_back(read(f));
    f.finish();
  }
}

// The same of a kind that may be a draft; which are is noted in `into`, which holds `list`.
template <typename T, typename Read>
void read_reviewed_list(fields& top, std::string_view kind, const reading_context& context, statements& into,
                        std::vector<T>& list, diagnostics& problems, Read read) {
  read_list(top, kind, context, list, problems, [&](item& f) {
    T out = read(f);
    if (f.is_draft()) {
      draft d;
      d.statement = id_of(out);
      d.kind = kind;
      d.from = out.from;
      into.drafts.push_back(std::move(d));
    }
    return out;
  });
}

// One per file of readers.
void read_references(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_states(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_findings(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_readings(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_links(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_rules(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_exercises(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_texts(fields& top, const reading_context& context, statements& into, diagnostics& problems);
void read_sequences(fields& top, const reading_context& context, statements& into, diagnostics& problems);

} // namespace posterior::kb
