// The numbers of the planner. All of them are judgements, none is a published figure; they stand here once.
#pragma once

namespace posterior::plan::judgement {

// From this posterior on an examined state is planned for: a home programme costs little and the usual wrong
// one is not harmful once precautions have been applied.
inline constexpr double treat_above = 0.25;

// Below this the leading cause is likelier wrong than right by three to two: the plan then holds only what
// serves several of the likely causes (the shared safe core).
inline constexpr double decide_above = 0.40;

// The leader is planned for even below `treat_above`, down to this; rivals of a shared core may trail it by
// `reach`.
inline constexpr double floor = 0.10;
inline constexpr double reach = 0.15;

// Worth of an exercise for a cause: posterior x role x grade x timing of its phase x ease.
inline constexpr double supporting_role = 0.5;
inline constexpr double grade_factor[] = {1, 0.9, 0.75, 0.6, 0.5}; // high ... opinion

// By phase rank, protection to integration: what begins after the next reassessment is worth less now.
inline constexpr double phase_factor[] = {1, 1, 1, 1, 1, 0.8, 0.7, 0.4};

// For every step of depth beyond the first: easy comes before hard.
inline constexpr double depth_factor = 0.97;

// What a second item for the same cause adds, and a third one: each half of the one before.
inline constexpr double repeat_factor = 0.5;

// A shared core prefers exercises that few precautions concern.
inline constexpr double per_precaution = 0.1;

inline constexpr int most_exercises = 6;
inline constexpr int reassess_after_days = 14;

// Time of a session: a repetition without tempo or hold, what a held one takes besides the hold, the rest
// between sets where none is given, and getting ready for an exercise.
inline constexpr double seconds_per_repetition = 4;
inline constexpr double seconds_beside_hold = 2;
inline constexpr double default_rest_s = 30;
inline constexpr double setup_s = 30;

} // namespace posterior::plan::judgement
