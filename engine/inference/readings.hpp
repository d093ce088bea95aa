// What a measured value and a graded answer say about a state. Pure functions; any thread.
//
// Values: the likelihood ratio of two normals with one sd, of two log-normals, or a table of ratios, clipped.
// The error of the value (the observation's own, else the finding's standard error of measurement) widens the
// normals and smooths the table. Where rows for the sexes differ and the sex is other or unknown, the row
// that says least counts, and the draws take either sex in turn, so that the interval covers both.
#pragma once

#include "engine/inference/evidence.hpp"

namespace posterior::inference {

// The patient as draw `i` has them: of a sex that is other or unknown every second draw is of either.
cases::patient in_draw(const cases::patient& who, const parameters& p, int i);

// P(level | absent), P(level | present) of a reading by levels; each probability is Beta distributed.
pair level_pair(const kb::observes& o, int level, const parameters& p, int i);

// The same for an answer without its level: any but the lowest, or the lowest.
pair graded_answer_pair(const kb::observes& o, cases::truth answer, const parameters& p, int i);

// The finding's state, judged anew by the cut-off of this patient where it came from a value.
cases::truth answer_for(const cases::settled& seen, const kb::finding& f, const cases::patient& recorded,
                        const cases::patient& who);

// Attributes of the patient that are findings of the knowledge with a reading (`age`, `sex`, `body-mass`,
// `height`), as if they had been recorded; those that were recorded are left out.
std::vector<cases::settled> attributes_of(const cases::picture& picture, const kb::snapshot& knowledge);

} // namespace posterior::inference
