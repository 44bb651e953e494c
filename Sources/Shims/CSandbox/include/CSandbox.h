// A C surface over what Linux has to lock a process in: limits, a filter of system calls, descriptors sent to another
// process. Every failure is a status.
//
// The limits' values come from Swift; the list of system calls is what a decoder needs, and stands in CSandbox.c.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#if __has_feature(nullability)
#pragma clang assume_nonnull begin
#endif

/// Limits this process for good: bytes of address space, seconds of processor time, the number of descriptors; it may
/// write no files, gain no rights and leave no core dump. Returns 0 on success.
int csandbox_limit(uint64_t bytes, uint64_t seconds, uint64_t descriptors);

/// From here on, for good: only system calls that decode what is open already. No file or connection can be opened, no
/// process started, signaled or looked into; such calls fail with EPERM. Returns 0 on success.
int csandbox_lock(void);

/// Starts a copy of this process, which must have one thread. The copy dies with its parent. Returns 0 in the copy.
pid_t csandbox_fork(void);

/// Waits for a child, kills it after so many milliseconds, and gives its wait status. SIGCHLD must be blocked.
/// Returns 1 when it was killed for its time, 0 when it ended, -1 on failure.
int csandbox_wait(pid_t child, int64_t milliseconds, int *status);

/// Closes every descriptor but the first three, and blocks SIGCHLD, for `csandbox_wait`.
void csandbox_begin(void);

/// Makes a pipe whose ends are closed on exec: the reading one, then the writing one. Returns 0 on success.
int csandbox_pipe(int *ends);

/// Sends one message with open descriptors over a socket of messages. Returns 0 on success.
int csandbox_send(
    int socket, const void *bytes, size_t count, const int *_Nullable descriptors, size_t number);

/// Receives one message and up to `number` descriptors, which are closed on exec; missing ones are -1.
/// Returns the message's length, 0 at the end, -1 on failure.
ssize_t csandbox_receive(
    int socket, void *bytes, size_t capacity, int *_Nullable descriptors, size_t number);

/// Tries what a locked process may not do: 0 opens a file, 1 makes a socket, 2 starts a process, 3 runs a program, 4
/// signals its parent, 5 changes its limits. Returns 1 when it could.
int csandbox_attempt(int act);

#if __has_feature(nullability)
#pragma clang assume_nonnull end
#endif

#endif
