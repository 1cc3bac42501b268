#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the C table of the files that are built into the program.
# usage: builtin.sh NAME=PATH... (paths as the compiler will see them)
set -eu
LC_ALL=C
export LC_ALL

cat <<'EOF'
/* Made by core/base/builtin.sh; do not edit. */
#include "core/base/builtin.h"

EOF
n=0
table=
newline='
'
for pair in $(printf '%s\n' "$@" | sort); do
	name=${pair%%=*}
	path=${pair#*=}
	cat <<EOF
extern const unsigned char builtin_data_${n}[]
	__attribute__((visibility("hidden")));
__asm__(".pushsection .rodata\n"
	".hidden builtin_data_$n\n.globl builtin_data_$n\n"
	".balign 16\nbuiltin_data_$n:\n"
	".incbin \"$path\"\n"
	".byte 0\n"
	".popsection\n");
enum { builtin_len_$n = $(wc -c <"$path") };
EOF
	table="$table	{\"$name\", builtin_data_$n, builtin_len_$n},$newline"
	n=$((n + 1))
done
printf '\nconst struct builtin builtin_files[] = {\n%s};\n' "$table"
printf 'const size_t builtin_file_count = %d;\n' "$n"
