// A C surface over LibRaw: camera raw files to RGB. Every failure is a status with text.
//
// Nothing here decides anything: limits and settings come from Swift.
#ifndef CRAW_H
#define CRAW_H

#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#pragma clang assume_nonnull begin
#endif

/// What is known of a file before it is developed; texts are empty where the file says nothing.
typedef struct {
  /// The size of the upright image in pixels.
  int width;
  int height;
  char make[64];
  char model[64];
  char lens[128];
  /// The sensitivity, the exposure time in seconds and the focal length in 35 mm film; 0 if unknown.
  double iso;
  double shutter;
  int focal_35mm;
  /// Whether the camera's white balance is stored.
  int has_camera_white;
} craw_facts;

/// How a file is developed.
typedef struct {
  /// Half the width and height, without interpolation.
  int half_size;
  /// The camera's white balance where it is stored, else the one for daylight.
  int camera_white;
  /// LibRaw's number of an interpolation, such as 3 for AHD.
  int demosaic;
  /// LibRaw's number of a treatment of highlights, such as 0 for clipping.
  int highlight;
  /// Whether the brightness is raised until a part of the pixels is white.
  int brighten;
  /// The part of the stored white level that the brightest pixel must reach to replace it; 0 for never.
  double white_threshold;
  /// LibRaw's number of an output color space, such as 1 for sRGB.
  int color;
  /// The exponent and the slope of the tone curve.
  double gamma_power;
  double gamma_slope;
} craw_settings;

typedef struct craw_file craw_file;

/// LibRaw's version.
const char *craw_version(void);

/// Opens a file in memory, which must outlive the handle. Returns null with a text in `failure`.
craw_file *_Nullable craw_open(
    const void *bytes, size_t count, char *failure, size_t capacity);

/// The facts; the handle can't be developed afterwards.
craw_facts craw_describe(craw_file *file);

/// Develops to 16-bit RGB, upright. The samples belong to the handle. Returns null with a text in `failure`.
const uint16_t *_Nullable craw_develop(
    craw_file *file, craw_settings settings, int *width, int *height, char *failure,
    size_t capacity);

/// Frees a handle.
void craw_close(craw_file *_Nullable file);

#if __has_feature(nullability)
#pragma clang assume_nonnull end
#endif

#endif
