/* What hygiene.sh must refuse: a header that relies on another, and loses bits. */
static inline unsigned char posterior_careless(uint32_t value) {
  return value;
}
