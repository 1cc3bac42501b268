/* SPDX-License-Identifier: MIT */
/* Pango and cairo, loaded when the first PDF is made and not before: with
 * all that they need, linking them would make every start of the program
 * slower and larger. Where they are missing everything else still works. */
#ifndef EXPORT_PDF_LIB_H
#define EXPORT_PDF_LIB_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "core/base/error.h"

/* Every function that is used, by the name that its header declares. */
#define PDF_LIB_FUNCTIONS(X) \
	X(cairo_create) \
	X(cairo_destroy) \
	X(cairo_fill) \
	X(cairo_font_options_create) \
	X(cairo_font_options_destroy) \
	X(cairo_font_options_set_hint_metrics) \
	X(cairo_font_options_set_hint_style) \
	X(cairo_line_to) \
	X(cairo_move_to) \
	X(cairo_pdf_surface_add_outline) \
	X(cairo_pdf_surface_create_for_stream) \
	X(cairo_pdf_surface_set_metadata) \
	X(cairo_rectangle) \
	X(cairo_set_line_width) \
	X(cairo_set_source_rgb) \
	X(cairo_show_page) \
	X(cairo_status) \
	X(cairo_status_to_string) \
	X(cairo_stroke) \
	X(cairo_surface_destroy) \
	X(cairo_surface_finish) \
	X(cairo_surface_status) \
	X(cairo_tag_begin) \
	X(cairo_tag_end) \
	X(g_log_set_default_handler) \
	X(g_object_unref) \
	X(pango_attr_font_features_new) \
	X(pango_attr_insert_hyphens_new) \
	X(pango_attr_list_insert) \
	X(pango_attr_list_new) \
	X(pango_attr_list_unref) \
	X(pango_cairo_context_set_font_options) \
	X(pango_cairo_font_map_new) \
	X(pango_cairo_show_layout_line) \
	X(pango_context_load_font) \
	X(pango_context_set_base_dir) \
	X(pango_context_set_language) \
	X(pango_context_set_round_glyph_positions) \
	X(pango_font_description_free) \
	X(pango_font_description_from_string) \
	X(pango_font_description_set_absolute_size) \
	X(pango_font_map_create_context) \
	X(pango_language_from_string) \
	X(pango_layout_get_iter) \
	X(pango_layout_get_line_count) \
	X(pango_layout_iter_free) \
	X(pango_layout_iter_get_baseline) \
	X(pango_layout_iter_get_line_extents) \
	X(pango_layout_iter_get_line_readonly) \
	X(pango_layout_iter_get_line_yrange) \
	X(pango_layout_iter_next_line) \
	X(pango_layout_new) \
	X(pango_layout_set_alignment) \
	X(pango_layout_set_attributes) \
	X(pango_layout_set_auto_dir) \
	X(pango_layout_set_ellipsize) \
	X(pango_layout_set_font_description) \
	X(pango_layout_set_spacing) \
	X(pango_layout_set_text) \
	X(pango_layout_set_width) \
	X(pango_layout_set_wrap)

struct pdf_lib {
	void	*handle;
#define X(name) __typeof__(name) *name;
	PDF_LIB_FUNCTIONS(X)
#undef X
};

/* ERR_SYSTEM where they are not installed or too old. */
int	 pdf_lib_open(struct pdf_lib *lib, struct error *err) MUST_CHECK;
void	 pdf_lib_close(struct pdf_lib *lib);

#endif
