/* The exact type of every callback: an assignment from a pointer of another type does not compile. */
#include <posterior/abi.h>

typedef const posterior_record* (*at_type)(const posterior_case*, uint32_t)POSTERIOR_NOEXCEPT;
typedef posterior_status (*push_type)(const posterior_sink*, const posterior_record*) POSTERIOR_NOEXCEPT;
typedef void (*log_type)(const posterior_host*, uint32_t, posterior_str) POSTERIOR_NOEXCEPT;
typedef void (*set_error_type)(const posterior_host*, posterior_status, posterior_str) POSTERIOR_NOEXCEPT;
typedef uint32_t (*cancelled_type)(const posterior_host*) POSTERIOR_NOEXCEPT;
typedef const void* (*host_extension_type)(const posterior_host*, const char*)POSTERIOR_NOEXCEPT;
typedef posterior_status (*create_type)(const posterior_detector_class*, const posterior_host*, posterior_str,
                                        posterior_detector**) POSTERIOR_NOEXCEPT;
typedef void (*destroy_type)(posterior_detector*) POSTERIOR_NOEXCEPT;
typedef posterior_status (*evaluate_type)(posterior_detector*, const posterior_case*,
                                          const posterior_sink*) POSTERIOR_NOEXCEPT;
typedef const void* (*extension_type)(posterior_detector*, const char*)POSTERIOR_NOEXCEPT;
typedef posterior_status (*init_type)(const posterior_host*) POSTERIOR_NOEXCEPT;
typedef void (*deinit_type)(void) POSTERIOR_NOEXCEPT;
typedef const posterior_detector_class* const* classes_type;

/* Pointers to the members, so that neither direction of a conversion helps. */
void posterior_check_callbacks(posterior_case* c, posterior_sink* s, posterior_host* h,
                               posterior_detector_class* d, posterior_plugin* p);
void posterior_check_callbacks(posterior_case* c, posterior_sink* s, posterior_host* h,
                               posterior_detector_class* d, posterior_plugin* p) {
  at_type* at = &c->at;
  push_type* push = &s->push;
  log_type* log = &h->log;
  set_error_type* set_error = &h->set_error;
  cancelled_type* cancelled = &h->cancelled;
  host_extension_type* host_extension = &h->get_extension;
  create_type* create = &d->create;
  destroy_type* destroy = &d->destroy;
  evaluate_type* evaluate = &d->evaluate;
  extension_type* extension = &d->get_extension;
  init_type* init = &p->init;
  deinit_type* deinit = &p->deinit;
  classes_type* classes = &p->classes;
  (void)at, (void)push, (void)log, (void)set_error, (void)cancelled, (void)host_extension, (void)create,
      (void)destroy;
  (void)evaluate, (void)extension, (void)init, (void)deinit, (void)classes;
}
