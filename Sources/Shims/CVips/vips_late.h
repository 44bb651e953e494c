// Every function of libvips and glib that this shim calls, found when the library is opened and not when the program
// starts: libvips brings 60 libraries and 22 MB, and most commands read no photo.
#ifndef VIPS_LATE_H
#define VIPS_LATE_H

#include <vips/vips.h>

#define LATE_FUNCTIONS(X) \
  X(g_free) \
  X(g_log) \
  X(g_log_set_handler) \
  X(g_malloc0) \
  X(g_object_ref) \
  X(g_object_unref) \
  X(vips_area_unref) \
  X(vips_array_double_newv) \
  X(vips_bandjoin2) \
  X(vips_block_untrusted_set) \
  X(vips_cache_set_max) \
  X(vips_cache_set_max_files) \
  X(vips_cache_set_max_mem) \
  X(vips_cast) \
  X(vips_concurrency_set) \
  X(vips_copy) \
  X(vips_error) \
  X(vips_error_buffer) \
  X(vips_error_clear) \
  X(vips_extract_area) \
  X(vips_extract_band) \
  X(vips_flatten) \
  X(vips_format_sizeof) \
  X(vips_format_sizeof_unsafe) \
  X(vips_heifload_source) \
  X(vips_icc_transform) \
  X(vips_image_get_bands) \
  X(vips_image_get_blob) \
  X(vips_image_get_format) \
  X(vips_image_get_height) \
  X(vips_image_get_n_pages) \
  X(vips_image_get_orientation) \
  X(vips_image_get_string) \
  X(vips_image_get_typeof) \
  X(vips_image_get_width) \
  X(vips_image_guess_interpretation) \
  X(vips_image_map) \
  X(vips_image_new_from_memory) \
  X(vips_image_set_blob_copy) \
  X(vips_init) \
  X(vips_invert) \
  X(vips_jp2kload_source) \
  X(vips_jpegload_source) \
  X(vips_jpegsave_buffer) \
  X(vips_linear1) \
  X(vips_multiply) \
  X(vips_operation_block_set) \
  X(vips_pngload_source) \
  X(vips_pngsave_buffer) \
  X(vips_region_new) \
  X(vips_region_prepare) \
  X(vips_source_new_from_descriptor) \
  X(vips_source_new_from_memory) \
  X(vips_text) \
  X(vips_tiffload_source) \
  X(vips_version) \
  X(vips_webpload_source) \
  X(vips_webpsave_buffer)

// Pointers of the functions' own types, so that the compiler checks every call as before.
static struct {
#define X(name) __typeof__(&name) name;
  LATE_FUNCTIONS(X)
#undef X
} late;

static const struct {
  const char *name;
  void **pointer;
} late_functions[] = {
#define X(name) {#name, (void **)&late.name},
    LATE_FUNCTIONS(X)
#undef X
};

#define g_free late.g_free
#define g_log late.g_log
#define g_log_set_handler late.g_log_set_handler
#define g_malloc0 late.g_malloc0
#undef g_object_ref
#define g_object_ref late.g_object_ref
#define g_object_unref late.g_object_unref
#define vips_area_unref late.vips_area_unref
#define vips_array_double_newv late.vips_array_double_newv
#define vips_bandjoin2 late.vips_bandjoin2
#define vips_block_untrusted_set late.vips_block_untrusted_set
#define vips_cache_set_max late.vips_cache_set_max
#define vips_cache_set_max_files late.vips_cache_set_max_files
#define vips_cache_set_max_mem late.vips_cache_set_max_mem
#define vips_cast late.vips_cast
#define vips_concurrency_set late.vips_concurrency_set
#define vips_copy late.vips_copy
#define vips_error late.vips_error
#define vips_error_buffer late.vips_error_buffer
#define vips_error_clear late.vips_error_clear
#define vips_extract_area late.vips_extract_area
#define vips_extract_band late.vips_extract_band
#define vips_flatten late.vips_flatten
#define vips_format_sizeof late.vips_format_sizeof
#define vips_format_sizeof_unsafe late.vips_format_sizeof_unsafe
#define vips_heifload_source late.vips_heifload_source
#define vips_icc_transform late.vips_icc_transform
#define vips_image_get_bands late.vips_image_get_bands
#define vips_image_get_blob late.vips_image_get_blob
#define vips_image_get_format late.vips_image_get_format
#define vips_image_get_height late.vips_image_get_height
#define vips_image_get_n_pages late.vips_image_get_n_pages
#define vips_image_get_orientation late.vips_image_get_orientation
#define vips_image_get_string late.vips_image_get_string
#define vips_image_get_typeof late.vips_image_get_typeof
#define vips_image_get_width late.vips_image_get_width
#define vips_image_guess_interpretation late.vips_image_guess_interpretation
#define vips_image_map late.vips_image_map
#define vips_image_new_from_memory late.vips_image_new_from_memory
#define vips_image_set_blob_copy late.vips_image_set_blob_copy
#define vips_init late.vips_init
#define vips_invert late.vips_invert
#define vips_jp2kload_source late.vips_jp2kload_source
#define vips_jpegload_source late.vips_jpegload_source
#define vips_jpegsave_buffer late.vips_jpegsave_buffer
#define vips_linear1 late.vips_linear1
#define vips_multiply late.vips_multiply
#define vips_operation_block_set late.vips_operation_block_set
#define vips_pngload_source late.vips_pngload_source
#define vips_pngsave_buffer late.vips_pngsave_buffer
#define vips_region_new late.vips_region_new
#define vips_region_prepare late.vips_region_prepare
#define vips_source_new_from_descriptor late.vips_source_new_from_descriptor
#define vips_source_new_from_memory late.vips_source_new_from_memory
#define vips_text late.vips_text
#define vips_tiffload_source late.vips_tiffload_source
#define vips_version late.vips_version
#define vips_webpload_source late.vips_webpload_source
#define vips_webpsave_buffer late.vips_webpsave_buffer

#endif
