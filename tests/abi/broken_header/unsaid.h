/* What contract.sh must refuse: nothing is said of growth, of the pointer's life, of the threads. */
typedef struct posterior_unsaid {
  const char* text; /* some text */
  /* Does something. */
  void(POSTERIOR_CALL* act)(void) POSTERIOR_NOEXCEPT;
} posterior_unsaid;
