#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <unordered_map>

#include "guard.h"

using ctorch::guarded;

// Large tensors lie in pages of 2 MB, and freed ones wait for the next tensor of their size.
//
// A network over a large image asks for gigabytes in all; with fresh pages of 4 kB a fifth of its
// time goes into page faults (measured: HyperIQA over 1344² pixels).
namespace {

constexpr size_t page = 2 << 20;
// Below this, malloc mostly gives memory that it holds already.
constexpr size_t smallest = 4 << 20;
// How much freed memory waits at most; the oldest goes first.
constexpr size_t usualReserve = 128 << 20;

struct Block {
  void *data;
  size_t size;
};

class LargePages final : public c10::Allocator {
 public:
  // Never destroyed: tensors may outlive every other global.
  static LargePages &shared() {
    static auto *value = new LargePages;
    return *value;
  }

  void keep(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex);
    largestReserve = bytes;
  }

  c10::DataPtr allocate(size_t count) override {
    void *data = count < smallest ? c10::alloc_cpu(count) : take(count);
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void *to, const void *from, size_t count) const override {
    default_copy_data(to, from, count);
  }

 private:
  std::mutex mutex;
  std::unordered_map<void *, size_t> used;
  std::list<Block> reserve;
  size_t usedBytes = 0;
  size_t mostUsed = 0;
  size_t reserved = 0;
  size_t largestReserve = usualReserve;

  void *take(size_t count) {
    TORCH_CHECK(count < SIZE_MAX / 2, "not enough memory: ", count, " bytes were asked for");
    const size_t size = (count + page - 1) / page * page;
    const std::lock_guard<std::mutex> lock(mutex);
    auto best = reserve.end();
    for (auto block = reserve.begin(); block != reserve.end(); ++block) {
      const bool fits = block->size >= size && block->size - size <= size / 8;
      if (fits && (best == reserve.end() || block->size < best->size)) best = block;
    }
    Block block;
    if (best != reserve.end()) {
      block = *best;
      reserve.erase(best);
      reserved -= block.size;
    } else {
      // What waits gives way to what is needed: never more in all than once was in use.
      mostUsed = std::max(mostUsed, usedBytes + size);
      while (!reserve.empty() && usedBytes + reserved + size > mostUsed) drop();
      block = map(size);
    }
    used[block.data] = block.size;
    usedBytes += block.size;
    mostUsed = std::max(mostUsed, usedBytes);
    return block.data;
  }

  // Gives the oldest block that waits back to the kernel.
  void drop() {
    munmap(reserve.front().data, reserve.front().size);
    reserved -= reserve.front().size;
    reserve.pop_front();
  }

  static Block map(size_t size) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    void *raw = mmap(nullptr, size + page, PROT_READ | PROT_WRITE, flags, -1, 0);
    TORCH_CHECK(raw != MAP_FAILED, "not enough memory: ", size, " bytes were asked for");
    auto *start = static_cast<char *>(raw);
    auto *data = start + (page - reinterpret_cast<uintptr_t>(raw) % page) % page;
    if (data > start) munmap(start, data - start);
    munmap(data + size, start + page - data);
    madvise(data, size, MADV_HUGEPAGE);
    return {data, size};
  }

  // Whether the memory was ours.
  bool put(void *data) {
    const std::lock_guard<std::mutex> lock(mutex);
    auto found = used.find(data);
    if (found == used.end()) return false;
    reserve.push_back({data, found->second});
    reserved += found->second;
    usedBytes -= found->second;
    used.erase(found);
    while (reserved > largestReserve) drop();
    return true;
  }

  static void release(void *data) {
    if (data != nullptr && !shared().put(data)) c10::free_cpu(data);
  }
};

}  // namespace

char *ctorch_keep_memory(size_t bytes) {
  return guarded([&] {
    LargePages::shared().keep(bytes);
    // The same for smaller tensors: malloc grows in large steps and gives nothing back.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(std::min<size_t>(bytes, 1 << 30)));
    mallopt(M_TOP_PAD, 32 << 20);
  });
}

char *ctorch_use_large_pages(void) {
  return guarded([] { c10::SetCPUAllocator(&LargePages::shared(), 1); });
}
