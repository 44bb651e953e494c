// A guarded C surface over libvips: no variadic calls, no glib types, every failure is a status with text.
//
// Nothing here decides anything: limits, backgrounds, qualities and colour policy come from Swift.
#ifndef CVIPS_H
#define CVIPS_H

#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#pragma clang assume_nonnull begin
#endif

/// What went wrong in a call, and what the library only warned of; both are empty or end in a zero byte.
typedef struct {
  char failure[1024];
  char warnings[1024];
} cvips_messages;

/// The decoders that may be used; nothing else is ever asked to read a file.
typedef enum {
  CVIPS_JPEG = 0,
  CVIPS_PNG = 1,
  CVIPS_TIFF = 2,
  CVIPS_WEBP = 3,
  CVIPS_HEIF = 4,
  CVIPS_JP2K = 5
} cvips_loader;

/// How an image's bands are to be read.
typedef enum {
  CVIPS_GREY = 0,
  CVIPS_RGB = 1,
  CVIPS_CMYK = 2,
  CVIPS_OTHER = 3
} cvips_colour;

/// The facts of a header.
typedef struct {
  int64_t width;
  int64_t height;
  int bands;
  int colour_bands;
  int bits;
  int is_integer;
  int orientation;
  int pages;
  int has_profile;
  cvips_colour colour;
} cvips_header;

typedef struct cvips_image cvips_image;

/// Starts the library once: worker threads, no operation cache, untrusted loaders blocked, nothing printed.
/// Returns 0 on success.
int cvips_start(int threads, cvips_messages *messages);

/// Opens the image that an open file descriptor holds; only the header is read. `shrink` is 1, 2, 4 or 8 (JPEG, WebP).
/// `page` is the number of the image in a TIFF file. The descriptor stays the caller's. Every decoder warning makes
/// reading pixels fail.
cvips_image *_Nullable cvips_open_descriptor(
    int descriptor, cvips_loader loader, int shrink, int page, cvips_messages *messages);

/// Opens an image in memory, which must outlive the handle.
cvips_image *_Nullable cvips_open_memory(
    const void *bytes, size_t count, cvips_loader loader, int shrink, int page,
    cvips_messages *messages);

/// Wraps 8-bit interleaved rows of sRGB, with alpha where `bands` is 4; they must outlive the handle.
cvips_image *_Nullable cvips_wrap(
    const uint8_t *samples, int width, int height, int bands, cvips_messages *messages);

/// Frees a handle.
void cvips_close(cvips_image *_Nullable image);

/// The facts of the header.
cvips_header cvips_describe(const cvips_image *image);

/// Calls back for each EXIF text field, as `exif-ifd0-Make` and libexif's text.
void cvips_each_exif_field(
    const cvips_image *image, void (*visit)(const char *name, const char *text, void *context),
    void *context);

/// The embedded ICC profile, or null; it lives as long as the handle.
const uint8_t *_Nullable cvips_profile(const cvips_image *image, size_t *count);

/// Gives an image an ICC profile, which is copied.
void cvips_set_profile(cvips_image *image, const void *bytes, size_t count);

/// The EXIF block as it is stored, or null; it lives as long as the handle.
const uint8_t *_Nullable cvips_exif(const cvips_image *image, size_t *count);

/// A rectangle of the image.
cvips_image *_Nullable cvips_crop(
    cvips_image *image, int left, int top, int width, int height, cvips_messages *messages);

/// Bands `first ..< first + count`.
cvips_image *_Nullable cvips_bands(
    cvips_image *image, int first, int count, cvips_messages *messages);

/// Appends the bands of `right` to those of `left`.
cvips_image *_Nullable cvips_join(
    cvips_image *left, cvips_image *right, cvips_messages *messages);

/// Brings integer samples of `bits` bits to 8 bits, rounding to nearest.
cvips_image *_Nullable cvips_to_8_bits(cvips_image *image, int bits, cvips_messages *messages);

/// Turns every sample into its complement.
cvips_image *_Nullable cvips_invert(cvips_image *image, cvips_messages *messages);

/// Converts to 8-bit sRGB through the embedded profile, relative colorimetric.
cvips_image *_Nullable cvips_profile_to_srgb(cvips_image *image, cvips_messages *messages);

/// Converts 8-bit CMYK samples without a profile to RGB: each color is paper less its ink, times paper less black.
cvips_image *_Nullable cvips_ink_to_rgb(cvips_image *image, cvips_messages *messages);

/// Blends the last band, an 8-bit alpha, over one grey level.
cvips_image *_Nullable cvips_flatten(
    cvips_image *image, double background, cvips_messages *messages);

/// Copies rows `top ..< top + rows` of an image of so many bands of 8 or 16 bits; ask for them from top to bottom.
/// Returns 0 on success.
int cvips_read_rows(
    cvips_image *image, int top, int rows, int bands, int bits, void *samples,
    cvips_messages *messages);

/// Encodes as JPEG; `full_chroma` keeps 4:4:4. Returns 0 on success; free the bytes with `cvips_free`.
int cvips_encode_jpeg(
    cvips_image *image, int quality, int full_chroma, void *_Nullable *_Nonnull bytes,
    size_t *count, cvips_messages *messages);

/// Encodes as PNG at zlib level `compression`. Returns 0 on success; free the bytes with `cvips_free`.
int cvips_encode_png(
    cvips_image *image, int compression, void *_Nullable *_Nonnull bytes, size_t *count,
    cvips_messages *messages);

/// Encodes as WebP, lossless or at a quality. Returns 0 on success; free the bytes with `cvips_free`.
int cvips_encode_webp(
    cvips_image *image, int quality, int lossless, int effort, void *_Nullable *_Nonnull bytes,
    size_t *count, cvips_messages *messages);

/// One line of text as an 8-bit one-band mask of its ink; `markup` is Pango's, so its `<` and `&` are escaped.
cvips_image *_Nullable cvips_text(
    const char *markup, const char *font, cvips_messages *messages);

/// Frees encoded bytes.
void cvips_free(void *_Nullable bytes);

#if __has_feature(nullability)
#pragma clang assume_nonnull end
#endif

#endif
