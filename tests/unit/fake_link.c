/* SPDX-License-Identifier: MIT */
/* Owns links and addresses of a test's own network. */
#include "tests/unit/fake_link.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void
fake_ip(const char *const *lines)
{
	int in[2], status;
	pid_t pid;

	if (pipe(in) != 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		close(in[1]);
		execlp("ip", "ip", "-batch", "-", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	for (; *lines != NULL; lines++) {
		if (write(in[1], *lines, strlen(*lines)) < 0 ||
		    write(in[1], "\n", 1) != 1)
			abort();
	}
	close(in[1]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		abort();
}
