#include "CVips.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "vips_late.h"

struct cvips_image {
  VipsImage *image;
  VipsRegion *region;
};

// Warnings arrive through glib's log on the thread that works; each call says where its own belong.
static _Thread_local cvips_messages *listening;

static void append(char *buffer, size_t capacity, const char *text) {
  size_t used = strlen(buffer);
  if (used > 0 && used + 2 < capacity) {
    memcpy(buffer + used, "; ", 3);
    used += 2;
  }
  while (*text && used + 1 < capacity) {
    buffer[used++] = (*text == '\n' || *text == '\r') ? ' ' : *text;
    text++;
  }
  buffer[used] = 0;
}

static void hear(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data) {
  (void)domain;
  (void)level;
  (void)data;
  if (listening && text) append(listening->warnings, sizeof listening->warnings, text);
}

static void begin(cvips_messages *messages) {
  messages->failure[0] = 0;
  messages->warnings[0] = 0;
  listening = messages;
}

// Ends a call that made `image` (null on failure) and wraps it.
static cvips_image *finish(VipsImage *image, cvips_messages *messages) {
  listening = NULL;
  if (!image) {
    append(messages->failure, sizeof messages->failure, vips_error_buffer());
    if (!messages->failure[0])
      append(messages->failure, sizeof messages->failure, messages->warnings);
    vips_error_clear();
    return NULL;
  }
  cvips_image *handle = g_new0(cvips_image, 1);
  handle->image = image;
  return handle;
}

static int finish_status(int status, cvips_messages *messages) {
  listening = NULL;
  if (status) {
    append(messages->failure, sizeof messages->failure, vips_error_buffer());
    vips_error_clear();
  }
  return status;
}

// Opens the library that VERNIER_VIPS_LIBRARY names, else the system's, else the one beside a portable program; NULL with
// the linker's text in `failure`.
static void *open_any(char *failure, size_t capacity) {
  const char *given = getenv("VERNIER_VIPS_LIBRARY");
  const int is_given = given && given[0];
  void *library = dlopen(is_given ? given : "libvips.so.42", RTLD_NOW | RTLD_LOCAL);
  if (library) return library;
  append(failure, capacity, dlerror());
  library = is_given ? NULL : dlopen("libvips-portable.so.42", RTLD_NOW | RTLD_LOCAL);
  if (library) failure[0] = 0;
  return library;
}

// Opens libvips and finds its functions; false with the linker's text in `failure`.
static int open_library(char *failure, size_t capacity) {
  void *library = open_any(failure, capacity);
  if (!library) return 0;
  for (size_t i = 0; i < sizeof late_functions / sizeof late_functions[0]; i++) {
    *late_functions[i].pointer = dlsym(library, late_functions[i].name);
    if (!*late_functions[i].pointer) {
      append(failure, capacity, dlerror());
      return 0;
    }
  }
  return 1;
}

int cvips_start(int threads, cvips_messages *messages) {
  begin(messages);
  if (!open_library(messages->failure, sizeof messages->failure)) return -1;
  g_log_set_handler("VIPS", G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, hear, NULL);
  int status = VIPS_INIT("vernier");
  if (status == 0) {
    vips_block_untrusted_set(TRUE);
    // JPEG 2000 counts as untrusted; it is read because photos come in it, and only by its signature.
    vips_operation_block_set("VipsForeignLoadJp2k", FALSE);
    vips_concurrency_set(threads);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
  }
  return finish_status(status, messages);
}

static VipsImage *load(VipsSource *source, cvips_loader loader, int shrink, int page) {
  VipsImage *image = NULL;
  int status = -1;
  switch (loader) {
    case CVIPS_JPEG:
      status = vips_jpegload_source(
          source, &image, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
          VIPS_FAIL_ON_WARNING, NULL);
      break;
    case CVIPS_PNG:
      status = vips_pngload_source(
          source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_WARNING, NULL);
      break;
    case CVIPS_TIFF:
      status = vips_tiffload_source(
          source, &image, "page", page, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
          VIPS_FAIL_ON_WARNING, NULL);
      break;
    case CVIPS_WEBP:
      status = vips_webpload_source(
          source, &image, "scale", 1.0 / shrink, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
          VIPS_FAIL_ON_WARNING, NULL);
      break;
    case CVIPS_HEIF:
      status = vips_heifload_source(
          source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_WARNING, NULL);
      break;
    case CVIPS_JP2K:
      status = vips_jp2kload_source(
          source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_WARNING, NULL);
      break;
  }
  if (status != 0) {
    g_clear_object(&image);
  }
  return image;
}

cvips_image *cvips_open_descriptor(
    int descriptor, cvips_loader loader, int shrink, int page,
    cvips_messages *messages) {
  begin(messages);
  VipsSource *source = vips_source_new_from_descriptor(descriptor);
  VipsImage *image = source ? load(source, loader, shrink, page) : NULL;
  if (source) g_object_unref(source);
  return finish(image, messages);
}

cvips_image *cvips_open_memory(
    const void *bytes, size_t count, cvips_loader loader, int shrink, int page,
    cvips_messages *messages) {
  begin(messages);
  VipsSource *source = vips_source_new_from_memory(bytes, count);
  VipsImage *image = source ? load(source, loader, shrink, page) : NULL;
  if (source) g_object_unref(source);
  return finish(image, messages);
}

cvips_image *cvips_wrap(
    const uint8_t *samples, int width, int height, int bands, cvips_messages *messages) {
  begin(messages);
  VipsImage *raw = vips_image_new_from_memory(
      samples, (size_t)bands * width * height, width, height, bands, VIPS_FORMAT_UCHAR);
  VipsImage *image = NULL;
  if (raw) {
    if (vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL)) image = NULL;
    g_object_unref(raw);
  }
  return finish(image, messages);
}

void cvips_close(cvips_image *image) {
  if (!image) return;
  if (image->region) g_object_unref(image->region);
  g_object_unref(image->image);
  g_free(image);
}

cvips_header cvips_describe(const cvips_image *handle) {
  VipsImage *image = handle->image;
  VipsBandFormat format = vips_image_get_format(image);
  cvips_header header = {
      .width = vips_image_get_width(image),
      .height = vips_image_get_height(image),
      .bands = vips_image_get_bands(image),
      .bits = 8 * (int)vips_format_sizeof(format),
      .is_integer = format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT,
      .orientation = vips_image_get_orientation(image),
      .pages = vips_image_get_n_pages(image),
      .has_profile = vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0,
      .colour = CVIPS_OTHER,
      .colour_bands = vips_image_get_bands(image),
  };
  switch (vips_image_guess_interpretation(image)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
      header.colour = CVIPS_GREY;
      header.colour_bands = 1;
      break;
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB16:
      header.colour = CVIPS_RGB;
      header.colour_bands = 3;
      break;
    case VIPS_INTERPRETATION_CMYK:
      header.colour = CVIPS_CMYK;
      header.colour_bands = 4;
      break;
    default:
      break;
  }
  return header;
}

struct visit_fields {
  void (*visit)(const char *, const char *, void *);
  void *context;
};

static void *visit_field(VipsImage *image, const char *name, GValue *value, void *data) {
  (void)value;
  struct visit_fields *fields = data;
  const char *text;
  if (strncmp(name, "exif-ifd", 8) == 0 && vips_image_get_string(image, name, &text) == 0)
    fields->visit(name, text, fields->context);
  return NULL;
}

void cvips_each_exif_field(
    const cvips_image *image, void (*visit)(const char *, const char *, void *), void *context) {
  struct visit_fields fields = {visit, context};
  vips_image_map(image->image, visit_field, &fields);
  vips_error_clear();
}

// A block of bytes that the file brought along, or null.
static const uint8_t *block(const cvips_image *image, const char *name, size_t *count) {
  const void *bytes = NULL;
  *count = 0;
  if (vips_image_get_typeof(image->image, name) == 0) return NULL;
  if (vips_image_get_blob(image->image, name, &bytes, count)) {
    vips_error_clear();
    return NULL;
  }
  return bytes;
}

const uint8_t *cvips_profile(const cvips_image *image, size_t *count) {
  return block(image, VIPS_META_ICC_NAME, count);
}

const uint8_t *cvips_exif(const cvips_image *image, size_t *count) {
  return block(image, VIPS_META_EXIF_NAME, count);
}

cvips_image *cvips_crop(
    cvips_image *image, int left, int top, int width, int height, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_extract_area(image->image, &out, left, top, width, height, NULL)) out = NULL;
  return finish(out, messages);
}

cvips_image *cvips_bands(cvips_image *image, int first, int count, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_extract_band(image->image, &out, first, "n", count, NULL)) out = NULL;
  return finish(out, messages);
}

cvips_image *cvips_join(cvips_image *left, cvips_image *right, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_bandjoin2(left->image, right->image, &out, NULL)) out = NULL;
  return finish(out, messages);
}

cvips_image *cvips_to_8_bits(cvips_image *image, int bits, cvips_messages *messages) {
  begin(messages);
  VipsImage *scaled = NULL, *out = NULL;
  if (bits == 8) {
    out = image->image;
    g_object_ref(out);
  } else if (!vips_linear1(image->image, &scaled, 1.0 / 257.0, 0.5, NULL)) {
    if (vips_cast(scaled, &out, VIPS_FORMAT_UCHAR, NULL)) out = NULL;
    g_object_unref(scaled);
  }
  return finish(out, messages);
}

cvips_image *cvips_invert(cvips_image *image, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_invert(image->image, &out, NULL)) out = NULL;
  return finish(out, messages);
}

cvips_image *cvips_ink_to_rgb(cvips_image *image, cvips_messages *messages) {
  begin(messages);
  // Each step takes what the one before made: paper, its colors, its light, both, rounded, as sRGB.
  VipsImage *made[7] = {NULL};
  VipsImage *out = NULL;
  if (!vips_invert(image->image, &made[0], NULL) &&
      !vips_extract_band(made[0], &made[1], 0, "n", 3, NULL) &&
      !vips_extract_band(made[0], &made[2], 3, NULL) &&
      !vips_multiply(made[1], made[2], &made[3], NULL) &&
      !vips_linear1(made[3], &made[4], 1.0 / 255.0, 0.5, NULL) &&
      !vips_cast(made[4], &made[5], VIPS_FORMAT_UCHAR, NULL) &&
      !vips_copy(made[5], &made[6], "interpretation", VIPS_INTERPRETATION_sRGB, NULL)) {
    out = made[6];
    g_object_ref(out);
  }
  for (int step = 0; step < 7; step++) g_clear_object(&made[step]);
  return finish(out, messages);
}

void cvips_set_profile(cvips_image *image, const void *bytes, size_t count) {
  vips_image_set_blob_copy(image->image, VIPS_META_ICC_NAME, bytes, count);
}

cvips_image *cvips_profile_to_srgb(cvips_image *image, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_icc_transform(
          image->image, &out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE, "depth", 8,
          NULL))
    out = NULL;
  return finish(out, messages);
}

cvips_image *cvips_flatten(cvips_image *image, double background, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  VipsArrayDouble *level = vips_array_double_newv(1, background);
  if (vips_flatten(image->image, &out, "background", level, "max_alpha", 255.0, NULL)) out = NULL;
  vips_area_unref(VIPS_AREA(level));
  return finish(out, messages);
}

int cvips_read_rows(
    cvips_image *handle, int top, int rows, int bands, int bits, void *samples,
    cvips_messages *messages) {
  begin(messages);
  VipsImage *image = handle->image;
  int width = vips_image_get_width(image);
  VipsBandFormat format = bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
  if (vips_image_get_bands(image) != bands || vips_image_get_format(image) != format ||
      top < 0 || rows < 1 || top + rows > vips_image_get_height(image)) {
    vips_error("read_rows", "other bands or bits, or rows outside of the image");
    return finish_status(-1, messages);
  }
  if (!handle->region) handle->region = vips_region_new(image);
  VipsRect area = {.left = 0, .top = top, .width = width, .height = rows};
  int status = handle->region ? vips_region_prepare(handle->region, &area) : -1;
  if (status == 0) {
    size_t stride = (size_t)bands * (bits / 8) * width;
    for (int row = 0; row < rows; row++)
      memcpy((uint8_t *)samples + row * stride, VIPS_REGION_ADDR(handle->region, 0, top + row), stride);
  }
  return finish_status(status, messages);
}

cvips_image *cvips_text(const char *markup, const char *font, cvips_messages *messages) {
  begin(messages);
  VipsImage *out = NULL;
  if (vips_text(&out, markup, "font", font, "dpi", 72, NULL)) out = NULL;
  return finish(out, messages);
}

int cvips_encode_jpeg(
    cvips_image *image, int quality, int full_chroma, void **bytes, size_t *count,
    cvips_messages *messages) {
  begin(messages);
  int status = vips_jpegsave_buffer(
      image->image, bytes, count, "Q", quality, "subsample_mode",
      full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, "strip", TRUE, NULL);
  return finish_status(status, messages);
}

int cvips_encode_png(
    cvips_image *image, int compression, void **bytes, size_t *count, cvips_messages *messages) {
  begin(messages);
  int status = vips_pngsave_buffer(
      image->image, bytes, count, "compression", compression, "filter", VIPS_FOREIGN_PNG_FILTER_UP,
      "strip", TRUE, NULL);
  return finish_status(status, messages);
}

int cvips_encode_webp(
    cvips_image *image, int quality, int lossless, int effort, void **bytes, size_t *count,
    cvips_messages *messages) {
  begin(messages);
  int status = vips_webpsave_buffer(
      image->image, bytes, count, "Q", quality, "lossless", (gboolean)lossless, "effort", effort,
      "strip", TRUE, NULL);
  return finish_status(status, messages);
}

void cvips_free(void *bytes) { g_free(bytes); }
