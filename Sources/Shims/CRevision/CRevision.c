// A target of its own, so that another commit compiles this file and nothing else.
#include "crevision.h"

#include <stddef.h>

const char *crevision_commit(void) {
#ifdef VERNIER_COMMIT
  return VERNIER_COMMIT;
#else
  return NULL;
#endif
}
