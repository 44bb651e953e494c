#ifndef CREVISION_H
#define CREVISION_H

// The commit that the program was built from; NULL where the build did not say it.
const char *crevision_commit(void);

#endif
