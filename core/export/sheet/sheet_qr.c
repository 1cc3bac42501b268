/* SPDX-License-Identifier: MIT */
/* Owns the QR code of a text (ISO/IEC 18004). */
#include <qrencode.h>
#include <string.h>

#include "core/export/sheet/sheet.h"

uint8_t *
sheet_qr(struct arena *a, const char *text, int *size)
{
	uint8_t *dark = NULL;
	QRcode *code;
	size_t i, count;

	*size = 0;
	/* Bytes as they are, in the smallest version that holds them. */
	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return NULL;
	*size = code->width;
	count = (size_t)code->width * (size_t)code->width;
	dark = arena_alloc(a, count);
	for (i = 0; i < count; i++)
		dark[i] = code->data[i] & 1;
	QRcode_free(code);
	return dark;
}
