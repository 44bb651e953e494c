#include "CRaw.h"

#include <libraw.h>
#include <stdlib.h>
#include <string.h>

struct craw_file {
  libraw_data_t *data;
  libraw_processed_image_t *image;
};

const char *craw_version(void) { return libraw_version(); }

static void explain(int status, char *failure, size_t capacity) {
  strncpy(failure, libraw_strerror(status), capacity - 1);
  failure[capacity - 1] = 0;
}

// LibRaw reports damage beside the status; the first report makes the file a failure. The place's type differs between
// LibRaw's versions, hence the cast below.
static void hear_damage(void *damaged, const char *file, const int place) {
  (void)file;
  (void)place;
  *(int *)damaged = 1;
}

craw_file *craw_open(const void *bytes, size_t count, char *failure, size_t capacity) {
  libraw_data_t *data = libraw_init(0);
  if (!data) {
    explain(LIBRAW_UNSUFFICIENT_MEMORY, failure, capacity);
    return NULL;
  }
  // LibRaw only reads the buffer.
  int status = libraw_open_buffer(data, (void *)bytes, count);
  if (status != LIBRAW_SUCCESS) {
    explain(status, failure, capacity);
    libraw_close(data);
    return NULL;
  }
  craw_file *file = calloc(1, sizeof *file);
  if (!file) {
    libraw_close(data);
    return NULL;
  }
  file->data = data;
  return file;
}

craw_facts craw_describe(craw_file *file) {
  libraw_data_t *data = file->data;
  craw_facts facts = {0};
  libraw_adjust_sizes_info_only(data);
  facts.width = data->sizes.iwidth;
  facts.height = data->sizes.iheight;
  strncpy(facts.make, data->idata.make, sizeof facts.make - 1);
  strncpy(facts.model, data->idata.model, sizeof facts.model - 1);
  strncpy(facts.lens, data->lens.Lens, sizeof facts.lens - 1);
  facts.iso = data->other.iso_speed;
  facts.shutter = data->other.shutter;
  facts.focal_35mm = data->lens.FocalLengthIn35mmFormat;
  facts.has_camera_white = data->color.cam_mul[0] > 0.00001f;
  return facts;
}

const uint16_t *craw_develop(
    craw_file *file, craw_settings settings, int *width, int *height, char *failure,
    size_t capacity) {
  libraw_data_t *data = file->data;
  int damaged = 0;
  libraw_set_dataerror_handler(data, (data_callback)hear_damage, &damaged);
  libraw_output_params_t *params = &data->params;
  params->half_size = settings.half_size;
  params->use_camera_wb = settings.camera_white;
  params->use_auto_wb = 0;
  params->user_qual = settings.demosaic;
  params->highlight = settings.highlight;
  params->no_auto_bright = !settings.brighten;
  params->adjust_maximum_thr = (float)settings.white_threshold;
  params->output_color = settings.color;
  params->output_bps = 16;
  params->gamm[0] = settings.gamma_power;
  params->gamm[1] = settings.gamma_slope;
  int status = libraw_unpack(data);
  if (status == LIBRAW_SUCCESS && damaged) status = LIBRAW_DATA_ERROR;
  if (status == LIBRAW_SUCCESS) status = libraw_dcraw_process(data);
  if (status == LIBRAW_SUCCESS) file->image = libraw_dcraw_make_mem_image(data, &status);
  if (file->image &&
      (file->image->type != LIBRAW_IMAGE_BITMAP || file->image->colors != 3 ||
       file->image->bits != 16))
    status = LIBRAW_NOT_IMPLEMENTED;
  if (status != LIBRAW_SUCCESS || !file->image) {
    explain(status, failure, capacity);
    return NULL;
  }
  *width = file->image->width;
  *height = file->image->height;
  return (const uint16_t *)(const void *)file->image->data;
}

void craw_close(craw_file *file) {
  if (!file) return;
  if (file->image) libraw_dcraw_clear_mem(file->image);
  libraw_close(file->data);
  free(file);
}
