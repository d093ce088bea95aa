/* SPDX-License-Identifier: Apache-2.0
 *
 * The border between Posterior and a detector: ABI major version 1.
 *
 * A detector is a shared library that computes derived findings (a side
 * difference, a ratio, a trend) from the observations of one case. What a
 * finding means for a cause is said by the bundle's knowledge, never here.
 *
 * This file is plain C11 and needs only <stddef.h> and <stdint.h>. 1.0 is
 * frozen: within major 1 nothing is removed, reordered, retyped, renamed or given
 * another meaning. The promise and its limits stand in ABI.md beside this SDK.
 *
 * Conventions
 *   size      Every APPENDABLE struct starts with the number of bytes that its
 *             producer filled (a record: in its head), at least as many as 1.0
 *             has. Read a field younger than 1.0 behind POSTERIOR_HAS() or
 *             POSTERIOR_RECORD_HAS(), and never compare `size` with sizeof.
 *             Rationale: sizeof grows with the header that one side was
 *             compiled with; the other side may be older for ever.
 *   growth    APPENDABLE structs gain fields at their end; FROZEN ones never
 *             do. No APPENDABLE struct is passed by value or stands in an array,
 *             and none ends in padding.
 *   memory    Who allocates frees. What a call receives is borrowed until that
 *             call returns, unless the comment says otherwise. Who writes into
 *             a struct of the other side honours its `size`.
 *   text      UTF-8 in a posterior_str: not NUL-terminated, may be empty. A
 *             `const char*` is UTF-8 too, ends with NUL and is never NULL.
 *   numbers   IEEE 754, finite. Enumerations travel as uint32_t, never as their
 *             C type, whose width a compiler flag can change.
 *   failure   A negative status, with host->set_error() called before
 *             returning. No exception, longjmp or signal crosses.
 *   reserved  Fields named `reserved` and `flags` are 0 and are checked, so that
 *             a later minor can give them a meaning.
 *   ids       An extension is called `posterior.<name>/<revision>`, one of a
 *             third party `org.example.<name>/<revision>`: lower-case words of
 *             letters, digits and hyphens joined by dots, a slash, and a number
 *             from 1. Another layout is another revision. A draft (header in
 *             ext/draft/) keeps its id when it is accepted, and who uses one
 *             declares it (ABI.md). 1.0 defines no extension.
 *
 * Threads: each function carries one of
 *   [load]      init, deinit: once each, on the thread that loaded the library,
 *               never together with any other call
 *   [control]   create, destroy: never together with another [control] call of
 *               the plugin, nor with [evaluate] of the same detector
 *   [evaluate]  one at a time for each detector, on one thread from first call
 *               to return; two detectors may run at once
 *   [any]       from any thread, until deinit returns
 *
 * A plugin never changes the working directory, locale, floating-point
 * environment, signal handlers, environment or umask, never writes to the
 * descriptors 0 to 2, joins in deinit every thread that it started, and keeps no
 * pointer longer than the comment at it allows.
 */
#ifndef POSTERIOR_ABI_H
#define POSTERIOR_ABI_H

#include <stddef.h>
#include <stdint.h>

#define POSTERIOR_ABI_MAJOR 1u
#define POSTERIOR_ABI_MINOR 0u

#if UINTPTR_MAX != UINT64_MAX
#error "The Posterior ABI is defined for 64-bit systems (x86-64 and arm64)."
#endif

/* On the one symbol that a plugin exports; the rest is built with hidden
 * visibility. The same for x86-64 and arm64. */
#define POSTERIOR_EXPORT __attribute__((visibility("default")))

/* In every function type: the C calling convention of the platform (System V on
 * x86-64, AAPCS64 on arm64), for which nothing has to be written.
 * Rationale: a platform where it has to be could otherwise not be added without
 * touching each of these types. */
#define POSTERIOR_CALL

/* Part of the function type since C++17.
 * Rationale: a callback that may throw then does not compile, so the compiler
 * enforces that no exception crosses. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#define POSTERIOR_NOEXCEPT noexcept
#else
#define POSTERIOR_NOEXCEPT
#endif

/* Did the producer of *p know this field? The second is for structs that begin
 * with a posterior_record. */
#define POSTERIOR_HAS(type, p, field) ((p)->size >= offsetof(type, field) + sizeof((p)->field))
#define POSTERIOR_RECORD_HAS(type, p, field) ((p)->record.size >= offsetof(type, field) + sizeof((p)->field))

#ifdef __cplusplus
extern "C" {
#endif

/* Text by address and length. FROZEN. */
typedef struct posterior_str {
  const char* data; /* NULL only when `size` is 0; lives as long as what the text was given in */
  size_t size;      /* bytes */
} posterior_str;

/* Every function that can fail returns one of these. Zero and above is success;
 * a negative one that is not listed here counts as POSTERIOR_E_FAILED. */
typedef int32_t posterior_status;
enum posterior_status_code {
  POSTERIOR_OK = 0,
  POSTERIOR_E_FAILED = -1,
  POSTERIOR_E_ABI = -2, /* the host is too old for this plugin */
  POSTERIOR_E_NO_MEMORY = -3,
  POSTERIOR_E_BAD_ARGUMENT = -4,
  POSTERIOR_E_BAD_KNOWLEDGE = -5, /* the bundle's document lacks what the code needs */
  POSTERIOR_E_CANCELLED = -6,
  POSTERIOR_E_LIMIT = -7 /* the sink takes no more */
};

/* --- Records --------------------------------------------------------------
 *
 * A case is read, and findings are written, one record at a time. A reader
 * skips a kind that it does not know, and reads no further than `size`.
 *
 * Rationale: an array of structs would freeze the size of its element for ever;
 * a record that says its own size can grow. */

/* The head of every record. FROZEN. */
typedef struct posterior_record {
  uint32_t size;  /* of the whole record, this head included */
  uint16_t kind;  /* posterior_record_kind */
  uint16_t flags; /* 0 */
} posterior_record;

enum posterior_record_kind {
  POSTERIOR_RECORD_OBSERVATION = 1, /* host to detector */
  POSTERIOR_RECORD_FINDING = 16,    /* detector to host */
  /* 17 and 18 are unassigned and stay so. */
  POSTERIOR_RECORD_PRIVATE = 0x8000 /* and above: a plugin's own; the host drops them */
};

/* What an observation or a finding says. UNKNOWN is a recording that says so, or
 * several that contradict each other; what was not recorded is no record. A
 * detector never pushes UNKNOWN. */
enum posterior_state {
  POSTERIOR_UNKNOWN = 0,
  POSTERIOR_PRESENT = 1,
  POSTERIOR_ABSENT = 2,
  POSTERIOR_MEASURED = 3, /* `value` holds */
  POSTERIOR_GRADED = 4    /* `level` holds */
};

/* NONE is the side of a midline finding, and of a lateral one that was recorded
 * without its side. Something on both sides is two records. */
enum posterior_side { POSTERIOR_SIDE_NONE = 0, POSTERIOR_SIDE_LEFT = 1, POSTERIOR_SIDE_RIGHT = 2 };

#define POSTERIOR_NO_LEVEL UINT32_MAX
#define POSTERIOR_UNDATED INT64_MIN

/* Something the clinic saw, asked or measured. Only findings that the bundle
 * lists in `consumes` are sent, sorted by finding, side and day, so that the
 * last of a run is the newest. The attributes of the patient (`age`, `sex`,
 * `body-mass`, `height`) come as findings of these names. APPENDABLE. */
typedef struct posterior_observation {
  posterior_record record;
  posterior_str finding; /* its id; lives as long as the record: until evaluate() returns */
  uint32_t state;        /* posterior_state */
  uint32_t side;         /* posterior_side */
  double value;          /* MEASURED only, in the unit that the finding declares; else 0 */
  double certainty;      /* 0..1: probability that `state` is right; 1 unless the clinic says otherwise */
  uint32_t level;        /* GRADED only: 0 is the lowest of the finding's levels; else POSTERIOR_NO_LEVEL */
  uint32_t reserved;     /* 0 */
  int64_t day;           /* days since 1970-01-01; POSTERIOR_UNDATED is older than every date */
} posterior_observation;

/* A derived finding. The host refuses one that the bundle's knowledge does not
 * declare as derived, whose side or kind of value does not fit, that is not
 * finite, or whose rule the document does not name. APPENDABLE.
 *
 * Rationale: what people read is the document's text under `rule`, not a string
 * made by code, so it can be reviewed and translated, and holds nothing of the
 * case. */
typedef struct posterior_finding {
  posterior_record record;
  posterior_str finding; /* id of a derived finding; the detector's, copied during push */
  posterior_str rule;    /* key of a message of the document; the detector's, copied during push */
  uint32_t state;        /* posterior_state, but never UNKNOWN */
  uint32_t side;         /* posterior_side */
  double value;          /* MEASURED only, in the unit that the finding declares; else 0 */
  double certainty;      /* 0..1 */
  uint32_t level;        /* GRADED only; else POSTERIOR_NO_LEVEL */
  uint32_t reserved;     /* 0 */
} posterior_finding;

/* The observations of one case. The host's, valid until evaluate() returns.
 * APPENDABLE. */
typedef struct posterior_case {
  uint32_t size;
  uint32_t count; /* of records */
  void* ctx;      /* the host's, valid as long as this struct; hands off */
  /* The record at `index`; NULL from `count` on. The host's, valid until
   * evaluate() returns. Never fails and never blocks. [evaluate] */
  const posterior_record*(POSTERIOR_CALL* at)(const struct posterior_case* self,
                                              uint32_t index)POSTERIOR_NOEXCEPT;
} posterior_case;

/* Takes what a detector finds. The host's, valid until evaluate() returns.
 * APPENDABLE. */
typedef struct posterior_sink {
  uint32_t size;
  uint32_t reserved; /* 0 */
  void* ctx;         /* the host's, valid as long as this struct; hands off */
  /* Takes one record. `record` and the text in it are the detector's: they are
   * copied and may be reused when this returns. POSTERIOR_E_LIMIT: the bundle's
   * limit is reached, stop. POSTERIOR_E_BAD_ARGUMENT: the record cannot be read;
   * what was pushed before stays. [evaluate] */
  posterior_status(POSTERIOR_CALL* push)(const struct posterior_sink* self,
                                         const posterior_record* record) POSTERIOR_NOEXCEPT;
} posterior_sink;

/* --- Host ----------------------------------------------------------------- */

/* A level that is not listed here counts as ERROR. */
enum posterior_log_level {
  POSTERIOR_LOG_TRACE = 0,
  POSTERIOR_LOG_DEBUG = 1,
  POSTERIOR_LOG_INFO = 2,
  POSTERIOR_LOG_WARN = 3,
  POSTERIOR_LOG_ERROR = 4
};

/* What the host offers. The host's, valid from init() until deinit() returns: this
 * and its extensions are all that a plugin may keep a pointer to. APPENDABLE. */
typedef struct posterior_host {
  uint32_t size;
  uint32_t abi_major; /* of the host, not of the plugin */
  uint32_t abi_minor; /* of the host; a younger callback than this is not there */
  uint32_t reserved;  /* 0 */
  void* ctx;          /* the host's, valid as long as this struct; hands off */
  posterior_str name; /* for people; lives as long as this struct */
  /* For people; decide by POSTERIOR_HAS(), never by this. Lives as long as this struct. */
  posterior_str version;
  /* Tells the operator something; `level` is a posterior_log_level. The host may
   * throw it away, and always does during evaluate(). `text` is the plugin's and
   * is copied. [any]
   * Rationale: text made while a case is read could hold what was found in a
   * patient. */
  void(POSTERIOR_CALL* log)(const struct posterior_host* self, uint32_t level,
                            posterior_str text) POSTERIOR_NOEXCEPT;
  /* Says why the status about to be returned is negative; the last call wins.
   * `text` is the plugin's and is copied. During evaluate() only the key of a
   * message of the document is passed on, any other text is thrown away. [any] */
  void(POSTERIOR_CALL* set_error)(const struct posterior_host* self, posterior_status code,
                                  posterior_str text) POSTERIOR_NOEXCEPT;
  /* Nonzero past the deadline: return POSTERIOR_E_CANCELLED. The host ends a
   * detector that does not. [evaluate] */
  uint32_t(POSTERIOR_CALL* cancelled)(const struct posterior_host* self) POSTERIOR_NOEXCEPT;
  /* The extension of this id, or NULL when the host has none such. What is
   * returned is the host's and valid until deinit() returns; `id` is the
   * plugin's and read only during the call. [any]
   * Rationale: asked by id and not by version, so that a plugin works on every
   * host and uses what there is; NULL is an ordinary answer. */
  const void*(POSTERIOR_CALL* get_extension)(const struct posterior_host* self,
                                             const char* id)POSTERIOR_NOEXCEPT;
} posterior_host;

/* --- Plugin --------------------------------------------------------------- */

/* One running detector. The plugin's: the host never looks inside. Valid from
 * create() until destroy() is called. */
typedef struct posterior_detector posterior_detector;

/* How a detector is made and asked. The plugin's, static: valid and unchanged
 * while the library is loaded. No callback may be NULL except get_extension.
 * APPENDABLE. */
typedef struct posterior_detector_class {
  uint32_t size;
  uint32_t flags; /* 0 */
  const char* id; /* the bundle's id; the plugin's, static */
  /* Makes a detector. `host` is the one that init() got and may be kept as long.
   * `config` is the host's, borrowed until this returns: a JSON object set by
   * the clinic, or empty. `out` is the host's and points to NULL; on success
   * *out is the detector and not NULL, on failure it is left alone. [control] */
  posterior_status(POSTERIOR_CALL* create)(const struct posterior_detector_class* self,
                                           const posterior_host* host, posterior_str config,
                                           posterior_detector** out) POSTERIOR_NOEXCEPT;
  /* Ends a detector, which create() made and which is not used again. Not called
   * when the process ends first. [control]
   * Rationale: a worker leaves by _exit(), so that a fault in a destructor cannot
   * spoil an answer that was already given. */
  void(POSTERIOR_CALL* destroy)(posterior_detector* detector) POSTERIOR_NOEXCEPT;
  /* Reads the case and pushes what follows from it. `input` and `output` are the
   * host's, borrowed until this returns. The same case gives the same records in
   * the same order, whatever was evaluated before. [evaluate] */
  posterior_status(POSTERIOR_CALL* evaluate)(posterior_detector* detector, const posterior_case* input,
                                             const posterior_sink* output) POSTERIOR_NOEXCEPT;
  /* The plugin's extension of this id, or NULL. What is returned is the plugin's
   * and valid until destroy(); `id` is the host's and read only during the call.
   * The callback may itself be NULL. [any] */
  const void*(POSTERIOR_CALL* get_extension)(posterior_detector* detector, const char* id)POSTERIOR_NOEXCEPT;
} posterior_detector_class;

/* What a library says of itself. The plugin's, static: valid and unchanged while
 * the library is loaded. The host reads and checks all of it before it calls
 * anything. APPENDABLE. */
typedef struct posterior_plugin {
  uint32_t size;
  uint32_t abi_major;                             /* of the header it was compiled with */
  uint32_t abi_minor;                             /* of the header it was compiled with */
  uint32_t abi_minor_required;                    /* the oldest host it runs on */
  const char* id;                                 /* as in plugin.toml; the plugin's, static */
  const char* version;                            /* as in plugin.toml; the plugin's, static */
  uint32_t class_count;                           /* 1 to 64 */
  uint32_t reserved;                              /* 0 */
  const posterior_detector_class* const* classes; /* `class_count` of them, none NULL; static */
  /* Called once, before anything else. `host` is the host's and may be kept until
   * deinit() returns. After a failure nothing else is called, deinit() neither.
   * [load]
   * Rationale: work belongs here and not in static constructors, which run
   * before the host could check anything and whose exceptions nothing can
   * catch. */
  posterior_status(POSTERIOR_CALL* init)(const posterior_host* host) POSTERIOR_NOEXCEPT;
  /* Called last, if the process does not end first. Afterwards no thread of the
   * plugin runs and nothing of the host is touched. [load] */
  void(POSTERIOR_CALL* deinit)(void) POSTERIOR_NOEXCEPT;
} posterior_plugin;

/* The one symbol that a plugin exports.
 *
 * Rationale: data and not a function, so that nothing runs before the
 * descriptor is checked; the major version stands in the name, so that a wrong
 * major is seen in the symbol table without loading the file. */
#define POSTERIOR_PLUGIN_SYMBOL "posterior_plugin_v1"
extern POSTERIOR_EXPORT const posterior_plugin posterior_plugin_v1;

#ifdef __cplusplus
} /* extern "C" */
#endif
#endif /* POSTERIOR_ABI_H */
