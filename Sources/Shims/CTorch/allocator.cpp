#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <sys/mman.h>

#include <list>
#include <mutex>
#include <unordered_map>

#include "guard.h"

using ctorch::guarded;

// Memory of large tensors comes from the kernel in pages of 2 MB and is kept for a while.
//
// With pages of 4 kB a fifth of the time of a network over a large image goes into page faults.
namespace {

constexpr size_t page = 2 << 20;
// Below this, malloc serves from memory that it holds already.
constexpr size_t smallest = 4 << 20;

struct LargePages final : c10::Allocator {
  c10::DataPtr allocate(size_t count) override {
    void *data = count < smallest ? c10::alloc_cpu(count) : map(count);
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void *to, const void *from, size_t count) const override {
    default_copy_data(to, from, count);
  }

 private:
  static size_t limit() {
    static size_t value = getenv("VCACHE") ? atol(getenv("VCACHE")) << 20 : 128 << 20;
    return value;
  }

  static void *map(size_t count) {
    const size_t size = (count + page - 1) / page * page;
    const std::lock_guard<std::mutex> lock(mutex());
    auto best = kept().end();
    for (auto it = kept().begin(); it != kept().end(); ++it) {
      if (it->size >= size && it->size - size <= size / 8 &&
          (best == kept().end() || it->size < best->size)) {
        best = it;
      }
    }
    if (best != kept().end()) {
      void *data = best->data;
      used()[data] = best->size;
      keptBytes() -= best->size;
      kept().erase(best);
      return data;
    }
    void *raw = mmap(
        nullptr, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(raw != MAP_FAILED, "not enough memory: ", count, " bytes were asked for");
    const size_t start = reinterpret_cast<size_t>(raw);
    const size_t aligned = (start + page - 1) / page * page;
    if (aligned > start) munmap(raw, aligned - start);
    if (start + page > aligned) munmap(reinterpret_cast<void *>(aligned + size), start + page - aligned);
    void *data = reinterpret_cast<void *>(aligned);
    madvise(data, size, MADV_HUGEPAGE);
    used()[data] = size;
    return data;
  }

  static void release(void *data) {
    if (data == nullptr) return;
    {
      const std::lock_guard<std::mutex> lock(mutex());
      auto found = used().find(data);
      if (found != used().end()) {
        kept().push_back({data, found->second});
        keptBytes() += found->second;
        used().erase(found);
        while (keptBytes() > limit()) {
          munmap(kept().front().data, kept().front().size);
          keptBytes() -= kept().front().size;
          kept().pop_front();
        }
        return;
      }
    }
    c10::free_cpu(data);
  }

  struct Block {
    void *data;
    size_t size;
  };

  static std::mutex &mutex() {
    static auto *value = new std::mutex;
    return *value;
  }
  static std::unordered_map<void *, size_t> &used() {
    static auto *value = new std::unordered_map<void *, size_t>;
    return *value;
  }
  static std::list<Block> &kept() {
    static auto *value = new std::list<Block>;
    return *value;
  }
  static size_t &keptBytes() {
    static size_t value = 0;
    return value;
  }
};

}  // namespace

char *ctorch_use_large_pages(void) {
  return guarded([] {
    static LargePages allocator;
    if (!getenv("VNOLP")) c10::SetCPUAllocator(&allocator, 1);
  });
}
