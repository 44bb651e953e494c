// What libvernier-torch.so offers: the functions that CTorch declares and forwards to it.
#include "../../CTorch/include/ctorch.h"
